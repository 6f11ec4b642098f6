package io.egressgateway.policy.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.event.EipEvent;
import io.egressgateway.core.event.EipEvent.EipAssigned;
import io.egressgateway.core.event.EipEvent.EipNumbered;
import io.egressgateway.core.event.EipEvent.EipReleaseRequested;
import io.egressgateway.core.event.EipEvent.EipReleased;
import io.egressgateway.core.event.GatewayEvent;
import io.egressgateway.core.event.GatewayEvent.EgressIpPlaced;
import io.egressgateway.core.event.GatewayEvent.OrderTaken;
import io.egressgateway.core.event.GatewayEvent.PlacementReason;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.event.PolicyEvent;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Generation;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.PolicyKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class EipHistoryTest {
  private static final IpAddress EIP = IpAddress.of("10.6.1.55");
  private static final IpAddress OTHER_EIP = IpAddress.of("10.6.1.56");
  private static final GatewayName GATEWAY = new GatewayName("egw1");
  private static final NodeSession ONE = new NodeSession(new NodeName("node1"), "boot", 1);
  private static final NodeSession ONE_LATER = new NodeSession(new NodeName("node1"), "boot", 2);
  private static final NodeSession TWO = new NodeSession(new NodeName("node2"), "boot", 1);
  private static final OwnershipProof NEVER = new OwnershipProof.NeverHeld();
  private static final OwnershipProof ACKNOWLEDGED = new OwnershipProof.ReleaseAcknowledged(ONE);

  private static final List<EipEvent> MOVED_BY_ORDER =
      List.of(
          new EipNumbered(new EipNumber(7), at(1)),
          new EipAssigned(new Epoch(1), ONE, GATEWAY, NEVER, at(2)),
          new EipReleaseRequested(new Epoch(1), at(10)),
          new EipReleased(new Epoch(1), ACKNOWLEDGED, at(11)),
          new EipAssigned(new Epoch(2), TWO, GATEWAY, ACKNOWLEDGED, at(11)));

  private static final List<GatewayEvent> PLACES =
      List.of(
          new EgressIpPlaced(EIP, ONE.node(), PlacementReason.FIRST, at(1)),
          new EgressIpPlaced(OTHER_EIP, ONE.node(), PlacementReason.NODE_UNFIT, at(2)),
          new EgressIpPlaced(EIP, TWO.node(), PlacementReason.OPERATOR, at(9)),
          new OrderTaken("4711", at(9)));

  private static Instant at(long second) {
    return Instant.ofEpochSecond(second);
  }

  private static String line(HistoryFact fact) {
    return "%s %s %s %s->%s [%s] %s"
        .formatted(
            fact.at().getEpochSecond(),
            fact.kind(),
            fact.step().epoch().map(Object::toString).orElse("-"),
            fact.step().from().map(Object::toString).orElse("-"),
            fact.step().to().map(Object::toString).orElse("-"),
            fact.step().proof().map(ProofText::of).orElse(""),
            fact.why());
  }

  private static List<String> lines(List<EipEvent> ledger, List<GatewayEvent> places) {
    return EipHistory.of(EIP, ledger, Map.of(GATEWAY, places)).stream()
        .map(EipHistoryTest::line)
        .toList();
  }

  @Test
  void aMoveSaysFromWhereToWhereByWhatProofAndWhoseOrder() {
    assertThat(lines(MOVED_BY_ORDER, PLACES))
        .containsExactly(
            "1 NUMBERED - -->- [] number 7 in the tunnel",
            "2 ASSIGNED 1 -->node1 [nobody ever held it] it had no place",
            "10 RELEASE_REQUESTED 1 node1->- [] an operator ordered it (order 4711)",
            "11 RELEASED 1 node1->- [node1 has closed its gate and said so]"
                + " an operator ordered it (order 4711)",
            "11 ASSIGNED 2 node1->node2 [node1 has closed its gate and said so]"
                + " an operator ordered it (order 4711)");
  }

  @Test
  void whatTheGatewaysJournalDoesNotTellIsNotMadeUp() {
    assertThat(EipHistory.of(EIP, MOVED_BY_ORDER, Map.of()))
        .allSatisfy(
            fact ->
                assertThat(fact.why())
                    .isEqualTo(
                        fact.kind() == HistoryFact.Kind.NUMBERED ? "number 7 in the tunnel" : ""));
  }

  @Test
  void aNodeThatComesBackIsTheSameNode() {
    OwnershipProof later = new OwnershipProof.LaterIncarnation(ONE, ONE_LATER);

    assertThat(
            lines(
                List.of(
                    new EipAssigned(new Epoch(1), ONE, GATEWAY, NEVER, at(2)),
                    new EipReleased(new Epoch(1), later, at(5)),
                    new EipAssigned(new Epoch(2), ONE_LATER, GATEWAY, later, at(5))),
                PLACES))
        .endsWith(
            "5 RELEASED 1 node1->- [node1 closed every gate and began a new session] ",
            "5 ASSIGNED 2 node1->node1 [node1 closed every gate and began a new session]"
                + " it is the same node's");
  }

  @Test
  void aPageThatBeginsInTheMiddleKnowsTheHolderByItsProof() {
    assertThat(lines(MOVED_BY_ORDER.subList(3, 5), PLACES).getFirst())
        .isEqualTo("11 RELEASED 1 node1->- [node1 has closed its gate and said so] ");
  }

  @Test
  void everyProofIsInWords() {
    assertThat(ProofText.of(new OwnershipProof.Certificate(ONE, 3, new TreeSet<>(List.of(0, 2)))))
        .isEqualTo("witnesses 1, 3 certified that the lease of node1 was over");
    assertThat(ProofText.of(new OwnershipProof.NeverGranted(ONE)))
        .isEqualTo("node1 was never told that it might hold it");
    assertThat(ProofText.of(new OwnershipProof.FenceAsserted(ONE, "ann", "cord pulled")))
        .isEqualTo("ann vouched that node1 is off: cord pulled");
  }

  @Test
  void aPolicyShowsItsAddressesHoldersWhileTheyAreItsOwn() {
    PolicyKey policy = new PolicyKey.Namespaced("shop", "web");
    List<PolicyEvent> journal =
        List.of(
            new PolicyEvent.PolicyAccepted(
                "uid", new Generation(1), GATEWAY, new EgressIpRequest.Default(), at(4)),
            new PolicyEvent.EgressIpBound(new TreeSet<>(List.of(EIP)), at(5)),
            new PolicyEvent.EgressIpUnbound(at(11)));
    List<HistoryFact> holders = EipHistory.of(EIP, MOVED_BY_ORDER, Map.of(GATEWAY, PLACES));

    assertThat(PolicyHistory.addresses(journal)).containsExactly(EIP);
    assertThat(
            PolicyHistory.of(policy, journal, Map.of(EIP, holders)).stream()
                .map(fact -> fact.subject() + " " + fact.kind() + " " + fact.why()))
        .containsExactly(
            "10.6.1.55 ASSIGNED it had no place",
            policy + " ACCEPTED generation 1 asks EgressGateway egw1 for its default egress IP",
            policy + " BOUND 10.6.1.55",
            "10.6.1.55 RELEASE_REQUESTED an operator ordered it (order 4711)",
            policy + " UNBOUND ");
  }

  @Test
  void aPolicyThatStillHasItsAddressShowsWhatComes() {
    PolicyKey policy = new PolicyKey.ClusterScoped("all");
    List<PolicyEvent> journal =
        List.of(new PolicyEvent.EgressIpBound(new TreeSet<>(List.of(EIP)), at(1)));

    assertThat(
            PolicyHistory.of(
                policy, journal, Map.of(EIP, EipHistory.of(EIP, MOVED_BY_ORDER, Map.of()))))
        .hasSize(1 + MOVED_BY_ORDER.size())
        .last()
        .satisfies(fact -> assertThat(fact.step().to()).isEqualTo(Optional.of(TWO.node())));
  }
}
