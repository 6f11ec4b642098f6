package io.egressgateway.node.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.LinkName;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Packets that pretend to be a selected pod's get no egress IP. */
final class ForgedPacketsIT {
  private static final String EIP = "10.6.168.201";
  private static final String POD = "10.244.1.5";
  private static final int WORKER = 11;
  private static final int GATEWAY = 12;
  private static final String GATEWAY_ADDRESS = "10.6.168.12";
  private static final String BORROWED = "the source is borrowed from another pod";
  private static final String FROM_ELSEWHERE = "into this node's tunnel from elsewhere";
  private static final String BEHIND_MASQUERADE =
      "into another node's tunnel, with this node's address behind a masquerade";
  private static final String INTO_CLUSTER = "no way through the tunnel into the cluster";

  private DatapathLab lab;
  private NetworkNamespace worker;
  private NetworkNamespace gateway;
  private NetworkNamespace pod;

  @BeforeEach
  void start() throws Exception {
    lab = new DatapathLab();
    worker = lab.node(WORKER);
    gateway = lab.node(GATEWAY);
    pod = lab.pod(worker, POD);
    lab.kernel(gateway)
        .reconcile(
            Plans.plan(
                Plans.mesh(GATEWAY, WORKER),
                Selection.none(Plans.CLUSTER),
                Plans.holding(EIP, GATEWAY)));
    lab.kernel(worker)
        .reconcile(
            Plans.plan(Plans.mesh(WORKER, GATEWAY), Plans.selection(POD), Plans.routedTo(GATEWAY)));
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  @Test
  void aPodThatBorrowsAnotherPodsAddressGetsNoEgressIp() throws Exception {
    NetworkNamespace thief = lab.pod(worker, "10.244.1.6");
    DatapathLab.in(
        thief,
        routing ->
            routing.addAddress(
                Address.of(
                    routing.link(LinkName.of("eth0")).orElseThrow().index(),
                    IpAddress.of(POD),
                    32)));
    send(thief, new InetSocketAddress(POD, 0), server(), "stolen".getBytes(UTF_8));
    awaitDropped(worker, BORROWED, 1);
    assertThat(lab.sourceOf(pod)).contains(EIP);
    assertThat(lab.arrivals()).contains(EIP + " ?").noneMatch(text -> text.endsWith("stolen"));
  }

  @Test
  void theTunnelTakesPacketsFromNodesOfItsMeshOnly() throws Exception {
    NetworkNamespace onGateway = lab.pod(gateway, "10.244.2.5");
    NetworkNamespace onWorker = lab.pod(worker, "10.244.1.6");
    InetSocketAddress any = new InetSocketAddress(0);
    send(worker, any, tunnel(), forged("by its node"));
    send(lab.server(), any, tunnel(), forged("by a host of the segment"));
    send(onGateway, any, tunnel(), forged("by a pod of the gateway node"));
    send(onWorker, any, tunnel(), forged("by a pod of another node"));
    awaitDropped(gateway, FROM_ELSEWHERE, 2);
    awaitDropped(worker, BEHIND_MASQUERADE, 1);
    Awaitility.await().until(() -> !lab.arrivals().isEmpty());
    assertThat(lab.sourceOf(pod)).contains(EIP);
    assertThat(lab.arrivals()).containsExactly(EIP + " by its node", EIP + " ?");
  }

  @Test
  void aPodWithANodesAddressDoesNotReachTheTunnel() throws Exception {
    NetworkNamespace thief = lab.pod(gateway, "10.244.2.5");
    DatapathLab.in(
        thief,
        routing ->
            routing.addAddress(
                Address.of(
                    routing.link(LinkName.of("eth0")).orElseThrow().index(),
                    IpAddress.of("10.6.168." + WORKER),
                    32)));
    send(thief, new InetSocketAddress("10.6.168." + WORKER, 0), tunnel(), forged("as a node"));
    awaitDropped(gateway, FROM_ELSEWHERE, 1);
    assertThat(lab.sourceOf(pod)).contains(EIP);
    assertThat(lab.arrivals()).containsExactly(EIP + " ?");
  }

  @Test
  void nothingReachesPodsThroughTheTunnel() throws Exception {
    lab.pod(gateway, "10.244.2.5");
    send(
        worker,
        new InetSocketAddress(0),
        tunnel(),
        frame().carrying(POD, "10.244.2.5", "into the cluster"));
    awaitDropped(gateway, INTO_CLUSTER, 1);
  }

  /** The first packet to a neighbour waits until that has told its address. */
  private static void awaitDropped(NetworkNamespace node, String comment, long packets) {
    Awaitility.await().until(() -> DatapathLab.dropped(node, comment) == packets);
  }

  private static InetSocketAddress server() {
    return new InetSocketAddress(DatapathLab.SERVER, DatapathLab.PORT);
  }

  private static InetSocketAddress tunnel() {
    return new InetSocketAddress(GATEWAY_ADDRESS, Plans.TUNNEL.port());
  }

  private static byte[] forged(String text) {
    return frame().carrying(POD, DatapathLab.SERVER, text);
  }

  private static VxlanFrame frame() {
    return new VxlanFrame(
        Plans.TUNNEL.vni(), 1, Plans.endpoint(WORKER).mac(), Plans.endpoint(GATEWAY).mac());
  }

  private static void send(
      NetworkNamespace from, InetSocketAddress source, InetSocketAddress to, byte[] bytes) {
    from.run(
        () -> {
          try (DatagramSocket socket = new DatagramSocket(source)) {
            socket.send(new DatagramPacket(bytes, bytes.length, to));
          }
          return from;
        });
  }
}
