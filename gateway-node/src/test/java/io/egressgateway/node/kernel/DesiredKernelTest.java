package io.egressgateway.node.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.plan.Mesh;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.node.kernel.KernelChange.Put;
import io.egressgateway.node.kernel.KernelChange.ReplaceTable;
import io.egressgateway.node.kernel.KernelObject.HeldAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class DesiredKernelTest {
  private static final Selection NOTHING = Selection.none(Plans.CLUSTER);

  @Test
  void aWorkerRoutesMarkedPacketsToTheHolder() {
    DesiredKernel worker =
        desired(Plans.plan(Plans.mesh(11, 12), Plans.selection("10.244.1.5"), Plans.routedTo(12)));
    assertThat(objects(worker))
        .contains(
            "route 0.0.0.0/0 of table 0x2601000c",
            "rule 99 of IPv4 from mark 0x2601000c to table 0x2601000c")
        .noneMatch(identity -> identity.startsWith("rule 98"))
        .noneMatch(identity -> identity.startsWith("egress IP"));
    assertThat(elements(worker))
        .contains(
            "pod_class_v4 { 10.244.1.5 } : 0x00000001",
            "class_eip_v4 { 0x00000001 . 0.0.0.0-0x00000001 . 255.255.255.255 } : 0x26000001",
            "eip_next_hop { 0x26000001 } : 0x2601000c")
        .noneMatch(element -> element.startsWith("eip_address"))
        .noneMatch(element -> element.startsWith("node_mark"));
  }

  @Test
  void aWorkerThatSendsToOneGatewayNodeHasTheWaysToTheOthersReady() {
    DesiredKernel before =
        desired(
            Plans.plan(Plans.mesh(11, 12, 13), Plans.selection("10.244.1.5"), Plans.routedTo(12)));
    DesiredKernel after =
        desired(
            Plans.plan(Plans.mesh(11, 12, 13), Plans.selection("10.244.1.5"), Plans.routedTo(13)));

    assertThat(objects(before))
        .contains(
            "route 0.0.0.0/0 of table 0x2601000d",
            "rule 99 of IPv4 from mark 0x2601000d to table 0x2601000d");
    assertThat(KernelDelta.between(after, before.state()).changes())
        .hasOnlyElementsOfType(KernelChange.UpdateElements.class);
  }

  @Test
  void nothingStandsReadyWhereNothingIsSentOrThereAreTooManyGatewayNodes() {
    int[] many = IntStream.rangeClosed(12, 28).toArray();
    assertThat(objects(desired(Plans.plan(Plans.mesh(11, 12, 13), NOTHING, Ownership.none()))))
        .noneMatch(identity -> identity.startsWith("rule 99"));
    assertThat(
            objects(
                desired(
                    Plans.plan(
                        Plans.mesh(11, many), Plans.selection("10.244.1.5"), Plans.routedTo(12)))))
        .filteredOn(identity -> identity.startsWith("rule 99 of IPv4"))
        .containsExactly("rule 99 of IPv4 from mark 0x2601000c to table 0x2601000c");
  }

  @Test
  void aHolderTranslatesAnswersAndRoutesBack() {
    DesiredKernel gateway =
        desired(Plans.plan(Plans.mesh(12, 11), NOTHING, Plans.holding("10.6.168.201", 12)));
    assertThat(objects(gateway))
        .contains(
            "route 0.0.0.0/0 of table 0x2702000b",
            "rule 98 of IPv4 from mark 0x2702000b to table 0x2702000b",
            "egress IP 10.6.168.201 on eth0")
        .noneMatch(identity -> identity.startsWith("rule 99"));
    assertThat(elements(gateway))
        .contains(
            "eip_next_hop { 0x26000001 } : 0x26000001",
            "eip_address_v4 { 0x26000001 } : 10.6.168.201",
            "held_eips_v4 { 10.6.168.201 }",
            "node_mark { 66:00:00:00:00:0b } : 0x2702000b");
  }

  @Test
  void theNodesOwnAddressIsTranslatedToAndNotHeld() {
    NodePlan plan =
        Plans.plan(
            Plans.mesh(12, 11),
            NOTHING,
            Plans.holding(NodeAddressSlot.of(new GatewayName("default")).toString(), 12));
    DesiredKernel gateway =
        DesiredKernel.of(
            plan, uplink("10.6.1.1", "10.6.168.12", "fd06::12", "fd07::12"), Tenure.LEASED);
    assertThat(objects(gateway)).noneMatch(identity -> identity.startsWith("egress IP"));
    assertThat(elements(gateway))
        .contains(
            "eip_next_hop { 0x26000001 } : 0x26000001",
            "eip_address_v4 { 0x26000001 } : 10.6.168.12",
            "eip_address_v6 { 0x26000001 } : fd06::12",
            "own_source_v4 { 0x26000001 . 10.6.168.12 }",
            "own_source_v6 { 0x26000001 . fd06::12 }")
        .noneMatch(element -> element.startsWith("held_eips"));
  }

  @Test
  void connectionsWithAnyOfTheNodesOwnAddressesGoOn() {
    NodePlan plan =
        Plans.plan(
            Plans.mesh(12, 11),
            NOTHING,
            Plans.holding(NodeAddressSlot.of(new GatewayName("default")).toString(), 12));
    IpAddress chosen = IpAddress.of("fd07::12");
    Uplink uplink =
        uplink("10.6.1.1", "10.6.168.12", "fd06::12", "fd07::12")
            .from(new TreeMap<>(Map.of(chosen.family(), chosen)));
    assertThat(elements(DesiredKernel.of(plan, uplink, Tenure.LEASED)))
        .contains(
            "eip_address_v6 { 0x26000001 } : fd07::12",
            "own_source_v4 { 0x26000001 . 10.6.1.1 }",
            "own_source_v4 { 0x26000001 . 10.6.168.12 }",
            "own_source_v6 { 0x26000001 . fd06::12 }",
            "own_source_v6 { 0x26000001 . fd07::12 }");
  }

  @Test
  void anUplinkWithoutAnAddressOfAFamilyTranslatesToNone() {
    NodePlan plan =
        Plans.plan(
            Plans.mesh(12, 11),
            NOTHING,
            Plans.holding(NodeAddressSlot.of(new GatewayName("default")).toString(), 12));
    assertThat(elements(DesiredKernel.of(plan, uplink("10.6.168.12"), Tenure.LEASED)))
        .noneMatch(element -> element.startsWith("eip_address_v6"));
  }

  @Test
  void onlyNodesWithIpv6PacketsForwardThem() {
    NodePlan ipv4 = Plans.plan(Plans.mesh(12, 11), NOTHING, Plans.holding("10.6.168.201", 12));
    NodePlan ipv6 = Plans.plan(Plans.mesh(12, 11), NOTHING, Plans.holding("fd06::201", 12));
    assertThat(desired(ipv4).state().settings()).doesNotContainKey(DesiredKernel.IPV6_FORWARDING);
    assertThat(desired(ipv6).state().settings()).containsEntry(DesiredKernel.IPV6_FORWARDING, "1");
  }

  private static Uplink uplink(String... addresses) {
    Uplink plain = Plans.uplink();
    TreeSet<IpAddress> own = new TreeSet<>();
    for (String address : addresses) {
      own.add(IpAddress.of(address));
    }
    return new Uplink(plain.name(), plain.mtu(), plain.mac(), own);
  }

  @Test
  void withoutALeaseNothingIsHeldAndNothingElseChanges() {
    NodePlan holding = Plans.plan(Plans.mesh(12, 11), NOTHING, Plans.holding("10.6.168.201", 12));
    DesiredKernel unleased = DesiredKernel.of(holding, Plans.uplink(), Tenure.UNLEASED);
    assertThat(objects(unleased)).noneMatch(identity -> identity.startsWith("egress IP"));
    assertThat(elements(unleased))
        .contains("eip_next_hop { 0x26000001 } : 0x26000001")
        .noneMatch(element -> element.startsWith("eip_address"))
        .noneMatch(element -> element.startsWith("held_eips"));
    assertThat(KernelDelta.between(desired(holding), unleased.state()).newlyHeld())
        .containsExactly(IpAddress.of("10.6.168.201"));
  }

  @Test
  void theFirstEgressIpOfAnEnlistedNodeBringsOnlyItself() {
    NodePlan holding = Plans.plan(Plans.mesh(12, 11), NOTHING, Plans.holding("10.6.168.201", 12));
    DesiredKernel waiting = DesiredKernel.of(holding, Plans.uplink(), Tenure.ENLISTED);
    assertThat(objects(waiting)).noneMatch(identity -> identity.startsWith("egress IP"));
    assertThat(KernelDelta.between(desired(holding), waiting.state()).changes())
        .hasSize(2)
        .hasAtLeastOneElementOfType(KernelChange.UpdateElements.class)
        .endsWith(new Put(new HeldAddress("eth0", IpAddress.of("10.6.168.201"))));
  }

  @Test
  void anEgressIpThatNobodyHoldsHasNoNextHop() {
    DesiredKernel worker =
        desired(Plans.plan(Plans.mesh(11, 12), Plans.selection("10.244.1.5"), Ownership.none()));
    assertThat(elements(worker))
        .noneMatch(element -> element.startsWith("eip_next_hop"))
        .anyMatch(element -> element.startsWith("class_eip_v4"));
  }

  @Test
  void aHolderThatIsNoPeerGetsAMarkButNoRoute() {
    DesiredKernel worker =
        desired(Plans.plan(Plans.mesh(11), Plans.selection("10.244.1.5"), Plans.routedTo(12)));
    assertThat(elements(worker)).contains("eip_next_hop { 0x26000001 } : 0x2601000c");
    assertThat(objects(worker))
        .filteredOn(identity -> identity.startsWith("r"))
        .containsExactly(
            "rule 32765 of IPv4 against what egress.vxlan brings unmarked",
            "rule 32765 of IPv6 against what egress.vxlan brings unmarked");
  }

  @Test
  void nothingIsMadeOfAFamilyThatTheTunnelHasNot() {
    TunnelEndpoint both = Plans.endpoint(11);
    TunnelEndpoint self =
        new TunnelEndpoint(
            both.node(),
            both.number(),
            both.mac(),
            new TunnelEndpoint.Addresses(
                both.addresses().underlay(), both.addresses().ipv4(), Optional.empty()));
    Mesh mesh = Mesh.of(self, Plans.TUNNEL, List.of());
    assertThat(objects(desired(Plans.plan(mesh, NOTHING, Ownership.none()))))
        .contains("rule 32765 of IPv4 against what egress.vxlan brings unmarked")
        .noneMatch(identity -> identity.contains("IPv6"));
  }

  @Test
  void clusterNetworksAreMergedRanges() {
    assertThat(elements(desired(Plans.plan(Plans.mesh(11), NOTHING, Ownership.none()))))
        .containsExactly(
            "cluster_cidrs_v4 { 10.96.0.0-10.111.255.255 }",
            "cluster_cidrs_v4 { 10.244.0.0-10.244.255.255 }",
            "cluster_cidrs_v4 { 172.31.0.0-172.31.255.255 }",
            "cluster_cidrs_v6 { fd44::-fd44:ffff:ffff:ffff:ffff:ffff:ffff:ffff }");
  }

  @Test
  void anAddressIsTakenLastAndGivenUpFirst() {
    DesiredKernel idle = desired(Plans.plan(Plans.mesh(12, 11), NOTHING, Ownership.none()));
    DesiredKernel holding =
        desired(Plans.plan(Plans.mesh(12, 11), NOTHING, Plans.holding("10.6.168.201", 12)));
    List<KernelChange> taken = KernelDelta.between(holding, idle.state()).changes();
    assertThat(taken.getLast())
        .isEqualTo(new Put(new HeldAddress("eth0", IpAddress.of("10.6.168.201"))));
    assertThat(KernelDelta.between(holding, idle.state()).newlyHeld())
        .containsExactly(IpAddress.of("10.6.168.201"));
    List<KernelChange> given = KernelDelta.between(idle, holding.state()).changes();
    assertThat(given.getFirst())
        .isEqualTo(new KernelChange.Remove(new HeldAddress("eth0", IpAddress.of("10.6.168.201"))));
  }

  @Test
  void aTunnelDeviceThatGetsItsAddressBackGetsItsNeighboursBack() {
    DesiredKernel desired = desired(Plans.plan(Plans.mesh(12, 11), NOTHING, Ownership.none()));
    List<KernelObject> objects = new ArrayList<>(desired.state().objects().values());
    objects.replaceAll(
        object ->
            object instanceof KernelObject.Tunnel(var device, var mac, var outer, var operation)
                ? new KernelObject.Tunnel(device, new MacAddress(mac.bits() ^ 1), outer, operation)
                : object);
    assertThat(KernelDelta.between(desired, desired.state().withObjects(objects)).changes())
        .extracting(KernelChange::subject)
        .containsExactly(
            "tunnel device egress.vxlan",
            "neighbour 172.31.0.11 on egress.vxlan",
            "neighbour fd11::b on egress.vxlan");
  }

  @Test
  void aForeignRulesetIsReplacedWithAllElements() {
    DesiredKernel desired =
        desired(Plans.plan(Plans.mesh(11, 12), Plans.selection("10.244.1.5"), Plans.routedTo(12)));
    KernelState tampered =
        desired
            .state()
            .withTable(
                desired
                    .state()
                    .table()
                    .map(
                        table ->
                            new TableState(
                                new TableState.Fingerprint("x", new TreeSet<>(), new TreeMap<>()),
                                table.elements())));
    assertThat(KernelDelta.between(desired, tampered).changes())
        .singleElement()
        .isInstanceOfSatisfying(
            ReplaceTable.class,
            replace -> assertThat(replace.elements()).isEqualTo(desired.elements().toList()));
  }

  @Test
  void everyRuleSaysWhatItIsFor() {
    Ruleset ruleset =
        desired(Plans.plan(Plans.mesh(11), NOTHING, Ownership.none())).ruleset().orElseThrow();
    assertThat(ruleset.rules())
        .allSatisfy(rule -> assertThat(rule.comment()).get().asString().hasSizeBetween(10, 127));
  }

  private static DesiredKernel desired(NodePlan plan) {
    Tenure tenure = plan.ownership().held().isEmpty() ? Tenure.UNLEASED : Tenure.LEASED;
    return DesiredKernel.of(plan, Plans.uplink(), tenure);
  }

  private static List<String> objects(DesiredKernel desired) {
    return desired.state().objects().keySet().stream().map(KernelObject.Key::identity).toList();
  }

  private static List<String> elements(DesiredKernel desired) {
    return desired.elements().stream().map(Element::toString).toList();
  }
}
