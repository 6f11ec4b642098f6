package io.egressgateway.k8s.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.PortShortage;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.k8s.status.StatusBoard.SlicesOf;
import io.egressgateway.k8s.status.StatusBoard.StatusOf;
import io.egressgateway.k8s.status.StatusBoard.Target;
import io.egressgateway.k8s.translate.ClusterInfoSpec;
import io.egressgateway.k8s.translate.ClusterNetworks;
import io.egressgateway.k8s.translate.Violation;
import io.egressgateway.policy.entity.Condition;
import io.egressgateway.policy.entity.FailoverObstacle;
import io.egressgateway.policy.entity.NodeFindings;
import io.egressgateway.policy.entity.StatusReport;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class StatusBoardTest {
  private static final Target POLICY = new StatusOf(new ObjectRef.Policy(Given.POLICY));
  private static final Target GATEWAY = new StatusOf(new ObjectRef.Gateway(Given.GATEWAY));
  private static final Target TUNNEL = new StatusOf(new ObjectRef.Tunnel(Given.WORKER_1));
  private static final Target SLICES = new SlicesOf(Given.POLICY);
  private static final List<Violation> WRONG =
      List.of(new Violation("spec.destSubnet[0]", "x", "no CIDR", "write a CIDR"));

  private final StatusBoard board = new StatusBoard();

  private static StatusWriter.Violations wrong(long generation, List<Violation> violations) {
    return new StatusWriter.Violations(
        ObjectRef.of(Given.POLICY, Given.version(generation)), violations);
  }

  private String readyReason() {
    return board.wanted(POLICY).stream()
        .map(Wanted.OfPolicy.class::cast)
        .flatMap(policy -> policy.verdict().conditions().stream())
        .filter(condition -> condition.type().equals(Condition.READY))
        .map(Condition::reason)
        .findFirst()
        .orElse("none");
  }

  private EgressTunnel.Phase phase() {
    return board
        .wanted(TUNNEL)
        .map(Wanted.OfTunnel.class::cast)
        .map(Wanted.OfTunnel::phase)
        .orElseThrow();
  }

  @Test
  void nothingIsWantedOfWhatIsUnknown() {
    assertThat(board.wanted(POLICY)).isEmpty();
    assertThat(board.wanted(GATEWAY)).isEmpty();
    assertThat(board.wanted(TUNNEL)).isEmpty();
    assertThat(board.wanted(SLICES)).isEmpty();
  }

  @Test
  void violationsWinOverReports() {
    board.report(Given.policyReport(Given.WORKER_1));
    assertThat(board.violations(wrong(4, WRONG))).containsExactly(POLICY);

    assertThat(readyReason()).isEqualTo("InvalidSpec");
    board.report(Given.policyReport(Given.WORKER_1));
    assertThat(readyReason()).isEqualTo("InvalidSpec");
  }

  @Test
  void violationsEndWhenThereAreNone() {
    board.report(Given.policyReport(Given.WORKER_1));
    board.violations(wrong(4, WRONG));
    board.violations(wrong(5, List.of()));

    assertThat(readyReason()).isEqualTo("Programmed");
  }

  @Test
  void violationsEndWhenALaterSpecIsReported() {
    board.violations(wrong(2, WRONG));
    board.report(Given.policyReport(Given.WORKER_1));

    assertThat(readyReason()).isEqualTo("Programmed");
  }

  @Test
  void clusterPoliciesAreShownLikeOthers() {
    PolicyKey cluster = new PolicyKey.ClusterScoped("all");
    board.report(
        new StatusReport.PolicyReport(
            cluster, Given.version(1), new TreeMap<>(), Given.conditions(Given.READY)));

    assertThat(board.wanted(new StatusOf(new ObjectRef.Policy(cluster))))
        .hasValueSatisfying(
            wanted -> assertThat(((Wanted.OfPolicy) wanted).name()).isEqualTo(cluster));
    assertThat(board.endpoints(new StatusWriter.PolicyEndpoints(cluster, Given.UID, List.of())))
        .containsExactly(new StatusBoard.SlicesOf(cluster));
  }

  @Test
  void theClusterInfoIsShownUntilItIsForgotten() {
    ObjectRef.Key key = new ObjectRef.ClusterInfo();
    StatusWriter.ClusterInfo told =
        new StatusWriter.ClusterInfo(
            new ObjectRef(key, Given.version(2)),
            List.of(new Violation("spec.extraCidr[0]", "x", "no CIDR", "write one")),
            ClusterNetworks.of(
                ClusterInfoSpec.standard(),
                new ClusterNetworks.Found(CidrSet.empty(), Map.of(), List.of())));

    assertThat(board.clusterInfo(told)).containsExactly(new StatusOf(key));
    assertThat(board.wanted(new StatusOf(key)))
        .hasValueSatisfying(
            wanted ->
                assertThat(((Wanted.OfClusterInfo) wanted).verdict().conditions())
                    .extracting(Condition::reason)
                    .containsExactly("InvalidSpec"));
    board.forget(key);
    assertThat(board.wanted(new StatusOf(key))).isEmpty();
  }

  @Test
  void aNodesPhaseConcernsItsGateways() {
    board.report(Given.gatewayReport(new TreeMap<>()));

    assertThat(board.report(Given.nodeReport(Given.WORKER_1, StatusReport.Phase.READY)))
        .containsExactlyInAnyOrder(TUNNEL, GATEWAY);
    assertThat(board.wanted(GATEWAY))
        .hasValueSatisfying(
            wanted ->
                assertThat(((Wanted.OfGateway) wanted).phases())
                    .containsEntry(Given.WORKER_1, EgressTunnel.Phase.READY));
  }

  @Test
  void aNodeThatIsNotReadyIsShownSo() {
    board.report(Given.gatewayReport(new TreeMap<>()));
    board.report(Given.nodeReport(Given.WORKER_1, StatusReport.Phase.READY));

    assertThat(board.notReady(new TreeSet<>(List.of(Given.WORKER_1))))
        .containsExactlyInAnyOrder(TUNNEL, GATEWAY);
    assertThat(phase()).isEqualTo(EgressTunnel.Phase.NODE_NOT_READY);
    board.notReady(Collections.emptySortedSet());
    assertThat(phase()).isEqualTo(EgressTunnel.Phase.READY);
  }

  @Test
  void aNodeThatIsGoneHasNoTunnel() {
    board.report(Given.nodeReport(Given.WORKER_1, StatusReport.Phase.READY));

    assertThat(board.report(new StatusReport.NodeGone(Given.WORKER_1))).containsExactly(TUNNEL);
    assertThat(board.wanted(TUNNEL)).contains(new Wanted.NoTunnel(Given.WORKER_1));
    board.settled(new Wanted.NoTunnel(Given.WORKER_1));
    assertThat(board.wanted(TUNNEL)).isEmpty();
  }

  @Test
  void aPolicyThatIsGoneHasNoSlices() {
    board.report(Given.policyReport(Given.WORKER_1));
    board.endpoints(
        new StatusWriter.PolicyEndpoints(
            Given.POLICY, Given.UID, List.copyOf(Given.endpoints(0, 2))));

    assertThat(board.report(new StatusReport.PolicyGone(Given.POLICY)))
        .containsExactlyInAnyOrder(POLICY, SLICES);
    Wanted.Slices none = new Wanted.Slices(Given.POLICY, Given.UID, Collections.emptySortedSet());
    assertThat(board.wanted(SLICES)).contains(none);
    assertThat(board.wanted(POLICY)).isEmpty();
  }

  @Test
  void aRemarkIsLaidOverWhatIsReported() {
    Condition remark = new Condition("Odd", Condition.Status.TRUE, "Reason", "message");
    StatusWriter.Remark told =
        new StatusWriter.Remark(new ObjectRef.Policy(Given.POLICY), Optional.of(remark));
    assertThat(board.remark(told)).containsExactly(POLICY);
    assertThat(board.wanted(POLICY)).isEmpty();

    board.report(Given.policyReport(Given.WORKER_1));
    assertThat(policyConditions()).contains(remark);
    assertThat(policyConditions()).extracting(Condition::type).contains(Condition.READY);

    board.remark(new StatusWriter.Remark(told.object(), Optional.empty()));
    assertThat(policyConditions()).doesNotContain(remark);
  }

  private SortedSet<Condition> policyConditions() {
    return board
        .wanted(POLICY)
        .map(Wanted.OfPolicy.class::cast)
        .orElseThrow()
        .verdict()
        .conditions();
  }

  @Test
  void whatIsGoneIsForgotten() {
    board.remark(
        new StatusWriter.Remark(
            new ObjectRef.Policy(Given.POLICY),
            Optional.of(new Condition("Odd", Condition.Status.TRUE, "Reason", "message"))));
    board.report(Given.policyReport(Given.WORKER_1));
    board.report(Given.gatewayReport(new TreeMap<>()));
    board.report(shortOfPorts(Given.WORKER_1, Given.EIP));
    board.violations(wrong(3, WRONG));
    board.endpoints(
        new StatusWriter.PolicyEndpoints(
            Given.POLICY, Given.UID, List.copyOf(Given.endpoints(0, 2))));

    board.forget(new ObjectRef.Policy(Given.POLICY));
    board.forget(new ObjectRef.Gateway(Given.GATEWAY));
    board.forget(new ObjectRef.Tunnel(Given.WORKER_1));
    board.settled(new Wanted.Slices(Given.POLICY, Given.UID, Collections.emptySortedSet()));
    board.settled(new Wanted.NoTunnel(Given.WORKER_1));

    assertThat(board.sizes().values()).containsOnly(0);
  }

  private static StatusWriter.Obstacles obstacles(String controller, FailoverObstacle... told) {
    return new StatusWriter.Obstacles(controller, new TreeSet<>(List.of(told)));
  }

  private List<Condition> blocked() {
    return board.wanted(GATEWAY).stream()
        .map(Wanted.OfGateway.class::cast)
        .flatMap(gateway -> gateway.verdict().conditions().stream())
        .filter(condition -> condition.type().equals(FailoverObstacle.CONDITION))
        .toList();
  }

  @Test
  void whatKeepsAnyControllerFromFailingOverConcernsEveryGateway() {
    board.report(Given.gatewayReport(new TreeMap<>()));
    board.report(Given.policyReport(Given.WORKER_1));

    assertThat(board.obstacles(obstacles("c1:1", FailoverObstacle.WITNESSES_UNREACHABLE)))
        .containsExactly(GATEWAY);
    assertThat(blocked()).extracting(Condition::reason).containsExactly("WitnessesUnreachable");
    assertThat(board.obstacles(obstacles("c1:1", FailoverObstacle.WITNESSES_UNREACHABLE)))
        .as("no news")
        .isEmpty();

    board.obstacles(obstacles("c2:1", FailoverObstacle.JOURNAL_FULL));
    assertThat(blocked())
        .singleElement()
        .satisfies(
            condition -> {
              assertThat(condition.reason()).as("the cause first").isEqualTo("JournalFull");
              assertThat(condition.message())
                  .contains("at controller c2:1: ", "; at controller c1:1: ");
            });

    board.obstacles(obstacles("c2:1"));
    assertThat(board.obstacles(obstacles("c1:1"))).containsExactly(GATEWAY);
    assertThat(blocked()).isEmpty();
  }

  @Test
  void theCauseStandsAboveWhatAGatewaySaysOfAFailover() {
    board.report(
        new StatusReport.GatewayRetiring(
            Given.GATEWAY,
            new TreeSet<>(),
            Given.conditions(
                new Condition(
                    FailoverObstacle.CONDITION, Condition.Status.TRUE, "NoCertificate", "why"))));
    assertThat(blocked()).extracting(Condition::reason).containsExactly("NoCertificate");
    board.obstacles(obstacles("c1:1", FailoverObstacle.JOURNAL_UNAVAILABLE));
    assertThat(blocked()).extracting(Condition::reason).containsExactly("JournalUnavailable");
  }

  private static StatusReport.NodeReport shortOfPorts(NodeName node, IpAddress... addresses) {
    TreeSet<PortShortage> shortages = new TreeSet<>();
    for (IpAddress address : addresses) {
      shortages.add(new PortShortage(address, 6, IpAddress.of("8.8.8.8"), 443));
      shortages.add(new PortShortage(address, 17, IpAddress.of("8.8.8.8"), 53));
    }
    return Given.nodeReport(
        node, StatusReport.Phase.READY, new NodeFindings(new TreeSet<>(), shortages));
  }

  private List<String> exhausted(Target target) {
    SortedSet<Condition> conditions =
        switch (board.wanted(target).orElseThrow()) {
          case Wanted.OfPolicy policy -> policy.verdict().conditions();
          case Wanted.OfGateway gateway -> gateway.verdict().conditions();
          default -> throw new AssertionError(target);
        };
    return conditions.stream()
        .filter(condition -> condition.type().equals(NodeFindings.PORTS_EXHAUSTED))
        .map(Condition::message)
        .toList();
  }

  private void reportUsers(NodeName holder) {
    board.report(
        Given.gatewayReport(new TreeMap<>(Map.of(Given.EIP, Given.placed(holder, Given.POLICY)))));
    board.report(Given.policyReport(holder));
  }

  @Test
  void thatAnEgressIpHasNoPortLeftIsSaidAtItsGatewayAndPolicies() {
    reportUsers(Given.WORKER_1);
    assertThat(board.report(shortOfPorts(Given.WORKER_1, Given.EIP)))
        .containsExactlyInAnyOrder(GATEWAY, POLICY, TUNNEL);
    for (Target user : List.of(GATEWAY, POLICY)) {
      assertThat(exhausted(user))
          .singleElement()
          .asString()
          .contains("from 10.6.168.201 on node worker-1", "EgressTunnel", "more egress IPs");
    }
    assertThat(readyReason()).as("the others' connections go on").isEqualTo("Programmed");
    assertThat(board.report(shortOfPorts(Given.WORKER_1, Given.EIP)))
        .as("no news to policies")
        .doesNotContain(POLICY);

    assertThat(board.report(shortOfPorts(Given.WORKER_1)))
        .containsExactlyInAnyOrder(GATEWAY, POLICY, TUNNEL);
    assertThat(exhausted(GATEWAY)).isEmpty();
    assertThat(exhausted(POLICY)).isEmpty();
  }

  @Test
  void onlyWhoseEgressIpItIsHearsThatItHasNoPortLeft() {
    reportUsers(Given.WORKER_1);
    assertThat(board.report(shortOfPorts(Given.WORKER_1, IpAddress.of("10.6.168.202"))))
        .doesNotContain(POLICY);
    assertThat(exhausted(GATEWAY)).isEmpty();
    assertThat(exhausted(POLICY)).isEmpty();
  }

  @Test
  void whereAnEgressIpHasMovedItHasItsPorts() {
    reportUsers(Given.WORKER_1);
    board.report(shortOfPorts(Given.WORKER_1, Given.EIP));
    reportUsers(Given.WORKER_2);
    assertThat(exhausted(GATEWAY)).isEmpty();
    assertThat(exhausted(POLICY)).isEmpty();
  }

  @Test
  void aNodeThatIsSilentOrGoneSaysNothingOfPorts() {
    reportUsers(Given.WORKER_1);
    board.report(shortOfPorts(Given.WORKER_1, Given.EIP));
    StatusReport.NodeReport said = shortOfPorts(Given.WORKER_1, Given.EIP);
    assertThat(
            board.report(
                new StatusReport.NodeReport(
                    said.node(),
                    said.tunnel(),
                    said.facts(),
                    StatusReport.Phase.HEARTBEAT_TIMEOUT,
                    said.conditions())))
        .contains(POLICY);
    assertThat(exhausted(POLICY)).isEmpty();

    board.report(said);
    assertThat(exhausted(POLICY)).hasSize(1);
    assertThat(board.report(new StatusReport.NodeGone(Given.WORKER_1)))
        .containsExactlyInAnyOrder(GATEWAY, POLICY, TUNNEL);
    assertThat(exhausted(POLICY)).isEmpty();
  }

  @Test
  void aRetiringGatewayKeepsWhatItShows() {
    board.report(
        new StatusReport.GatewayRetiring(
            Given.GATEWAY,
            new TreeSet<>(List.of(Given.POLICY)),
            Given.conditions(Condition.notReady("Retiring", "in use"))));

    assertThat(board.wanted(GATEWAY))
        .hasValueSatisfying(wanted -> assertThat(((Wanted.OfGateway) wanted).report()).isEmpty());
  }
}
