package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Marks, tables and priorities that others leave free, and the way from one set to another. */
final class NumbersIT extends WorkerAndGateway {
  private static final KernelNumbers OTHER = new KernelNumbers(0x12340000, 0xfffc0000, 7000, 7);

  /** Everything in which a number of ours can stand. */
  private static final String DUMP =
      """
      nft list ruleset; ip rule; ip -6 rule; ip route show table all; ip -6 route show table all
      iptables -S FORWARD; conntrack -L 2>/dev/null
      """;

  @Test
  void everythingBearsTheNumbersThatWereChosen() throws Exception {
    gatewayKernel.reconcile(Plans.withNumbers(ON_GATEWAY, OTHER));
    workerKernel.reconcile(Plans.withNumbers(ON_WORKER, OTHER));
    assertThat(lab.sourceOf(pod)).contains(EIP);
    assertThat(DatapathLab.shell(worker, "ip rule"))
        .contains("8:\tfrom all fwmark 0x1235000c lookup 7012");
    assertThat(DatapathLab.shell(gateway, "ip rule; ip route show table $((7000 + 65536 + 11))"))
        .contains("7:\tfrom all fwmark 0x1236000b lookup 72547", "via 172.31.0.11");
    assertThat(DatapathLab.shell(gateway, "conntrack -L -m 0x1236000b 2>/dev/null")).contains(EIP);
  }

  @Test
  void aFlowGoesOnWhileTheNumbersChangeAndNothingIsLeftOfTheFormerOnes() throws Exception {
    DatapathLab.shell(worker, "iptables -P FORWARD DROP");
    DatapathLab.shell(gateway, "iptables -P FORWARD DROP");
    gatewayKernel.reconcile(ON_GATEWAY);
    workerKernel.reconcile(ON_WORKER);
    try (DatapathLab.Client client = lab.client(pod)) {
      assertThat(client.ask()).contains(EIP);
      String tracked = connection();
      // One node is upgraded before the other: the tunnel's header has no marks in it.
      workerKernel.reconcile(Plans.withNumbers(ON_WORKER, OTHER));
      assertThat(client.ask()).contains(EIP);
      gatewayKernel.reconcile(Plans.withNumbers(ON_GATEWAY, OTHER));
      assertThat(client.ask()).contains(EIP);
      assertThat(connection()).isEqualTo(tracked);
    }
    for (NetworkNamespace node : new NetworkNamespace[] {worker, gateway}) {
      assertThat(DatapathLab.shell(node, DUMP))
          .contains("0x12340000", "-m connmark --mark 0x12340000/0xfffc0000")
          .doesNotContain("0x26", "0x27", "mark=637534209", "mark=65444", "6375", "formerly");
      assertThat(DatapathLab.shell(node, "ip rule; ip -6 rule")).doesNotContain("98:", "99:");
    }
    assertThat(lab.arrivals()).allMatch(arrival -> arrival.startsWith(EIP + " "));
  }

  /** By what the kernel knows the gateway node's connection. */
  private String connection() throws Exception {
    String entry =
        DatapathLab.shell(gateway, "conntrack -L -o id -p udp -s " + POD + " 2>/dev/null");
    return entry.substring(entry.indexOf("id=")).strip();
  }

  @Test
  void anAgentThatEndedMidwayLeavesTheFlowsOfFormerNumbersToTheNext() throws Exception {
    gatewayKernel.reconcile(ON_GATEWAY);
    workerKernel.reconcile(ON_WORKER);
    try (DatapathLab.Client client = lab.client(pod)) {
      assertThat(client.ask()).contains(EIP);
      // What stands between the new table and the last renumbered connection.
      DatapathLab.shell(
          worker,
          """
          nft add chain inet egressgateway formerly_40000000_c0000000 \
              '{ type filter hook prerouting priority -151; }'
          nft add rule inet egressgateway formerly_40000000_c0000000 \
              'ct mark & 0xc0000000 == 0x40000000 drop'
          conntrack -U -p udp -s %s -m 0x40000001 2>/dev/null
          """
              .formatted(POD));
      assertThat(client.ask()).isEmpty();
      workerKernel.reconcile(ON_WORKER);
      assertThat(client.ask()).contains(EIP);
    }
    assertThat(DatapathLab.shell(worker, DUMP)).doesNotContain("formerly", "mark=1073741825");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ip rule add fwmark 0x26000000/0xff000000 priority 50 lookup 77  | rule 50 of IPv4  | mark",
        "ip rule add fwmark 0x4000000/0x4000000 priority 200 lookup 77   | rule 200 of IPv4 | mark",
        "ip -6 rule add from fd99::1 priority 51 lookup $((0x27020003))  | rule 51 of IPv6  |"
            + " routingTables",
        "ip rule add priority 20 lookup 77                               | rule 20 of IPv4  |"
            + " routingRulePriority below 20",
      })
  void aNodeOnWhichOthersHaveOurNumbersIsRefusedAndLeftAsItIs(
      String others, String named, String remedy) throws Exception {
    DatapathLab.shell(worker, others);
    String before = DatapathLab.shell(worker, DUMP);
    assertThatThrownBy(() -> workerKernel.reconcile(ON_WORKER))
        .hasRootCauseInstanceOf(KernelFault.class)
        .rootCause()
        .hasMessageContaining(named)
        .hasMessageContaining("feature." + remedy);
    assertThat(DatapathLab.shell(worker, DUMP)).isEqualTo(before);
    workerKernel.reconcile(
        Plans.withNumbers(ON_WORKER, new KernelNumbers(0x50000000, 0xf0000000, 9000, 10)));
    assertThat(DatapathLab.shell(worker, "ip rule; ip -6 rule; ip route show table all"))
        .contains("fwmark 0x5001000c lookup 9012");
  }

  @Test
  void aRouteOfOthersInATableOfOursIsNotTakenFromThem() throws Exception {
    DatapathLab.shell(worker, "ip route add default dev eth0 table $((0x2601000c)) proto static");
    assertThatThrownBy(() -> workerKernel.reconcile(ON_WORKER))
        .hasRootCauseInstanceOf(KernelFault.class)
        .rootCause()
        .hasMessageContaining("table 0x2601000c")
        .hasMessageContaining("feature.routingTables");
    assertThat(DatapathLab.shell(worker, "ip route show table $((0x2601000c))"))
        .startsWith("default dev eth0 proto static");
  }
}
