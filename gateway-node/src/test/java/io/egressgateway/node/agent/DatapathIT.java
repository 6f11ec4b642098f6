package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.ClassRule;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.kernel.DesiredKernel;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.kernel.Tenure;
import io.egressgateway.node.kernel.Uplink;
import io.egressgateway.node.netlink.NftBatch;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.nft.NftFamily;
import io.egressgateway.node.netlink.wire.nft.NftTable;
import io.egressgateway.node.netlink.wire.nft.TableEntry;
import io.egressgateway.node.netlink.wire.nft.TableId;
import io.egressgateway.node.netlink.wire.route.NextHop;
import io.egressgateway.node.netlink.wire.route.Route;
import io.egressgateway.node.netlink.wire.route.RouteProtocol;
import io.egressgateway.node.netlink.wire.route.RoutingTable;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Real packets through real kernels: what leaves, and with which source. */
final class DatapathIT extends WorkerAndGateway {
  private static final Selection NOTHING = Selection.none(Plans.CLUSTER);
  private static final int TCP_PORT = 9001;
  private static final int STRAY_MILLIS = 500;

  private static NodePlan workerPlan(Selection selection, Ownership ownership) {
    return Plans.plan(Plans.mesh(WORKER, GATEWAY), selection, ownership);
  }

  private static NodePlan gatewayPlan(Selection selection, Ownership ownership) {
    return Plans.plan(Plans.mesh(GATEWAY, WORKER), selection, ownership);
  }

  private void establish() throws Exception {
    gatewayKernel.reconcile(gatewayPlan(NOTHING, Plans.holding(EIP, GATEWAY)));
    workerKernel.reconcile(workerPlan(Plans.selection(POD), Plans.routedTo(GATEWAY)));
  }

  @Test
  void aSelectedPodLeavesWithItsEgressIpAndOthersWithTheirNodes() throws Exception {
    NetworkNamespace other = lab.pod(worker, "10.244.1.6");
    assertThat(lab.sourceOf(pod)).contains("10.6.168.11");
    establish();
    assertThat(lab.sourceOf(pod)).contains(EIP);
    assertThat(lab.sourceOf(other)).contains("10.6.168.11");
  }

  @Test
  void aNodeThatBootsOrIsGivenUpForwardsNothingWithThePodsAddress() throws Exception {
    workerKernel.reconcile(workerPlan(Plans.selection(POD), Plans.routedTo(GATEWAY)));
    NodePlan plan = gatewayPlan(NOTHING, Plans.holding(EIP, GATEWAY));
    Uplink uplink = gatewayKernel.thread().executor().submit(gatewayKernel.kernel()::uplink).get();
    try (DatapathLab.Client client = lab.client(pod)) {
      gatewayKernel.become(DesiredKernel.of(plan, uplink, Tenure.LEASED), client::sendAfter);
      // A flow that was tracked before its translation was there would never get out.
      assertThat(client.ask()).contains(EIP);
      gatewayKernel.become(DesiredKernel.none(), client::sendAfter);
    }
    assertThat(lab.sourceOf(lab.pod(worker, "10.244.1.6"))).contains("10.6.168.11");
    assertThat(lab.arrivals())
        .filteredOn(arrival -> !arrival.startsWith("10.6.168.11 "))
        .isNotEmpty()
        .allMatch(arrival -> arrival.startsWith(EIP + " "));
  }

  @Test
  void aStrayToAnEgressIpGetsNoAnswer() throws Exception {
    establish();
    assertThatThrownBy(
            () ->
                lab.server()
                    .run(
                        () -> {
                          try (Socket stray = new Socket()) {
                            stray.connect(new InetSocketAddress(EIP, TCP_PORT), STRAY_MILLIS);
                          }
                          return EIP;
                        }))
        // A reset would be a refusal, and would kill a flow that another node is taking over.
        .hasRootCauseInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void withoutThePolicyThePodLeavesWithItsNodesAddressAgain() throws Exception {
    establish();
    assertThat(lab.sourceOf(pod)).contains(EIP);
    workerKernel.reconcile(workerPlan(NOTHING, Ownership.none()));
    assertThat(lab.sourceOf(pod)).contains("10.6.168.11");
  }

  @Test
  void aFlowDoesNotOutliveItsPolicyAndOthersGoOn() throws Exception {
    NetworkNamespace other = lab.pod(worker, "10.244.1.6");
    gatewayKernel.reconcile(gatewayPlan(NOTHING, Plans.holding(EIP, GATEWAY)));
    Selection both =
        new Selection(
            Plans.CLUSTER,
            new TreeMap<>(
                Map.of(
                    IpAddress.of(POD), new ClassNumber(1),
                    IpAddress.of("10.244.1.6"), new ClassNumber(1))),
            Plans.selection(POD).rules());
    workerKernel.reconcile(workerPlan(both, Plans.routedTo(GATEWAY)));
    DatapathLab.Client deselected = lab.client(pod);
    DatapathLab.Client kept = lab.client(other);
    assertThat(deselected.ask()).contains(EIP);
    assertThat(kept.ask()).contains(EIP);
    String keptBefore = DatapathLab.shell(worker, "conntrack -L -o id -s 10.244.1.6 2>/dev/null");
    workerKernel.reconcile(workerPlan(Plans.selection("10.244.1.6"), Plans.routedTo(GATEWAY)));
    assertThat(deselected.ask()).contains("10.6.168.11");
    assertThat(kept.ask()).contains(EIP);
    String id = keptBefore.substring(keptBefore.indexOf("id="));
    assertThat(DatapathLab.shell(worker, "conntrack -L -o id -s 10.244.1.6 2>/dev/null"))
        .contains(id.strip());
    workerKernel.reconcile(workerPlan(NOTHING, Ownership.none()));
    assertThat(kept.ask()).contains("10.6.168.11");
    assertThat(DatapathLab.shell(worker, "conntrack -L 2>/dev/null")).doesNotContain("mark=6375");
  }

  @Test
  void anEgressIpThatNobodyHoldsIsDroppedNotLeaked() throws Exception {
    workerKernel.reconcile(workerPlan(Plans.selection(POD), Ownership.none()));
    assertThat(lab.sourceOf(pod)).isEmpty();
  }

  @Test
  void aGatewayThatDoesNotHoldTheAddressDropsInsteadOfLeaking() throws Exception {
    gatewayKernel.reconcile(gatewayPlan(NOTHING, Ownership.none()));
    workerKernel.reconcile(workerPlan(Plans.selection(POD), Plans.routedTo(GATEWAY)));
    assertThat(lab.sourceOf(pod)).isEmpty();
  }

  @Test
  void aHolderThatIsNoPeerIsDroppedNotLeaked() throws Exception {
    workerKernel.reconcile(
        Plans.plan(Plans.mesh(WORKER), Plans.selection(POD), Plans.routedTo(GATEWAY)));
    assertThat(lab.sourceOf(pod)).isEmpty();
  }

  @Test
  void aPodOnTheGatewayNodeItselfLeavesWithTheEgressIp() throws Exception {
    NetworkNamespace local = lab.pod(gateway, "10.244.2.5");
    gatewayKernel.reconcile(
        gatewayPlan(Plans.selection("10.244.2.5"), Plans.holding(EIP, GATEWAY)));
    assertThat(lab.sourceOf(local)).contains(EIP);
  }

  @Test
  void aSecondRunFindsNothingToDo() throws Exception {
    establish();
    NodePlan plan = workerPlan(Plans.selection(POD), Plans.routedTo(GATEWAY));
    assertThat(workerKernel.reconcile(plan).changes()).isEmpty();
    assertThat(lab.kernel(worker).reconcile(plan).changes()).isEmpty();
  }

  @Test
  void elementsChangeWithoutTouchingTheRest() throws Exception {
    establish();
    NodePlan everythingSplit =
        workerPlan(
            new Selection(
                Plans.CLUSTER.plus(Cidr.of("203.0.113.0/24")),
                Plans.selection(POD).endpoints(),
                new TreeSet<>(List.of(rule("0.0.0.0/1"), rule("128.0.0.0/1"), rule("2000::/3")))),
            Plans.routedTo(GATEWAY));
    assertThat(workerKernel.reconcile(everythingSplit).changes()).hasSize(1);
    assertThat(lab.sourceOf(pod)).contains(EIP);
    NodePlan back = workerPlan(Plans.selection(POD), Plans.routedTo(GATEWAY));
    assertThat(workerKernel.reconcile(back).changes()).isNotEmpty();
    assertThat(lab.sourceOf(pod)).contains(EIP);
  }

  private static ClassRule rule(String destination) {
    return new ClassRule(new ClassNumber(1), Cidr.of(destination), new EipNumber(1));
  }

  @Test
  void whatSomebodyTookAwayComesBack() throws Exception {
    establish();
    DatapathLab.in(
        worker,
        routing -> {
          for (Route route : routing.routes(IpFamily.IPV4, KernelReader.PROTOCOL)) {
            routing.deleteRoute(route);
          }
        });
    assertThat(lab.sourceOf(pod)).isEmpty();
    NodePlan plan = workerPlan(Plans.selection(POD), Plans.routedTo(GATEWAY));
    // The way to the gateway node, and the way back that a node with a lease keeps ready.
    assertThat(workerKernel.reconcile(plan).changes()).hasSize(2);
    assertThat(lab.sourceOf(pod)).contains(EIP);
  }

  @Test
  void nothingOfOthersIsTouchedAndNothingOfOursIsLeft() throws Exception {
    Route foreign =
        Route.to(Cidr.of("198.51.100.0/24"), NextHop.via(IpAddress.of("10.6.168.1")))
            .in(RoutingTable.ofBits(0x26010000 | GATEWAY))
            .by(RouteProtocol.STATIC);
    TableId table = new TableId(NftFamily.INET, "egressgateway-of-someone-else");
    DatapathLab.in(worker, routing -> routing.addRoute(foreign));
    addTable(worker, table);
    establish();
    assertThat(workerKernel.clear().isEmpty()).isTrue();
    assertThat(gatewayKernel.clear().isEmpty()).isTrue();
    DatapathLab.in(
        worker,
        routing -> {
          assertThat(routing.routes(IpFamily.IPV4, foreign.table())).hasSize(1);
          assertThat(routing.rules(IpFamily.IPV4))
              .noneMatch(rule -> rule.protocol().equals(KernelReader.PROTOCOL));
        });
    assertThat(tables(worker)).contains(table).noneMatch(id -> id.name().equals("egressgateway"));
    assertThat(lab.sourceOf(pod)).contains("10.6.168.11");
  }

  private static void addTable(NetworkNamespace namespace, TableId table) {
    namespace.run(
        () -> {
          try (NftNetlink nft = NftNetlink.open(SocketLimits.REQUESTS)) {
            nft.commit(new NftBatch().addTable(NftTable.of(table)));
          }
          return table;
        });
  }

  private static List<TableId> tables(NetworkNamespace namespace) {
    return namespace.run(
        () -> {
          try (NftNetlink nft = NftNetlink.open(SocketLimits.REQUESTS)) {
            return nft.tables().stream().map(TableEntry::table).map(NftTable::id).toList();
          }
        });
  }
}
