package io.egressgateway.node.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.RawClock;
import io.egressgateway.node.survey.NodeSurvey;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Beside the rules of firewalld, and while it loads them anew. */
final class FirewalldIT extends WorkerAndGateway {
  private static final String EIP_V6 = "fd06::201";
  private static final String POD_V6 = "fd44::1:5";
  private static final String PODS_TRUSTED = "ip saddr 10.244.0.0/16 goto filter_FWD_trusted";
  private static final String NOBODY_TRUSTED = "";

  private final List<NodeSurvey> surveys = new ArrayList<>();

  @BeforeEach
  void reconcile() throws Exception {
    gatewayKernel.reconcile(ON_GATEWAY);
    workerKernel.reconcile(ON_WORKER);
  }

  @AfterEach
  void closeSurveys() {
    surveys.forEach(NodeSurvey::close);
  }

  private static String firewalld(String sources) throws IOException {
    try (InputStream rules =
        requireNonNull(FirewalldIT.class.getResourceAsStream("firewalld.nft"))) {
      return new String(rules.readAllBytes(), UTF_8).replace("@SOURCES@", sources);
    }
  }

  private static void load(NetworkNamespace node, String rules) throws Exception {
    DatapathLab.shell(node, "nft -f - <<'EOF'\n" + rules + "\nEOF");
  }

  /**
   * As {@code firewall-cmd --reload} does it: what is new is dropped while the rules are exchanged,
   * and those of iptables are flushed.
   */
  private static void reload(NetworkNamespace node, String sources) throws Exception {
    load(
        node,
        """
        table inet firewalld_policy_drop {
          chain filter_forward {
            type filter hook forward priority filter + 9; policy drop;
            ct state { established, related } accept
          }
        }
        """);
    DatapathLab.shell(node, "iptables -F; iptables -X; iptables -P FORWARD ACCEPT");
    load(node, "delete table inet firewalld\n" + firewalld(sources));
    DatapathLab.shell(node, "nft delete table inet firewalld_policy_drop");
  }

  private BlockingQueue<Findings> survey(NetworkNamespace node, NodePlan plan) {
    BlockingQueue<Findings> found = new LinkedBlockingQueue<>();
    NodeSurvey survey = new NodeSurvey(Duration.ofMillis(20), RawClock::nanos);
    surveys.add(survey);
    survey.wanted(plan);
    node.run(
        () -> {
          survey.start(found::add);
          return survey;
        });
    return found;
  }

  private static Findings next(BlockingQueue<Findings> found) throws InterruptedException {
    return requireNonNull(found.poll(1, TimeUnit.MINUTES), "nothing was found");
  }

  @Test
  void aReloadEndsNoConnectionAndTakesNothingOfOurs() throws Exception {
    load(worker, firewalld(PODS_TRUSTED));
    load(gateway, firewalld(PODS_TRUSTED));
    try (DatapathLab.Client client = lab.client(pod)) {
      assertThat(client.ask()).contains(EIP);
      reload(worker, PODS_TRUSTED);
      assertThat(client.ask()).contains(EIP);
      reload(gateway, PODS_TRUSTED);
      assertThat(client.ask()).contains(EIP);
    }
    assertThat(lab.sourceOf(pod)).as("a new connection").contains(EIP);
    assertThat(workerKernel.reconcile(ON_WORKER).changes()).isEmpty();
    assertThat(gatewayKernel.reconcile(ON_GATEWAY).changes()).isEmpty();
  }

  @Test
  void aReloadThatLosesWhatLetPodsPassIsToldAndLetsNothingElseOut() throws Exception {
    load(worker, firewalld(PODS_TRUSTED));
    BlockingQueue<Findings> found = survey(worker, ON_WORKER);
    assertThat(lab.sourceOf(pod)).contains(EIP);

    // firewall-cmd --zone=trusted --add-source=… without --permanent.
    reload(worker, NOBODY_TRUSTED);
    assertThat(lab.sourceOf(pod)).isEmpty();
    assertThat(next(found).collisions())
        .singleElement()
        .asString()
        .contains("inet firewalld filter_FORWARD", "egress.vxlan", "--zone=trusted --add-source");
    assertThat(lab.arrivals()).isNotEmpty().allMatch(arrival -> arrival.startsWith(EIP + " "));

    reload(worker, PODS_TRUSTED);
    assertThat(next(found)).isEqualTo(Findings.NONE);
    assertThat(lab.sourceOf(pod)).contains(EIP);
  }

  @Test
  void aGatewayNodeWhoseFirewallLetsNothingOutOfTheTunnelSaysSo() throws Exception {
    BlockingQueue<Findings> found = survey(gateway, ON_GATEWAY);
    load(gateway, firewalld(NOBODY_TRUSTED).replace("oifname \"eth0\" accept", ""));
    assertThat(next(found).collisions())
        .singleElement()
        .asString()
        .contains("inet firewalld filter_FORWARD", "from egress.vxlan to eth0");
    assertThat(lab.sourceOf(pod)).isEmpty();

    // With its link in the default zone, firewalld forwards to it whatever comes in there.
    reload(gateway, NOBODY_TRUSTED);
    assertThat(next(found)).isEqualTo(Findings.NONE);
    assertThat(lab.sourceOf(pod)).contains(EIP);
  }

  @Test
  void anyOtherTableThatStopsOurPacketsIsNamedWithTheRuleThatOpensIt() throws Exception {
    BlockingQueue<Findings> found = survey(gateway, ON_GATEWAY);
    load(
        gateway,
        """
        table ip guard {
          chain forwarding {
            type filter hook forward priority 0; policy drop;
            ct state vmap { established : accept, related : accept, invalid : drop }
            ip daddr 10.6.0.0/16 accept
          }
        }
        """);
    assertThat(lab.sourceOf(pod)).contains(EIP);
    DatapathLab.shell(gateway, "ip rule add fwmark 0x1/0x1 priority 9 lookup 77");
    assertThat(next(found).collisions())
        .as("where packets go to is not known")
        .singleElement()
        .asString()
        .contains("rule 9");
    DatapathLab.shell(gateway, "ip rule del priority 9");
    assertThat(next(found)).isEqualTo(Findings.NONE);

    DatapathLab.shell(
        gateway,
        """
        nft flush chain ip guard forwarding
        nft add rule ip guard forwarding ct state established,related accept
        nft add rule ip guard forwarding tcp dport 22 accept
        """);
    assertThat(next(found).collisions())
        .singleElement()
        .asString()
        .contains("ip guard forwarding", "ct mark & 0xfe000000 == 0x26000000 accept");
    assertThat(lab.sourceOf(pod)).isEmpty();
    DatapathLab.shell(
        gateway, "nft add rule ip guard forwarding 'ct mark & 0xfe000000 == 0x26000000 accept'");
    assertThat(next(found)).isEqualTo(Findings.NONE);
    assertThat(lab.sourceOf(pod)).contains(EIP);
  }

  @Test
  void aStrictCheckOfTheWayBackIsNamedOnEachNodeWhoseTunnelItCloses() throws Exception {
    NodePlan onWorker =
        Plans.plan(
            Plans.mesh(WORKER, GATEWAY),
            Plans.selection(List.of(POD_V6), "::/0"),
            Plans.routedTo(GATEWAY));
    NodePlan onGateway =
        Plans.plan(
            Plans.mesh(GATEWAY, WORKER),
            Selection.none(Plans.CLUSTER),
            Plans.holding(EIP_V6, GATEWAY));
    NetworkNamespace podV6 = lab.pod(worker, POD_V6);
    workerKernel.reconcile(onWorker);
    gatewayKernel.reconcile(onGateway);
    assertThat(lab.sourceOf(podV6, IpFamily.IPV6)).contains(EIP_V6);

    // IPv6_rpfilter=yes, firewalld's default.
    String strict =
        """
        table inet firewalld {
          chain filter_PREROUTING {
            type filter hook prerouting priority filter + 10; policy accept;
            icmpv6 type { nd-router-advert, nd-neighbor-solicit } accept
            meta nfproto ipv6 fib saddr . mark . iif oif missing drop
          }
        }
        """;
    load(gateway, strict);
    assertThat(next(survey(gateway, onGateway)).collisions())
        .singleElement()
        .asString()
        .contains("filter_PREROUTING", "new connections", "IPv6_rpfilter=no");
    assertThat(lab.sourceOf(podV6, IpFamily.IPV6)).isEmpty();
    DatapathLab.shell(gateway, "nft delete table inet firewalld");

    load(worker, strict);
    assertThat(next(survey(worker, onWorker)).collisions())
        .singleElement()
        .asString()
        .contains("filter_PREROUTING", "answers to connections", "IPv6_rpfilter=no");
    assertThat(lab.sourceOf(podV6, IpFamily.IPV6)).isEmpty();
  }
}
