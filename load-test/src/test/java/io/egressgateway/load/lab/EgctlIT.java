package io.egressgateway.load.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.k8s.inspect.HistoryDocument;
import io.egressgateway.load.fault.Breakage;
import io.egressgateway.load.fault.Faults;
import io.egressgateway.load.lab.LabSettings.ApiChoice;
import io.egressgateway.load.lab.guide.GuideCluster;
import io.egressgateway.load.lab.guide.GuideObjects.PolicyStatus;
import io.egressgateway.load.lab.net.HttpProbe;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What an operator asks and orders, in one lab: the way of a pod's packets, for which both kernels
 * are read; then a move of the egress IP, and in the journal what proved that it could be moved.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class EgctlIT {
  private static final LabSettings SETTINGS = LabSettings.usual().with(ApiChoice.EMBEDDED);
  private static final String OUTSIDE = Topology.SERVER.toString();
  private static final int BEFORE_THE_MOVE = 1;
  private static final int THE_MOVE = 2;

  private static Lab lab;
  private static GuideCluster guide;
  private static PolicyStatus before;

  @BeforeAll
  static void start() throws Exception {
    lab = Lab.open(SETTINGS, LabWitness::event);
    try {
      guide = GuideCluster.start(lab);
      guide.createGateway();
      guide.createPods();
      try (PodExec matched = lab.exec(guide.matchedPod())) {
        guide.createPolicy(matched);
      }
      before =
          Patience.USUAL.await(
              "the policy's status",
              () -> guide.objects().policyStatus(GuideCluster.NAMESPACE, GuideCluster.POLICY));
    } catch (Exception | AssertionError e) {
      LabWitness.explain(lab);
      lab.close();
      throw e;
    }
  }

  @AfterAll
  static void end() {
    lab.close();
  }

  @Test
  @Order(BEFORE_THE_MOVE)
  void theWayOfAPodsPacketsIsTold() throws Exception {
    LabWitness.explaining(
        lab,
        () -> {
          asPlanned();
          insideTheCluster();
          assertThat(lab.probes().management(0, "/trace/node1/10.244.0.x/" + OUTSIDE).status())
              .isEqualTo(400);
          notSelected();
          withoutTheAgentOfThePodsNode();
        });
  }

  /** Ends with 0, or {@link Egctl#ask} throws; the last plan may be on its way. */
  private static void asPlanned() throws Exception {
    String text =
        Patience.USUAL.await(
            "both kernels to be as planned",
            () -> {
              try {
                return Optional.of(Egctl.ask(lab, List.of("trace", pod(), OUTSIDE)));
              } catch (IOException onItsWay) {
                return Optional.empty();
              }
            });
    LabWitness.event(text);
    assertThat(text)
        .contains("EgressPolicy/" + GuideCluster.NAMESPACE + "/" + GuideCluster.POLICY)
        .contains("EgressGateway " + GuideCluster.GATEWAY)
        .contains(before.holder() + ", epoch 1, since ")
        .contains("gate in table inet egressgateway_fence")
        .doesNotContain("DIFFERS");

    JsonNode kernels = json(pod(), OUTSIDE).at("/controllers/kernels");
    assertThat(kernels).hasSize(2);
    assertThat(kernels.at("/1/node").asText()).isEqualTo(before.holder().toString());
    assertThat(kernels.at("/0/facts").size()).isGreaterThan(5);
    assertThat(kernels.at("/1/facts").size()).isGreaterThan(10);
  }

  private static void insideTheCluster() throws Exception {
    JsonNode trace = json(pod(), guide.unmatchedPod().address().toString());
    assertThat(trace.at("/controllers/decision/outcome").asText()).isEqualTo("LeftAlone");
    assertThat(trace.at("/controllers/decision/reason").asText()).isEqualTo("INSIDE_THE_CLUSTER");
    assertThat(trace.at("/controllers/kernels")).hasSize(1);
  }

  private static void notSelected() throws Exception {
    JsonNode trace = json(guide.unmatchedPod().key().toString(), OUTSIDE);
    assertThat(trace.at("/controllers/decision/reason").asText()).isEqualTo("NOT_SELECTED");
  }

  private static void withoutTheAgentOfThePodsNode() throws Exception {
    NodeName node = guide.matchedPod().node().name();
    Faults faults = new Faults(lab, LabWitness::event);
    try (Breakage paused = faults.pause(Faults.agentOf(node))) {
      LabWitness.event(paused.name());
      refuses(node + " was not asked: its agent did not answer within 3 s");
    }
    try (Breakage down = faults.down(Faults.agentOf(node))) {
      LabWitness.event(down.name());
      refuses(node + " was not asked: its agent is not connected");
    }
  }

  private static void refuses(String reason) {
    assertThatThrownBy(() -> Egctl.ask(lab, List.of("trace", pod(), OUTSIDE)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended with 1")
        .hasMessageContaining("egctl: " + reason);
  }

  private static String pod() {
    return guide.matchedPod().key().toString();
  }

  /** Ends with 0, too. */
  private static JsonNode json(String pod, String destination) throws IOException {
    String text = Egctl.ask(lab, List.of("trace", pod, destination, "--json"));
    LabWitness.event(text);
    // What egctl logs to standard error comes first.
    return new ObjectMapper().readTree(text.substring(text.indexOf("{\"pod\"")));
  }

  @Test
  @Order(THE_MOVE)
  void aMoveIsInTheHistoryWithItsProofAndItsOrder() throws Exception {
    LabWitness.explaining(lab, EgctlIT::moveAndAsk);
  }

  private static void moveAndAsk() throws Exception {
    String from = before.holder().toString();
    String to =
        guide.gatewayNodes().stream().filter(node -> !node.equals(from)).findFirst().orElseThrow();
    move(before.eip().toString(), to);

    HistoryDocument history =
        Serialization.unmarshal(
            Egctl.ask(lab, List.of("history", "eip", before.eip().toString(), "-o", "json")),
            HistoryDocument.class);

    assertThat(history.complete()).isTrue();
    HistoryDocument.Entry last = history.entries().getLast();
    assertThat(last.event()).isEqualTo("Assigned");
    assertThat(last.from()).isEqualTo(from);
    assertThat(last.to()).isEqualTo(to);
    assertThat(last.why()).startsWith("an operator ordered it (order ");
    assertThat(Optional.ofNullable(last.proof()).map(HistoryDocument.Proof::kind))
        .contains("ReleaseAcknowledged");
    String policy = GuideCluster.NAMESPACE + "/" + GuideCluster.POLICY;
    assertThat(Egctl.ask(lab, List.of("history", "policy", policy)))
        .contains("Accepted", "Bound", from + " has closed its gate and said so");
    assertThat(Egctl.ask(lab, List.of("explain", "policy", policy)))
        .contains(to + ", and its kernel answers for it", "it would go to " + from);
    HttpProbe.Answer placement =
        lab.probes().management(0, "/placement/" + GuideCluster.GATEWAY + "/" + before.eip());
    assertThat(placement.status()).isEqualTo(200);
  }

  /** A node that was just selected may need a moment to be fit. */
  private static void move(String address, String target) throws Exception {
    Patience.USUAL.await(
        target + " to be fit",
        () -> {
          try {
            return Optional.of(
                Egctl.run(
                    lab,
                    List.of(
                        "vip",
                        "move",
                        "--egressGatewayName",
                        GuideCluster.GATEWAY,
                        "--vip",
                        address,
                        "--targetNode",
                        target)));
          } catch (IOException refused) {
            return Optional.empty();
          }
        });
  }
}
