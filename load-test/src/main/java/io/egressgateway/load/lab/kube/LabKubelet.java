package io.egressgateway.load.lab.kube;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.kube.NodeObjects.Readiness;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Registers the lab's nodes and turns Deployments and Pods into running pods. Every event only asks
 * for one look at everything, so that none can be missed; all work is on one thread. Its public
 * methods may be called from any thread.
 */
public final class LabKubelet implements AutoCloseable {
  private final KubernetesClient client;
  private final Topology topology;
  private final PodNetwork network;
  private final Clock clock;
  private final Consumer<String> events;
  private final Workloads workloads;
  private final PodScheduler scheduler;
  private final SortedMap<PodPlacement.PodKey, PodPlacement> running =
      new ConcurrentSkipListMap<>();
  private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
  private final AtomicBoolean lookAsked = new AtomicBoolean();
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          task -> Thread.ofPlatform().name("lab-kubelet").daemon().unstarted(task));

  /**
   * @param client with every right; stays the caller's
   * @param network gives pods their namespaces
   * @param workloads who makes pods, and who runs those that have something to run
   * @param events receives what goes wrong, for people
   */
  public LabKubelet(
      KubernetesClient client,
      Topology topology,
      PodNetwork network,
      Workloads workloads,
      Clock clock,
      Consumer<String> events) {
    this.client = client;
    this.topology = topology;
    this.network = network;
    this.clock = clock;
    this.events = events;
    this.workloads = workloads;
    this.scheduler = new PodScheduler(topology);
  }

  /** Registers all nodes as ready and starts watching. */
  public void start() {
    topology.nodes().forEach(this::register);
    informers.add(client.pods().inAnyNamespace().inform(asking()));
    informers.add(client.apps().deployments().inAnyNamespace().inform(asking()));
  }

  private void register(LabNode node) {
    Node wanted = NodeObjects.node(node, Readiness.READY, clock.instant());
    client.resource(wanted).create();
    client.resource(wanted).patchStatus();
    // Admission taints every new node as not ready; a node life cycle controller would undo it.
    client
        .nodes()
        .withName(node.name().value())
        .edit(
            found -> {
              found.getSpec().setTaints(null);
              return found;
            });
  }

  /** Registers a node again whose object was deleted. */
  public void register(NodeName node) {
    register(topology.node(node));
  }

  /** Deletes the node's object; the node itself goes on. */
  public void unregister(NodeName node) {
    client.nodes().withName(node.value()).delete();
  }

  /** Has the node's object say that it is not ready, as after a lost kubelet. */
  public void markNotReady(NodeName node) {
    patchReadiness(node, Readiness.NOT_READY);
  }

  /** Has the node's object say that it is ready. */
  public void markReady(NodeName node) {
    patchReadiness(node, Readiness.READY);
  }

  private void patchReadiness(NodeName node, Readiness readiness) {
    client
        .resource(NodeObjects.node(topology.node(node), readiness, clock.instant()))
        .patchStatus();
  }

  /** The pods that run now. */
  public SortedMap<PodPlacement.PodKey, PodPlacement> pods() {
    return new TreeMap<>(running);
  }

  /** Whether the API shows that the pod runs. */
  public boolean isTold(PodPlacement.PodKey pod) {
    Pod found = client.pods().inNamespace(pod.namespace()).withName(pod.name()).get();
    return found != null && PodObjects.isRunning(found);
  }

  private <T> ResourceEventHandler<T> asking() {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(T object) {
        askForLook();
      }

      @Override
      public void onUpdate(T before, T after) {
        askForLook();
      }

      @Override
      public void onDelete(T object, boolean finalStateUnknown) {
        askForLook();
      }
    };
  }

  private void askForLook() {
    if (lookAsked.compareAndSet(false, true)) {
      try {
        worker.execute(this::look);
      } catch (RejectedExecutionException e) {
        // closing: nothing is looked at any more
        lookAsked.set(false);
      }
    }
  }

  private void look() {
    lookAsked.set(false);
    try {
      List<Pod> pods = client.pods().inAnyNamespace().list().getItems();
      workloads.makePods(client, pods);
      stopGone(pods);
      List<Pod> present = client.pods().inAnyNamespace().list().getItems();
      for (Pod pod : present) {
        PodPlacement placement = running.get(key(pod));
        if (pod.getMetadata().getDeletionTimestamp() != null) {
          stop(pod);
        } else if (placement == null) {
          start(pod, present);
        } else if (!PodObjects.isRunning(pod)) {
          // A write of the status can be lost, and a pod without an address is nobody's.
          workloads.tellAgain(client, pod, placement, clock.instant());
        }
      }
    } catch (IOException | RuntimeException e) {
      // The next event, or the API's own repetition, has it looked at again.
      if (!worker.isShutdown()) {
        events.accept("lab kubelet: " + e);
      }
    }
  }

  private void start(Pod pod, List<Pod> others) throws IOException {
    var placed = scheduler.place(pod, running.values(), others);
    if (placed.isEmpty()) {
      return;
    }
    PodPlacement placement = placed.get();
    if (pod.getSpec().getNodeName() == null) {
      scheduler.bind(client, pod, placement.node().name());
    }
    if (!placement.onHostNetwork()) {
      network.add(placement);
    }
    running.put(placement.key(), placement);
    workloads.run(client, pod, placement, clock.instant());
  }

  private void stop(Pod pod) throws IOException {
    PodPlacement placement = running.remove(key(pod));
    if (placement != null) {
      end(placement);
    }
    client.resource(pod).withGracePeriod(0).delete();
  }

  private void stopGone(List<Pod> pods) throws IOException {
    for (PodPlacement placement : List.copyOf(running.values())) {
      boolean stillThere =
          pods.stream().anyMatch(pod -> pod.getMetadata().getUid().equals(placement.uid()));
      if (!stillThere) {
        running.remove(placement.key());
        end(placement);
      }
    }
  }

  private void end(PodPlacement placement) throws IOException {
    workloads.end(placement);
    if (!placement.onHostNetwork()) {
      network.remove(placement);
    }
  }

  private static PodPlacement.PodKey key(Pod pod) {
    return new PodPlacement.PodKey(pod.getMetadata().getNamespace(), pod.getMetadata().getName());
  }

  /** Stops watching; the pods' namespaces stay, the lab removes them with everything else. */
  @Override
  public void close() {
    worker.shutdownNow();
    workloads.close();
    informers.forEach(SharedIndexInformer::close);
  }
}
