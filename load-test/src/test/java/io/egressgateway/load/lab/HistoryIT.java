package io.egressgateway.load.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.k8s.inspect.HistoryDocument;
import io.egressgateway.load.lab.LabSettings.ApiChoice;
import io.egressgateway.load.lab.guide.GuideCluster;
import io.egressgateway.load.lab.guide.GuideObjects.PolicyStatus;
import io.egressgateway.load.lab.net.HttpProbe;
import io.egressgateway.load.lab.process.LabProcess;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An operator moves an egress IP, and reads in the journal what proved that it could be moved. */
final class HistoryIT {
  private static final LabSettings SETTINGS = LabSettings.usual().with(ApiChoice.EMBEDDED);

  private final List<Long> pids = new ArrayList<>();

  @Test
  void aMoveIsInTheHistoryWithItsProofAndItsOrder() throws Exception {
    try (Lab lab = Lab.open(SETTINGS, LabWitness::event)) {
      LabWitness.explaining(lab, () -> moveAndAsk(lab));
      lab.supervisor().processes().values().stream().map(LabProcess::pid).forEach(pids::add);
    }
    LabWitness.expectNone(pids);
  }

  private static void moveAndAsk(Lab lab) throws Exception {
    GuideCluster guide = GuideCluster.start(lab);
    guide.createGateway();
    guide.createPods();
    try (PodExec matched = lab.exec(guide.matchedPod())) {
      guide.createPolicy(matched);
    }
    PolicyStatus before = status(guide);
    String from = before.holder().toString();
    String to =
        guide.gatewayNodes().stream().filter(node -> !node.equals(from)).findFirst().orElseThrow();
    move(lab, before.eip().toString(), to);

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
  private static void move(Lab lab, String address, String target) throws Exception {
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

  private static PolicyStatus status(GuideCluster guide) throws Exception {
    return Patience.USUAL.await(
        "the policy's status",
        () -> guide.objects().policyStatus(GuideCluster.NAMESPACE, GuideCluster.POLICY));
  }
}
