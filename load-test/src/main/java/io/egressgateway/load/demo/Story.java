package io.egressgateway.load.demo;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.PodExec;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.guide.GuideCluster;
import io.egressgateway.load.lab.guide.GuideFiles;
import io.egressgateway.load.lab.guide.GuideObjects.PolicyStatus;
import io.egressgateway.load.lab.kube.PodPlacement;
import io.egressgateway.load.lab.process.LabProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/** The guide, step by step, in a lab whose mesh stands. Used by one thread. */
final class Story {
  private static final String CURL = "curl " + Topology.SERVER + ":" + Lab.SERVER_PORT;

  private final Lab lab;
  private final Narrator narrator;
  private final Kubectl kubectl;
  private final GuideCluster cluster;
  private final long startedNanos;

  Story(Lab lab, Narrator narrator, long startedNanos) {
    this.lab = lab;
    this.narrator = narrator;
    this.startedNanos = startedNanos;
    this.cluster = new GuideCluster(lab);
    this.kubectl =
        ForkedKubectl.onPath(lab.api().kubeconfig())
            .orElseGet(() -> new BuiltInKubectl(lab.client()));
  }

  DemoResult.Proved tell(DemoOptions.End end) throws Exception {
    step("gateway", "the gateway has its pool and two ready nodes", this::gateway);
    shell(
        "kubectl get EgressGateway default -o yaml",
        kubectl.get(List.of("EgressGateway", "default", "-o", "yaml")));
    step("pods", "the guide's pod and another one run", this::pods);
    PodPlacement matched = cluster.matchedPod();
    PodPlacement unmatched = cluster.unmatchedPod();
    try (PodExec inMatched = lab.exec(matched);
        PodExec inUnmatched = lab.exec(unmatched)) {
      step(
          "before",
          "no policy yet: the pod leaves with its node's address",
          () -> expectSource(inMatched, matched));
      Duration toPacket = policy(inMatched);
      Duration sinceStart = Duration.ofNanos(System.nanoTime() - startedNanos);
      PolicyStatus status = step("status", "the policy's status and endpoints", this::status);
      showPolicy();
      Ipv4Address seen =
          step("curl", "the server sees the egress IP", () -> curl(inMatched, matched));
      Ipv4Address other =
          step(
              "unmatched",
              "the other pod keeps its node's address",
              () -> curl(inUnmatched, unmatched));
      DemoResult.Proved proved =
          new DemoResult.Proved(
              status.eip(), seen, other, status.holder(), figures(toPacket, sinceStart));
      step("proof", "the server's own log says the same", () -> prove(proved, unmatched));
      step(
          "delete", "policy deleted: the node's address is back", () -> delete(inMatched, matched));
      if (end == DemoOptions.End.KEEP) {
        policy(inMatched);
      }
      return proved;
    }
  }

  private <T> T step(String name, String title, Callable<T> work) throws Exception {
    return narrator.step(name, title, work);
  }

  private String gateway() throws Exception {
    shell("cat gateway.yaml | kubectl apply -f -", kubectl.apply(GuideFiles.GATEWAY.text()));
    shell("kubectl get node", kubectl.get(List.of("node")));
    for (String node : cluster.gatewayNodes()) {
      shell(
          "kubectl label node %s egressgateway=\"true\"".formatted(node),
          kubectl.labelNode(node, "egressgateway", "true"));
    }
    cluster.awaitGateway();
    return "default";
  }

  private PodPlacement pods() throws Exception {
    shell("cat deployment.yaml | kubectl create -f -", kubectl.apply(GuideFiles.DEPLOYMENT.text()));
    shell("cat other-pod.yaml | kubectl create -f -", kubectl.apply(GuideFiles.OTHER_POD.text()));
    cluster.awaitPods();
    return cluster.matchedPod();
  }

  /** Sent by the demo itself, so that the clock starts with the request. */
  private Duration policy(PodExec pod) throws Exception {
    return step(
        "policy",
        "policy applied, first connection with the egress IP",
        () -> {
          Duration toPacket = cluster.createPolicy(pod);
          shell(
              "cat policy.yaml | kubectl apply -f -",
              "egresspolicy.egressgateway.spidernet.io/%s created%n(first connection with the egress IP: %d ms later)"
                  .formatted(GuideCluster.POLICY, toPacket.toMillis()));
          return toPacket;
        });
  }

  private PolicyStatus status() throws Exception {
    PolicyStatus known =
        Patience.USUAL.await(
            "status.eip and status.node of EgressPolicy default/test",
            () -> cluster.objects().policyStatus(GuideCluster.NAMESPACE, GuideCluster.POLICY));
    Patience.USUAL.await(
        "an EgressEndpointSlice of policy test with endpoints",
        () -> cluster.objects().endpointSlice(GuideCluster.NAMESPACE, GuideCluster.POLICY));
    return known;
  }

  private void showPolicy() throws IOException {
    String slice =
        cluster.objects().endpointSlice(GuideCluster.NAMESPACE, GuideCluster.POLICY).orElseThrow();
    for (List<String> arguments :
        List.of(
            List.of("EgressPolicy", "-A"),
            List.of("EgressPolicy", GuideCluster.POLICY, "-o", "yaml"),
            List.of("egressendpointslices", "-A"),
            List.of("egressendpointslices", slice, "-o", "yaml"),
            List.of("pod", "-owide"))) {
      shell("kubectl get " + String.join(" ", arguments), kubectl.get(arguments));
    }
  }

  private Ipv4Address curl(PodExec inside, PodPlacement pod) throws IOException {
    String answer = inside.curl(GuideCluster.ANSWER_PATIENCE);
    narrator.shell(pod.key().name() + ":/", CURL, answer);
    return PodExec.remoteIp(answer)
        .orElseThrow(() -> new IOException("the server answered '" + answer + "'"));
  }

  private Ipv4Address expectSource(PodExec inside, PodPlacement pod) throws IOException {
    Ipv4Address seen = curl(inside, pod);
    if (!seen.equals(pod.node().underlay())) {
      throw new IOException(
          "%s was seen as %s, not as its node's %s"
              .formatted(pod.key(), seen, pod.node().underlay()));
    }
    return seen;
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
      String field = "\"address\":\"%s\"".formatted(address);
      String line =
          server
              .output()
              .lines()
              .filter(text -> text.contains(field))
              .reduce((first, second) -> second)
              .orElseThrow(
                  () -> new IOException("the server's log has no connection from " + address));
      narrator.shell("server:/", "grep " + address + " nettools-server.log | tail -1", line);
    }
    return proved.eip();
  }

  private Ipv4Address delete(PodExec inside, PodPlacement pod) throws Exception {
    shell("kubectl delete -f policy.yaml", kubectl.delete(GuideFiles.POLICY.text()));
    cluster.awaitSource(inside, pod.node().underlay());
    return curl(inside, pod);
  }

  private DemoResult.Figures figures(Duration policyToPacket, Duration startToPacket) {
    return new DemoResult.Figures(
        policyToPacket, startToPacket, largest(lab.agents()), largest(lab.controllers()));
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
