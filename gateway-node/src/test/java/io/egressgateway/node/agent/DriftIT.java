package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.node.kernel.DesiredKernel;
import io.egressgateway.node.kernel.DriftKind;
import io.egressgateway.node.kernel.KernelDelta;
import io.egressgateway.node.kernel.KernelState;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.kernel.Tenure;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever foreign hands do to a node's kernel, the agent hears of it and puts it right. */
final class DriftIT {
  private static final int HERE = 12;
  private static final int THERE = 11;

  /** Far away: what is repaired was heard of. */
  private static final Duration DRIFT = Duration.ofHours(1);

  private static final NodePlan PLAN =
      Plans.plan(Plans.mesh(HERE, THERE, 13), Plans.selection("10.244.2.5"), ownership());

  private final ActorTestKit akka = ActorTestKit.create();
  private final DatapathLab lab = new DatapathLab();
  private final DriftRepairs repairs = new DriftRepairs();
  private final TestProbe<ControllerLink.Command> link = akka.createTestProbe();
  private final NetworkNamespace node;
  private final LabKernel kernel;

  DriftIT() throws Exception {
    node = lab.node(HERE);
    kernel = lab.kernel(node);
  }

  /** This node holds one egress IP and sends to another. */
  private static Ownership ownership() {
    Ownership holding = Plans.holding("10.6.168.201", HERE);
    var routes = new TreeMap<>(holding.routes());
    routes.put(new EipNumber(2), new NodeNumber(THERE));
    return new Ownership(routes, holding.held());
  }

  @BeforeEach
  void start() throws Exception {
    ActorRef<NodeAgent.Message> agent =
        akka.spawn(
            NodeAgent.create(
                new NodeAgent.Parts(
                    kernel.kernel(),
                    kernel.thread(),
                    new FakeLease(),
                    repairs,
                    self ->
                        Behaviors.monitor(
                            ControllerLink.Command.class, link.ref(), Behaviors.ignore()),
                    AgentWatch.NOBODY),
                new AgentSettings(
                    DRIFT,
                    Duration.ofMillis(100),
                    new Backoff(Duration.ofMillis(200), Duration.ofSeconds(1)),
                    System::nanoTime)));
    kernel
        .thread()
        .executor()
        .submit(
            () ->
                kernel
                    .kernel()
                    .watch(List.of(), what -> agent.tell(new NodeAgent.KernelChanged(what))))
        .get();
    NodeSession session = new NodeSession(new NodeName("node-12"), "boot", 1);
    link.receiveMessage();
    agent.tell(new NodeAgent.LeaseTold(new LeaseNews.Changed(session, Standing.LEASED)));
    agent.tell(new NodeAgent.PlanReceived(PLAN));
    Awaitility.await().until(this::isAsPlanned);
  }

  @AfterEach
  void stop() {
    akka.shutdownTestKit();
    lab.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          nft flush ruleset                                                       | RULESET
          nft delete table inet egressgateway                                     | RULESET
          nft add table inet egressgateway '{ flags dormant ; }'                  | RULESET
          nft flush chain inet egressgateway translate                            | RULESET
          nft add chain inet egressgateway postrouting '{ policy drop ; }'        | RULESET
          nft insert rule inet egressgateway translate accept                     | RULESET
          nft flush set inet egressgateway held_eips_v4                           | SET_ELEMENT
          nft delete element inet egressgateway eip_address_v4 '{ 0x26000001 }'   | SET_ELEMENT
          nft add element inet egressgateway cluster_cidrs_v4 '{ 8.8.8.8 }'       | SET_ELEMENT
          ip rule flush                                                           | ROUTING_RULE
          ip rule del priority 99                                                 | ROUTING_RULE
          ip -6 rule del priority 98                                              | ROUTING_RULE
          ip rule del priority 32765                                              | ROUTING_RULE
          ip -6 rule del priority 32765                                           | ROUTING_RULE
          ip route flush table $((0x2601000b))                                    | ROUTE
          ip -6 route flush table $((0x2702000b))                                 | ROUTE
          ip addr flush dev egress.vxlan                                          | TUNNEL_ADDRESS
          ip addr del 10.6.168.201/32 dev eth0                                    | EGRESS_IP
          ip link del egress.vxlan                                                | TUNNEL_DEVICE
          ip link set egress.vxlan down                                           | TUNNEL_DEVICE
          ip link set egress.vxlan mtu 1300                                       | TUNNEL_DEVICE
          ip link set egress.vxlan address 66:00:00:00:00:ee                      | TUNNEL_DEVICE
          ip link set egress.vxlan name stolen0                                   | TUNNEL_DEVICE
          ip neigh del 172.31.0.11 dev egress.vxlan                               | NEIGHBOUR
          ip neigh replace fd11::b lladdr 66:00:00:00:00:ee dev egress.vxlan nud permanent | NEIGHBOUR
          bridge fdb del 66:00:00:00:00:0b dev egress.vxlan dst 10.6.168.11       | FORWARDING_ENTRY
          bridge fdb add 66:00:00:00:00:ee dev egress.vxlan dst 10.6.168.66       | FORWARDING_ENTRY
          echo 0 > /proc/sys/net/ipv4/conf/egress.vxlan/rp_filter                 | SETTING
          echo 0 > /proc/sys/net/ipv4/ip_forward                                  | SETTING
          """)
  void isPutRight(String vandalism, DriftKind kind) throws Exception {
    long before = repairs.count(kind);
    long start = System.nanoTime();
    DatapathLab.shell(node, vandalism);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(10))
        .until(() -> repairs.count(kind) > before && isAsPlanned());
    System.out.printf(
        "%-90s repaired after %d ms%n", vandalism, (System.nanoTime() - start) / 1_000_000);
  }

  @Test
  void aRuleThatWasRewrittenUnderItsOldCommentIsPutRight() throws Exception {
    DatapathLab.shell(
        node,
        """
        handle=$(nft -a list chain inet egressgateway translate | sed -n 's/.*does not hold.*handle //p')
        nft replace rule inet egressgateway translate handle $handle \
          counter accept comment '"this node does not hold the egress IP"'
        """);
    Awaitility.await().until(() -> repairs.count(DriftKind.RULESET) == 1 && isAsPlanned());
  }

  @Test
  void aForwardChainThatIsClosedLetsOurConnectionsPass() throws Exception {
    DatapathLab.shell(node, "iptables -P FORWARD DROP");
    awaitAcceptances(1);
    DatapathLab.shell(node, "iptables -F FORWARD");
    awaitAcceptances(2);
    DatapathLab.shell(node, "iptables -I FORWARD -j REJECT");
    awaitAcceptances(3);
    assertThat(DatapathLab.shell(node, "iptables -S FORWARD"))
        .containsSubsequence("-P FORWARD DROP", "connmark", "REJECT");
    DatapathLab.shell(node, "iptables -F; iptables -P FORWARD ACCEPT");
    Awaitility.await().until(this::isAsPlanned);
    assertThat(DatapathLab.shell(node, "iptables-save")).doesNotContain("connmark");
  }

  private void awaitAcceptances(long count) {
    Awaitility.await()
        .until(() -> repairs.count(DriftKind.FORWARD_ACCEPTANCE) == count && isAsPlanned());
  }

  @Test
  void foreignObjectsStayAndForeignChangesCostNothing() throws Exception {
    DatapathLab.shell(
        node,
        """
        nft add table inet neighbour
        nft add chain inet neighbour c
        ip rule add fwmark 0x77 priority 99 lookup 77
        ip route add default via 10.6.168.1 table 77
        for i in 1 2 3 4 5 6 7 8 9; do nft add rule inet neighbour c accept; done
        """);
    DatapathLab.shell(node, "nft delete table inet egressgateway");
    Awaitility.await().until(() -> repairs.count(DriftKind.RULESET) == 1 && isAsPlanned());
    assertThat(DatapathLab.shell(node, "nft list table inet neighbour")).contains("accept");
    assertThat(DatapathLab.shell(node, "ip rule")).contains("fwmark 0x77 lookup 77");
    assertThat(DatapathLab.shell(node, "ip route show table 77")).contains("10.6.168.1");
    assertThat(repairs.counts().values().stream().mapToLong(Long::longValue).sum()).isOne();
  }

  private boolean isAsPlanned() throws Exception {
    return kernel
        .thread()
        .executor()
        .submit(
            () -> {
              KernelState found = kernel.kernel().read();
              DesiredKernel desired =
                  DesiredKernel.of(PLAN, kernel.kernel().uplink(), Tenure.LEASED);
              return KernelDelta.between(desired.passing(found.closedForwards()), found).isEmpty();
            })
        .get();
  }
}
