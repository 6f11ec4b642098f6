package io.egressgateway.load.lab.container;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.load.lab.container.ContainerSpec.Access;
import io.egressgateway.load.lab.container.ContainerSpec.Mount;
import io.egressgateway.load.lab.kube.PodPlacement;
import io.egressgateway.load.lab.net.NamespaceExecutor;
import io.egressgateway.load.lab.process.RunState;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs the pods whose images the lab has. Pods of other images are not its business. Thread-safe.
 */
public final class PodRuntime implements AutoCloseable {
  private static final Duration REFRESH_EVERY = Duration.ofSeconds(2);
  private static final String PRODUCT = "egressgateway";
  private static final String SERVICE_ACCOUNT = ".serviceaccount";

  private final KubernetesClient client;
  private final ContainerImage product;
  private final RunState state;
  private final Clock clock;
  private final Consumer<String> events;
  private final ApiAccess api;
  private final ServiceAccountFiles accounts;
  private final Map<String, Hosted> pods = new ConcurrentHashMap<>();
  private final AtomicLong launches = new AtomicLong();
  private final ScheduledFuture<?> refreshes;
  private final ScheduledExecutorService refreshing =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().name("lab-volumes").daemon().unstarted(task));

  /** A pod and what it has on this machine. */
  private record Hosted(
      PodFacts facts, RunningPod running, PodVolumes volumes, Path hosts, PodPlacement placement) {}

  /**
   * What the runtime is given.
   *
   * @param home of the distribution
   * @param image the files of the product's image, which lie over this machine's; without them its
   *     containers have the machine's files and the distribution
   * @param apiPort of the Kubernetes API on this process's loopback
   * @param authority the certificate of the API's authority, PEM
   */
  public record Surroundings(
      Path home, Optional<Path> image, int apiPort, String authority, Clock clock) {}

  /**
   * Starts nothing yet.
   *
   * @param client with every right; stays the caller's
   * @param events receives what goes wrong, for people
   */
  public PodRuntime(
      KubernetesClient client, Surroundings surroundings, RunState state, Consumer<String> events) {
    this.client = client;
    this.state = state;
    this.clock = surroundings.clock();
    this.events = events;
    this.api = new ApiAccess(surroundings.apiPort());
    this.accounts = new ServiceAccountFiles(client, surroundings.authority());
    this.product = image(surroundings);
    refreshes =
        refreshing.scheduleWithFixedDelay(
            this::refresh,
            REFRESH_EVERY.toMillis(),
            REFRESH_EVERY.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private static ContainerImage image(Surroundings surroundings) {
    Path launcher = surroundings.home().toAbsolutePath().resolve("bin").resolve(PRODUCT);
    return new ContainerImage(
        Stream.concat(surroundings.image().stream(), Stream.of(Path.of("/"))).toList(),
        List.of(launcher.toString()),
        List.of(new ContainerImage.Link(Path.of("/usr/bin", PRODUCT), launcher)));
  }

  /** Whether every image of the pod is the product's. */
  public boolean runs(Pod pod) {
    return Stream.concat(
            Optional.ofNullable(pod.getSpec().getInitContainers()).orElse(List.of()).stream(),
            pod.getSpec().getContainers().stream())
        .allMatch(container -> String.valueOf(container.getImage()).contains(PRODUCT));
  }

  /**
   * Starts its containers; their statuses are written from now on.
   *
   * @throws IOException if the machine does not let it
   */
  public void start(Pod pod, PodPlacement placement) throws IOException {
    api.open(placement.netNamespace());
    PodFacts facts =
        new PodFacts(
            pod,
            placement.node().name().value(),
            placement.address().toString(),
            placement.node().underlay().toString());
    Path folder = state.directory().resolve("pods").resolve(placement.uid());
    Path node = state.directory().resolve("nodes").resolve(facts.node());
    ConfigSource configs = new ConfigSource(client, facts.namespace());
    PodVolumes volumes =
        new PodVolumes(
            new PodVolumes.Places(
                folder.resolve("volumes"),
                node,
                state.directory().resolve("claims").resolve(facts.namespace())),
            new VolumeFiles(facts, configs, () -> accounts.token(pod)));
    Path hosts = folder.resolve("hosts");
    Files.createDirectories(folder);
    Files.writeString(hosts, "", UTF_8);
    Prober prober = new Prober(new NamespaceExecutor(placement.netNamespace()), facts.address());
    RunningPod running =
        new RunningPod(
            facts,
            clock.instant().toString(),
            (container, changed) ->
                new ContainerLoop(
                    container,
                    () -> launch(container, facts, volumes, hosts, placement, folder),
                    prober,
                    clock,
                    changed),
            prober,
            status -> write(pod, status));
    pods.put(placement.uid(), new Hosted(facts, running, volumes, hosts, placement));
    refreshHosts();
    running.start();
  }

  private ContainerProcess launch(
      Container container,
      PodFacts facts,
      PodVolumes volumes,
      Path hosts,
      PodPlacement placement,
      Path folder)
      throws IOException {
    synchronized (volumes) {
      volumes.make(volumes(facts.pod()));
    }
    ContainerSpec spec =
        new ContainerSpecs(
                facts,
                new ConfigSource(client, facts.namespace()),
                volumes.paths(),
                api.variables())
            .resolve(container, product);
    List<Mount> mounts = new ArrayList<>(spec.mounts());
    mounts.add(new Mount(hosts, Path.of("/etc/hosts"), Access.READ_ONLY));
    if (accounts.wanted(facts.pod())
        && mounts.stream().noneMatch(m -> m.target().equals(ServiceAccountFiles.MOUNT_PATH))) {
      Path account = folder.resolve(SERVICE_ACCOUNT);
      accounts.write(facts.pod(), account);
      mounts.add(new Mount(account, ServiceAccountFiles.MOUNT_PATH, Access.READ_ONLY));
    }
    ContainerSpec whole =
        new ContainerSpec(spec.name(), spec.command(), spec.environment(), mounts, spec.rights());
    Path work =
        folder
            .resolve("containers")
            .resolve(container.getName() + "-" + launches.incrementAndGet());
    Path logs = state.directory().resolve("logs");
    Files.createDirectories(logs);
    return ContainerProcess.start(
        new ContainerScript(whole, product, work),
        placement.netNamespace().path(),
        logs.resolve(facts.name() + "." + container.getName() + ".log"),
        state);
  }

  private static List<Volume> volumes(Pod pod) {
    return Optional.ofNullable(pod.getSpec().getVolumes()).orElse(List.of());
  }

  private void write(Pod pod, PodStatus status) {
    try {
      Pod current =
          client
              .pods()
              .inNamespace(pod.getMetadata().getNamespace())
              .withName(pod.getMetadata().getName())
              .get();
      if (current != null && current.getMetadata().getUid().equals(pod.getMetadata().getUid())) {
        current.setStatus(status);
        client.resource(current).patchStatus();
      }
    } catch (RuntimeException e) {
      events.accept("status of pod %s: %s".formatted(pod.getMetadata().getName(), e));
    }
  }

  private void refresh() {
    try {
      refreshHosts();
      for (Hosted hosted : pods.values()) {
        synchronized (hosted.volumes()) {
          if (!hosted.volumes().paths().isEmpty()) {
            hosted.volumes().refresh(volumes(hosted.facts().pod()));
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      if (!refreshing.isShutdown()) {
        events.accept("volumes: " + e);
      }
    }
  }

  /** In place, since containers have the very file mounted. */
  private void refreshHosts() throws IOException {
    List<Service> services = client.services().inAnyNamespace().list().getItems();
    List<Endpoints> endpoints = client.endpoints().inAnyNamespace().list().getItems();
    for (Hosted hosted : pods.values()) {
      String text = ServiceNames.hosts(hosted.facts(), services, endpoints);
      if (!Files.readString(hosted.hosts(), UTF_8).equals(text)) {
        Files.writeString(hosted.hosts(), text, UTF_8);
      }
    }
  }

  /** Ends the pod's containers; nothing happens if it has none here. */
  public void stop(PodPlacement placement) throws IOException {
    Hosted hosted = pods.remove(placement.uid());
    if (hosted != null) {
      hosted.running().stop();
      if (!placement.onHostNetwork()) {
        api.close(placement.netNamespace());
      }
    }
  }

  /** Ends all of them. */
  @Override
  public void close() {
    refreshes.cancel(false);
    refreshing.shutdownNow();
    for (Hosted hosted : List.copyOf(pods.values())) {
      try {
        stop(hosted.placement());
      } catch (IOException e) {
        events.accept("end of pod %s: %s".formatted(hosted.facts().name(), e));
      }
    }
    api.close();
  }
}
