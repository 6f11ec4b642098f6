package io.egressgateway.load.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.fault.Breakage;
import io.egressgateway.load.fault.Faults;
import io.egressgateway.load.lab.LabSettings.ApiChoice;
import io.egressgateway.load.lab.guide.GuideCluster;
import io.egressgateway.load.lab.guide.GuideObjects.PolicyStatus;
import io.egressgateway.load.lab.process.LabProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An operator asks for the way of a pod's packets, and both kernels are read for the answer. */
final class TraceIT {
  private static final LabSettings SETTINGS = LabSettings.usual().with(ApiChoice.EMBEDDED);
  private static final String OUTSIDE = Topology.SERVER.toString();

  private final List<Long> pids = new ArrayList<>();

  @Test
  void theWayOfAPodsPacketsIsTold() throws Exception {
    try (Lab lab = Lab.open(SETTINGS, LabWitness::event)) {
      LabWitness.explaining(lab, () -> trace(lab));
      lab.supervisor().processes().values().stream().map(LabProcess::pid).forEach(pids::add);
    }
    LabWitness.expectNone(pids);
  }

  private static void trace(Lab lab) throws Exception {
    GuideCluster guide = GuideCluster.start(lab);
    guide.createGateway();
    guide.createPods();
    try (PodExec matched = lab.exec(guide.matchedPod())) {
      guide.createPolicy(matched);
    }
    PolicyStatus status =
        Patience.USUAL.await(
            "the policy's status",
            () -> guide.objects().policyStatus(GuideCluster.NAMESPACE, GuideCluster.POLICY));

    asPlanned(lab, guide, status);
    insideTheCluster(lab, guide);
    assertThat(lab.probes().management(0, "/trace/node1/10.244.0.x/" + OUTSIDE).status())
        .isEqualTo(400);
    notSelected(lab, guide);
    withoutTheAgentOfThePodsNode(lab, guide);
  }

  /** Ends with 0, or {@link Egctl#ask} throws; the last plan may be on its way. */
  private static void asPlanned(Lab lab, GuideCluster guide, PolicyStatus status) throws Exception {
    String text =
        Patience.USUAL.await(
            "both kernels to be as planned",
            () -> {
              try {
                return Optional.of(Egctl.ask(lab, List.of("trace", pod(guide), OUTSIDE)));
              } catch (IOException onItsWay) {
                return Optional.empty();
              }
            });
    LabWitness.event(text);
    assertThat(text)
        .contains("EgressPolicy/" + GuideCluster.NAMESPACE + "/" + GuideCluster.POLICY)
        .contains("EgressGateway " + GuideCluster.GATEWAY)
        .contains(status.holder() + ", epoch 1, since ")
        .contains("gate in table inet egressgateway_fence")
        .doesNotContain("DIFFERS");

    JsonNode kernels = json(lab, pod(guide), OUTSIDE).at("/controllers/kernels");
    assertThat(kernels).hasSize(2);
    assertThat(kernels.at("/1/node").asText()).isEqualTo(status.holder().toString());
    assertThat(kernels.at("/0/facts").size()).isGreaterThan(5);
    assertThat(kernels.at("/1/facts").size()).isGreaterThan(10);
  }

  private static void insideTheCluster(Lab lab, GuideCluster guide) throws Exception {
    JsonNode trace = json(lab, pod(guide), guide.unmatchedPod().address().toString());
    assertThat(trace.at("/controllers/decision/outcome").asText()).isEqualTo("LeftAlone");
    assertThat(trace.at("/controllers/decision/reason").asText()).isEqualTo("INSIDE_THE_CLUSTER");
    assertThat(trace.at("/controllers/kernels")).hasSize(1);
  }

  private static void notSelected(Lab lab, GuideCluster guide) throws Exception {
    JsonNode trace = json(lab, guide.unmatchedPod().key().toString(), OUTSIDE);
    assertThat(trace.at("/controllers/decision/reason").asText()).isEqualTo("NOT_SELECTED");
  }

  private static void withoutTheAgentOfThePodsNode(Lab lab, GuideCluster guide) throws Exception {
    NodeName node = guide.matchedPod().node().name();
    Faults faults = new Faults(lab, LabWitness::event);
    try (Breakage paused = faults.pause(Faults.agentOf(node))) {
      LabWitness.event(paused.name());
      refuses(lab, guide, node + " was not asked: its agent did not answer within 3 s");
    }
    try (Breakage down = faults.down(Faults.agentOf(node))) {
      LabWitness.event(down.name());
      refuses(lab, guide, node + " was not asked: its agent is not connected");
    }
  }

  private static void refuses(Lab lab, GuideCluster guide, String reason) {
    assertThatThrownBy(() -> Egctl.ask(lab, List.of("trace", pod(guide), OUTSIDE)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended with 1")
        .hasMessageContaining("egctl: " + reason);
  }

  private static String pod(GuideCluster guide) {
    return guide.matchedPod().key().toString();
  }

  /** Ends with 0, too. */
  private static JsonNode json(Lab lab, String pod, String destination) throws IOException {
    String text = Egctl.ask(lab, List.of("trace", pod, destination, "--json"));
    LabWitness.event(text);
    // What egctl logs to standard error comes first.
    return new ObjectMapper().readTree(text.substring(text.indexOf("{\"pod\"")));
  }
}
