package io.egressgateway.node.agent;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.PortShortage;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.RawClock;
import io.egressgateway.node.survey.EipUse;
import io.egressgateway.node.survey.NodeSurvey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a survey finds in the kernel of a gateway node. */
final class SurveyIT {
  private static final String EIP = "10.6.168.201";
  private static final String POD = "10.244.1.5";
  private static final String OTHER_POD = "10.244.1.6";
  private static final int WORKER = 11;
  private static final int GATEWAY = 12;
  private static final NodePlan ON_GATEWAY =
      Plans.plan(
          Plans.mesh(GATEWAY, WORKER), Selection.none(Plans.CLUSTER), Plans.holding(EIP, GATEWAY));

  /** The kernel keeps ports below 512 among themselves. */
  private static final int RESERVED_PORTS = 511;

  private static final int IPPROTO_UDP = 17;

  private final NodeSurvey survey = new NodeSurvey(Duration.ofMillis(20), RawClock::nanos);
  private final BlockingQueue<Findings> found = new LinkedBlockingQueue<>();
  private DatapathLab lab;
  private NetworkNamespace worker;
  private NetworkNamespace gateway;
  private NetworkNamespace pod;
  private NetworkNamespace otherPod;
  private LabKernel gatewayKernel;

  @BeforeEach
  void start() throws Exception {
    lab = new DatapathLab();
    worker = lab.node(WORKER);
    gateway = lab.node(GATEWAY);
    pod = lab.pod(worker, POD);
    otherPod = lab.pod(worker, OTHER_POD);
    gatewayKernel = lab.kernel(gateway);
    gatewayKernel.reconcile(ON_GATEWAY);
    lab.kernel(worker)
        .reconcile(
            Plans.plan(
                Plans.mesh(WORKER, GATEWAY),
                Plans.selection(List.of(POD, OTHER_POD), "0.0.0.0/0"),
                Plans.routedTo(GATEWAY)));
    survey.wanted(ON_GATEWAY);
    gateway.run(
        () -> {
          survey.start(found::add);
          return survey;
        });
  }

  @AfterEach
  void stop() {
    survey.close();
    lab.close();
  }

  private Findings next() throws InterruptedException {
    return requireNonNull(found.poll(1, TimeUnit.MINUTES), "nothing was found");
  }

  private Map<String, Double> values(BiConsumer<EipUse, EipUse.Sink> metric) {
    Map<String, Double> values = new TreeMap<>();
    metric.accept(survey.use(), (value, labels) -> values.put(String.join(" ", labels), value));
    return values;
  }

  /** Waits as long as it takes; a test that never sees it is ended by its patience. */
  private Map<String, Double> seen(
      BiConsumer<EipUse, EipUse.Sink> metric, Predicate<Map<String, Double>> enough)
      throws InterruptedException {
    for (int attempt = 0; attempt < 1000; attempt++) {
      if (enough.test(values(metric))) {
        break;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return values(metric);
  }

  @Test
  void packetsBytesAndConnectionsAreCountedByEgressIp() throws Exception {
    try (DatapathLab.Client client = lab.client(pod)) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.ask()).contains(EIP);
      }
    }
    assertThat(lab.sourceOf(otherPod)).contains(EIP);
    assertThat(seen(EipUse::packets, v -> v.getOrDefault(EIP + " received", 0.0) >= 4))
        .containsOnly(Map.entry(EIP + " sent", 4.0), Map.entry(EIP + " received", 4.0));
    int header = 20 + 8;
    assertThat(values(EipUse::bytes))
        .containsOnly(
            Map.entry(EIP + " sent", 4.0 * (header + 1)),
            Map.entry(EIP + " received", 4.0 * (header + EIP.length())));
    assertThat(seen(EipUse::connections, v -> v.getOrDefault(EIP, 0.0) >= 2))
        .containsOnly(Map.entry(EIP, 2.0));
    // Of each survey, ports are counted before packets.
    assertThat(seen(EipUse::ports, v -> v.getOrDefault(EIP, 0.0) >= 2))
        .containsOnly(Map.entry(EIP, 2.0));
    // A table that is replaced counts from nought; what was counted is not lost.
    DatapathLab.shell(gateway, "nft delete table inet egressgateway");
    gatewayKernel.reconcile(ON_GATEWAY);
    assertThat(lab.sourceOf(pod)).contains(EIP);
    assertThat(seen(EipUse::packets, v -> v.getOrDefault(EIP + " sent", 0.0) >= 5))
        .containsEntry(EIP + " sent", 5.0);
  }

  @Test
  void anEgressIpWithoutAPortForADestinationIsNamedAndLeavesWithNoOther() throws Exception {
    for (int port = 1; port <= RESERVED_PORTS; port++) {
      try (DatapathLab.Client client = lab.client(pod, IpFamily.IPV4, port)) {
        assertThat(client.ask()).contains(EIP);
      }
    }
    PortShortage shortage =
        new PortShortage(
            IpAddress.of(EIP), IPPROTO_UDP, IpAddress.of(DatapathLab.SERVER), DatapathLab.PORT);
    assertThat(next()).isEqualTo(Findings.of(List.of(), List.of(shortage)));
    assertThat(values(EipUse::ports)).containsEntry(EIP, (double) RESERVED_PORTS);
    assertThat(values(EipUse::shortages)).containsOnly(Map.entry(EIP, 1.0));
    try (DatapathLab.Client refused = lab.client(otherPod, IpFamily.IPV4, 100)) {
      assertThat(refused.ask()).isEmpty();
    }
    assertThat(seen(EipUse::refused, v -> v.getOrDefault(EIP, 0.0) >= 1))
        .containsOnly(Map.entry(EIP, 1.0));
    // Ports of another kind are another matter.
    assertThat(lab.sourceOf(otherPod)).contains(EIP);
    assertThat(lab.arrivals())
        .hasSize(RESERVED_PORTS + 1)
        .allMatch(arrival -> arrival.startsWith(EIP + " "));
    DatapathLab.shell(gateway, "conntrack -D -p udp --reply-dst " + EIP + " >/dev/null 2>&1");
    assertThat(next()).isEqualTo(Findings.NONE);
  }

  @Test
  void whatOthersPutInTheWayIsToldAndTakenBack() throws Exception {
    DatapathLab.shell(gateway, "ip rule add fwmark 0x1/0x1 priority 9 lookup 77");
    assertThat(next().collisions())
        .singleElement()
        .asString()
        .contains("rule 9 of IPv4", "0x1/0x1", "feature.routingRulePriority below 9");
    DatapathLab.shell(gateway, "ip rule del priority 9");
    assertThat(next()).isEqualTo(Findings.NONE);
    // A rule that looks at other bits is none of our business.
    DatapathLab.shell(
        gateway,
        """
        ip rule add fwmark 0x4000/0x4000 priority 10 lookup 77
        ip route add 198.51.100.0/24 dev eth0 table $((0x2702000b)) proto static
        """);
    assertThat(next().collisions())
        .singleElement()
        .asString()
        .contains("198.51.100.0/24", "0x2702000b", "feature.routingTables");
  }
}
