package io.egressgateway.load.bench.cluster;

import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.load.bench.api.Clients;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.kube.PodPlacement;
import io.egressgateway.load.lab.process.LabProcess;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** A lab whose API has many nodes and pods more, and a gateway for many policies. */
final class ScaleScene implements AutoCloseable {
  private static final String SCALE = "scale";
  private static final String BURST = "burst";
  private static final String HERD = "herd";
  private static final int SETTLED_SECONDS = 5;

  private final LabStage stage;
  private final ScalePlan plan;
  private final KubernetesClient client;
  private final PolicyHerd herd;

  private ScaleScene(LabStage stage, ScalePlan plan) {
    this.stage = stage;
    this.plan = plan;
    this.client = stage.lab().client();
    this.herd = PolicyHerd.watch(client);
  }

  /** Fills the API. Nodes and pods of its own are never run, so the lab's kubelet is sent away. */
  static ScaleScene set(LabStage stage, ScalePlan plan) throws Exception {
    stage.lab().kubelet().close();
    ScaleScene scene = new ScaleScene(stage, plan);
    int nodes = Math.ceilDiv(plan.pods() + plan.burst(), ScaleObjects.PODS_PER_NODE);
    stage.progress().accept("registering %d nodes and %d pods".formatted(nodes, plan.pods()));
    Clients.each(nodes, scene::register);
    Clients.each(plan.pods(), i -> scene.run(i, SCALE + "-" + i % plan.policies()));
    scene.client.resource(ScaleObjects.gateway(plan.policies() + plan.eips() + 1)).create();
    stage.cluster().awaitLeases(ScaleObjects.GATEWAY);
    return scene;
  }

  private void register(int number) {
    Node node = ScaleObjects.node(number);
    client.resource(node).create();
    client.resource(node).patchStatus();
  }

  private void run(int number, String app) {
    Pod pod = ScaleObjects.crowdPod("crowd-" + number, app, number);
    client.resource(pod).create();
    client.resource(pod).patchStatus();
  }

  /** The policies of the plan, at once, each with an egress IP of its own. */
  PolicyHerd.Took policies() throws Exception {
    return create(plan.policies(), ScaleScene::policy);
  }

  /** The same once more, after they were deleted. */
  PolicyHerd.Took policiesAgain() throws Exception {
    stage.progress().accept("deleting %d policies".formatted(plan.policies()));
    herd.delete(plan.policies(), ScaleScene::policy);
    return policies();
  }

  private static EgressPolicy policy(int number) {
    return ScaleObjects.policy(SCALE + "-" + number, SCALE + "-" + number);
  }

  /** The herd of the plan, at once. Its egress IPs are those that nobody else takes. */
  PolicyHerd.Took herd() throws Exception {
    int first = plan.policies() + 1;
    return create(
        plan.herd(),
        i -> ScaleObjects.policy(HERD + "-" + i, HERD + "-" + i, first + i % plan.eips()));
  }

  private PolicyHerd.Took create(int number, IntFunction<EgressPolicy> policy) throws Exception {
    stage.progress().accept("creating %d policies at once".formatted(number));
    return herd.create(number, policy, stage.progress());
  }

  /** How long the API needs for two writes of each of so many objects that nobody watches. */
  Duration plainWrites(int number) throws Exception {
    stage.progress().accept("writing %d ConfigMaps twice, for comparison".formatted(number));
    long began = System.nanoTime();
    Clients.each(
        number,
        i -> {
          ConfigMap made = client.resource(configMap("plain-" + i)).create();
          made.setData(Map.of("state", "assigned"));
          client.resource(made).update();
        });
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    Clients.each(number, i -> client.resource(configMap("plain-" + i)).delete());
    return took;
  }

  private static ConfigMap configMap(String name) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(ScaleObjects.NAMESPACE)
        .endMetadata()
        .addToData("state", "created")
        .build();
  }

  /** From a pod's running to its element in the kernel of its node. */
  List<Duration> podsToRules() throws Exception {
    stage.progress().accept("starting a pod %d times".formatted(plan.times()));
    LabNode worker = stage.lab().settings().topology().nodes(LabNode.Role.WORKER).getLast();
    List<Duration> times = new ArrayList<>();
    try (PodRules rules = new PodRules(client, worker)) {
      for (int i = 0; i < plan.times(); i++) {
        times.add(rules.measure("pod-" + i, SCALE + "-" + i % plan.policies(), i));
      }
    }
    return times;
  }

  /** From a policy to the first connection with its egress IP. */
  List<Duration> policiesToPackets() throws Exception {
    stage.progress().accept("creating and deleting a policy %d times".formatted(plan.times()));
    PodPlacement pod = stage.cluster().matchedPod();
    List<Duration> times = new ArrayList<>();
    try (SourceProbe probe = new SourceProbe(stage.lab(), pod)) {
      for (int i = 0; i < plan.times(); i++) {
        times.add(PolicyTurn.take(client, probe, pod.node().underlay()).applied().took());
      }
    }
    return times;
  }

  /** How often the policy of a burst of pods, and its endpoint slices, are written. */
  int statusWrites() throws Exception {
    stage.progress().accept("starting %d pods of one policy".formatted(plan.burst()));
    client.resource(ScaleObjects.policy(BURST, BURST)).create();
    try (StatusWrites writes = StatusWrites.of(client, BURST)) {
      Thread.sleep(Duration.ofSeconds(SETTLED_SECONDS));
      int before = writes.soFar();
      Clients.each(plan.burst(), i -> run(plan.pods() + i, BURST));
      return writes.untilListed(plan.burst()) - before;
    }
  }

  /** The controller is killed. */
  ControllerRestart.Seen restart() throws Exception {
    stage.progress().accept("killing the controller");
    return new ControllerRestart(stage.lab(), stage.progress()).measure();
  }

  LabProcess controller() {
    return stage.lab().controllers().getFirst();
  }

  /** Of the process that runs now. */
  ProcessMemory memory() throws IOException {
    return ProcessMemory.of(controller().pid());
  }

  @Override
  public void close() {
    herd.close();
  }
}
