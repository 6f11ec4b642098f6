package io.egressgateway.load.demo;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.load.demo.GuideObjects.PolicyStatus;
import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.PodExec;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.kube.PodPlacement;
import io.egressgateway.load.lab.process.LabProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The guide, step by step, in a lab whose network stands. Used by one thread. */
final class Story {
  private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(1);
  private static final String CURL = "curl " + Topology.SERVER + ":" + Lab.SERVER_PORT;
  private static final String NAMESPACE = "default";
  private static final String POLICY = "test";
  private static final List<String> GATEWAY_NODES = List.of("worker-node-1", "worker-node-2");

  private final Lab lab;
  private final Narrator narrator;
  private final Kubectl kubectl;
  private final GuideObjects objects;
  private final long startedNanos;

  Story(Lab lab, Narrator narrator, long startedNanos) {
    this.lab = lab;
    this.narrator = narrator;
    this.startedNanos = startedNanos;
    this.kubectl =
        ForkedKubectl.onPath(lab.api().kubeconfig())
            .orElseGet(() -> new BuiltInKubectl(lab.client()));
    this.objects = new GuideObjects(lab.client());
  }

  DemoResult.Proved tell(DemoOptions.End end) throws Exception {
    gateway();
    PodPlacement matched = step("pods", "two pods run", this::pods);
    PodPlacement unmatched = pod("other-app");
    try (PodExec inMatched = lab.exec(matched);
        PodExec inUnmatched = lab.exec(unmatched)) {
      step(
          "before",
          "no policy: the pod leaves with its node's address",
          () -> {
            expectSource(inMatched, matched, matched.node().underlay());
            return matched;
          });
      double millis = applyPolicy(inMatched);
      long toPacketMillis = (System.nanoTime() - startedNanos) / 1_000_000;
      PolicyStatus status = showPolicy();
      Ipv4Address seen =
          step("curl", "the server sees the egress IP", () -> curl(inMatched, matched));
      Ipv4Address other =
          step(
              "unmatched",
              "another pod keeps its node's address",
              () -> curl(inUnmatched, unmatched));
      DemoResult.Proved proved =
          new DemoResult.Proved(
              status.eip(), seen, other, status.holder(), figures(millis, toPacketMillis));
      step("proof", "the server's own log says the same", () -> prove(proved, unmatched));
      deletePolicy(inMatched, matched);
      if (end == DemoOptions.End.KEEP) {
        applyPolicy(inMatched);
      }
      return proved;
    }
  }

  private <T> T step(String name, String title, java.util.concurrent.Callable<T> work)
      throws Exception {
    return narrator.step(name, title, work);
  }

  private void gateway() throws Exception {
    step(
        "gateway",
        "the gateway has its pool and two ready nodes",
        () -> {
          shell("cat gateway.yaml | kubectl apply -f -", kubectl.apply(GuideFiles.GATEWAY.text()));
          shell("kubectl get node", kubectl.get(List.of("node")));
          for (String node : GATEWAY_NODES) {
            shell(
                "kubectl label node %s egressgateway=\"true\"".formatted(node),
                kubectl.labelNode(node, "egressgateway", "true"));
          }
          return Patience.USUAL.await(
              "status.nodeList of EgressGateway default to show two Ready nodes",
              () ->
                  Optional.of(objects.readyNodes("default"))
                      .filter(ready -> ready == GATEWAY_NODES.size()));
        });
    shell(
        "kubectl get EgressGateway default -o yaml",
        kubectl.get(List.of("EgressGateway", "default", "-o", "yaml")));
  }

  private PodPlacement pods() throws Exception {
    shell("cat deployment.yaml | kubectl create -f -", kubectl.apply(GuideFiles.DEPLOYMENT.text()));
    shell("cat other-pod.yaml | kubectl create -f -", kubectl.apply(GuideFiles.OTHER_POD.text()));
    Patience.USUAL.await("pod other-app to run", () -> findPod("other-app"));
    return Patience.USUAL.await("a pod of Deployment test-app to run", () -> findPod("test-app-"));
  }

  private Optional<PodPlacement> findPod(String prefix) {
    return lab.kubelet().pods().values().stream()
        .filter(pod -> pod.key().name().startsWith(prefix))
        .findFirst();
  }

  private PodPlacement pod(String name) {
    return findPod(name).orElseThrow();
  }

  /** Milliseconds from sending the policy to the first answer that shows another source. */
  private double applyPolicy(PodExec pod) throws Exception {
    return step(
        "policy",
        "policy applied, first connection with the egress IP",
        () -> {
          long sent = System.nanoTime();
          lab.client().load(stream(GuideFiles.POLICY.text())).create();
          Ipv4Address seen =
              Patience.IMPATIENT.await(
                  "a connection with an address of the pool",
                  () -> pod.sourceAddress(ANSWER_PATIENCE).filter(Story::isOfPool));
          double millis = (System.nanoTime() - sent) / 1e6;
          shell(
              "cat policy.yaml | kubectl apply -f -",
              "egresspolicy.egressgateway.spidernet.io/test created\n(%.0f ms later the server saw %s)"
                  .formatted(millis, seen));
          return millis;
        });
  }

  private static java.io.InputStream stream(String text) {
    return new java.io.ByteArrayInputStream(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static boolean isOfPool(Ipv4Address address) {
    return address.compareTo(Ipv4Address.of("10.6.168.201")) >= 0
        && address.compareTo(Ipv4Address.of("10.6.168.205")) <= 0;
  }

  private PolicyStatus showPolicy() throws Exception {
    PolicyStatus status =
        step(
            "status",
            "the policy's status and its endpoints",
            () -> {
              PolicyStatus known =
                  Patience.USUAL.await(
                      "status.eip and status.node of EgressPolicy default/test",
                      () -> objects.policyStatus(NAMESPACE, POLICY));
              Patience.USUAL.await(
                  "an EgressEndpointSlice of policy test",
                  () -> objects.endpointSlice(NAMESPACE, POLICY));
              return known;
            });
    shell("kubectl get EgressPolicy -A", kubectl.get(List.of("EgressPolicy", "-A")));
    shell(
        "kubectl get EgressPolicy test -o yaml",
        kubectl.get(List.of("EgressPolicy", POLICY, "-o", "yaml")));
    shell(
        "kubectl get egressendpointslices -A", kubectl.get(List.of("egressendpointslices", "-A")));
    String slice = objects.endpointSlice(NAMESPACE, POLICY).orElseThrow();
    shell(
        "kubectl get egressendpointslices " + slice + " -o yaml",
        kubectl.get(List.of("egressendpointslices", slice, "-o", "yaml")));
    shell("kubectl get pod -owide", kubectl.get(List.of("pod", "-owide")));
    return status;
  }

  private Ipv4Address curl(PodExec inside, PodPlacement pod) throws IOException {
    String answer = inside.curl(ANSWER_PATIENCE);
    narrator.shell(pod.key().name() + ":/", CURL, answer);
    return inside
        .sourceAddress(ANSWER_PATIENCE)
        .orElseThrow(() -> new IOException("the server did not answer " + pod.key()));
  }

  private void expectSource(PodExec inside, PodPlacement pod, Ipv4Address expected)
      throws IOException {
    Ipv4Address seen = curl(inside, pod);
    if (!seen.equals(expected)) {
      throw new IOException("%s was seen as %s, not as %s".formatted(pod.key(), seen, expected));
    }
  }

  private Ipv4Address prove(DemoResult.Proved proved, PodPlacement unmatched) throws IOException {
    if (!proved.remoteIp().equals(proved.eip())) {
      throw new IOException(
          "the policy's status says %s, the server saw %s"
              .formatted(proved.eip(), proved.remoteIp()));
    }
    if (!proved.unmatchedIp().equals(unmatched.node().underlay())) {
      throw new IOException(
          "the unmatched pod was seen as %s, not as its node's %s"
              .formatted(proved.unmatchedIp(), unmatched.node().underlay()));
    }
    LabProcess server = lab.supervisor().process(Lab.SERVER_NAME);
    for (Ipv4Address address : List.of(proved.eip(), proved.unmatchedIp())) {
      String line =
          server
              .output()
              .lines()
              .filter(
                  text -> text.matches(".*\\b" + address.toString().replace(".", "\\.") + "\\b.*"))
              .reduce((first, second) -> second)
              .orElseThrow(
                  () -> new IOException("the server's log has no connection from " + address));
      narrator.say("       log of the server: " + line);
    }
    return proved.eip();
  }

  private void deletePolicy(PodExec inside, PodPlacement pod) throws Exception {
    step(
        "delete",
        "policy deleted: the node's address is back",
        () -> {
          shell("kubectl delete -f policy.yaml", kubectl.delete(GuideFiles.POLICY.text()));
          Ipv4Address nodeAddress = pod.node().underlay();
          Patience.USUAL.await(
              "a connection with the node's address " + nodeAddress,
              () -> inside.sourceAddress(ANSWER_PATIENCE).filter(nodeAddress::equals));
          return curl(inside, pod);
        });
  }

  private DemoResult.Figures figures(double policyToPacketMillis, long startToPacketMillis) {
    return new DemoResult.Figures(
        policyToPacketMillis,
        startToPacketMillis,
        largest(lab.agents()),
        largest(lab.controllers()));
  }

  private static long largest(List<LabProcess> processes) {
    return processes.stream()
        .mapToLong(process -> process.residentBytes().orElse(0))
        .max()
        .orElse(0);
  }

  private void shell(String command, String output) {
    narrator.shell("~", command, output);
  }
}
