package io.egressgateway.node.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class KernelWayTest {
  private static final IpAddress POD = IpAddress.of("10.244.2.5");
  private static final IpAddress OUTSIDE = IpAddress.of("192.0.2.1");
  private static final IpAddress EIP = IpAddress.of("10.6.168.201");
  private static final EipNumber NUMBER = new EipNumber(1);

  private static final NodePlan WORKER =
      Plans.plan(Plans.mesh(12, 11), Plans.selection("10.244.2.5"), Plans.routedTo(11));
  private static final NodePlan GATEWAY =
      Plans.plan(
          Plans.mesh(11, 12), Selection.none(Plans.CLUSTER), Plans.holding(EIP.toString(), 11));
  private static final WayQuestion OF_POD =
      new WayQuestion.OfPod(
          POD, OUTSIDE, Optional.of(NUMBER), Optional.of(new NodeName("node-11")));
  private static final WayQuestion OF_HOLDER =
      new WayQuestion.OfHolder(NUMBER, EIP, new NodeName("node-12"), OUTSIDE);

  private static DesiredKernel desired(NodePlan plan) {
    return DesiredKernel.of(plan, Plans.uplink(), Tenure.LEASED);
  }

  private static List<WayFact> ask(WayQuestion question, NodePlan plan, KernelState found) {
    return KernelWay.of(question, plan, desired(plan), found);
  }

  private static List<String> different(List<WayFact> facts) {
    return facts.stream()
        .filter(fact -> fact.agreement() == WayFact.Agreement.DIFFERS)
        .map(WayFact::subject)
        .toList();
  }

  @Test
  void fromThePodToTheFrameEveryHopIsLookedAt() {
    List<WayFact> facts = ask(OF_POD, WORKER, desired(WORKER).state());

    assertThat(facts)
        .extracting(WayFact::subject)
        .containsExactly(
            "plan 1",
            "rules of table inet egressgateway",
            "cluster, if the destination is inside",
            "class of the pod",
            "egress IP of class and destination",
            "next hop of the egress IP",
            "routing rule for mark 0x2601000b",
            "route of table 0x2601000b",
            "neighbour in the tunnel",
            "forwarding entry of the tunnel",
            "tunnel device",
            "net/ipv4/ip_forward");
    assertThat(different(facts)).isEmpty();
    assertThat(facts)
        .extracting(WayFact::found)
        .contains(
            "egress IP 1 of node-11",
            "nothing",
            "pod_class_v4 { 10.244.2.5 } : 0x00000001",
            "eip_next_hop { 0x26000001 } : 0x2601000b",
            "route 0.0.0.0/0 of table 0x2601000b via 172.31.0.11 on egress.vxlan",
            "forwarding of 66:00:00:00:00:0b on egress.vxlan to 10.6.168.11");
  }

  @Test
  void throughTheHolderEveryHopIsLookedAt() {
    List<WayFact> facts = ask(OF_HOLDER, GATEWAY, desired(GATEWAY).state());

    assertThat(facts)
        .extracting(WayFact::subject)
        .containsExactly(
            "plan 1, held as egress IP 1",
            "rules of table inet egressgateway",
            "sender that the tunnel takes packets from",
            "mark of the sender",
            "routing rule for mark 0x2702000c",
            "route of table 0x2702000c",
            "neighbour in the tunnel",
            "forwarding entry of the tunnel",
            "tunnel device",
            "source of the egress IP",
            "egress IP that is answered for",
            "egress IP on its link",
            "net/ipv4/ip_forward");
    assertThat(different(facts)).isEmpty();
  }

  /** What foreign hands may take away. */
  enum Loss {
    POD_CLASS("class of the pod", element(LookupSet.POD_CLASS_V4)),
    CLASS_EIP("egress IP of class and destination", element(LookupSet.CLASS_EIP_V4)),
    NEXT_HOP("next hop of the egress IP", element(LookupSet.EIP_NEXT_HOP)),
    RULE("routing rule for mark 0x2601000b", KernelObject.RoutingRule.class::isInstance),
    ROUTE("route of table 0x2601000b", KernelObject.Route.class::isInstance),
    NEIGHBOUR("neighbour in the tunnel", KernelObject.Neighbour.class::isInstance),
    FORWARDING("forwarding entry of the tunnel", KernelObject.Forwarding.class::isInstance);

    private final String subject;

    @SuppressWarnings("ImmutableEnumChecker") // captures nothing that changes
    private final Predicate<Object> what;

    Loss(String subject, Predicate<Object> what) {
      this.subject = subject;
      this.what = what;
    }

    private static Predicate<Object> element(LookupSet set) {
      return object -> object instanceof Element element && element.set() == set;
    }

    KernelState from(KernelState state) {
      List<KernelObject> objects = new ArrayList<>(state.objects().values());
      objects.removeIf(what);
      return state
          .withObjects(objects)
          .withTable(
              state
                  .table()
                  .map(
                      table ->
                          TableState.of(
                              table.fingerprint(),
                              table.elements().stream().filter(what.negate()).toList())));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsMissingDiffersAndNothingElse(Loss loss) {
    List<WayFact> facts = ask(OF_POD, WORKER, loss.from(desired(WORKER).state()));

    assertThat(different(facts)).containsExactly(loss.subject);
    assertThat(facts)
        .filteredOn(fact -> fact.subject().equals(loss.subject))
        .extracting(WayFact::found)
        .containsExactly("nothing");
  }

  @Test
  void aDestinationThatOthersPutInsideTheClusterDiffers() {
    NodePlan others =
        Plans.plan(
            WORKER.mesh(),
            new Selection(
                Plans.CLUSTER.plus(Cidr.of("192.0.2.0/24")),
                WORKER.selection().endpoints(),
                WORKER.selection().rules()),
            WORKER.ownership());

    List<WayFact> facts = ask(OF_POD, WORKER, desired(others).state());

    assertThat(different(facts)).containsExactly("cluster, if the destination is inside");
    assertThat(facts)
        .extracting(WayFact::found)
        .contains("cluster_cidrs_v4 { 192.0.2.0-192.0.2.255 }");
  }

  @Test
  void anAgentWithAnotherPlanThanTheControllersSaysSo() {
    NodePlan moved = Plans.plan(Plans.mesh(12, 11, 13), WORKER.selection(), Plans.routedTo(13));

    List<WayFact> facts = ask(OF_POD, moved, desired(moved).state());

    assertThat(different(facts)).containsExactly("plan 1");
    assertThat(facts.getFirst().planned()).isEqualTo("egress IP 1 of node-11");
    assertThat(facts.getFirst().found()).isEqualTo("egress IP 1 of node-13");
  }

  @Test
  void whatIsLeftAloneIsInTheClusterOrHasNoClass() {
    WayQuestion inside =
        new WayQuestion.OfPod(POD, IpAddress.of("10.96.0.1"), Optional.empty(), Optional.empty());
    WayQuestion unselected =
        new WayQuestion.OfPod(
            IpAddress.of("10.244.2.6"), OUTSIDE, Optional.empty(), Optional.empty());

    assertThat(different(ask(inside, WORKER, desired(WORKER).state()))).isEmpty();
    assertThat(ask(inside, WORKER, desired(WORKER).state()))
        .extracting(WayFact::found)
        .contains("no egress IP", "cluster_cidrs_v4 { 10.96.0.0-10.111.255.255 }");
    assertThat(ask(unselected, WORKER, desired(WORKER).state()))
        .extracting(WayFact::found)
        .containsOnlyOnce("no egress IP");
  }

  @Test
  void aHolderWithoutTheAddressDiffers() {
    KernelState unleased = DesiredKernel.of(GATEWAY, Plans.uplink(), Tenure.ENLISTED).state();

    assertThat(different(ask(OF_HOLDER, GATEWAY, unleased)))
        .containsExactly(
            "source of the egress IP", "egress IP that is answered for", "egress IP on its link");
  }

  @Test
  void aKernelWithoutAnythingDiffersAndDoesNotFail() {
    assertThat(different(ask(OF_POD, WORKER, KernelState.empty())))
        .contains("rules of table inet egressgateway", "tunnel device");
  }
}
