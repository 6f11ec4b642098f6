package io.egressgateway.node.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.LinkName;
import io.egressgateway.node.netlink.wire.route.NextHop;
import io.egressgateway.node.netlink.wire.route.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rows of docs/conformance.md about destinations, directions, protocols and sizes. */
final class TrafficIT extends WorkerAndGateway {
  private static final String EIP_V6 = "fd06::201";
  private static final String POD_V6 = "fd44::1:5";
  private static final String OTHER_POD = "10.244.1.6";
  private static final String NATIVE = "10.6.168.11";
  private static final String GATEWAY_ADDRESS = "10.6.168.12";
  private static final int TCP_PORT = 9001;
  private static final int CLOSED_PORT = 9999;
  private static final int STREAM_BYTES = 1 << 20;
  private static final int PATIENCE_MILLIS = 10_000;

  private static final int SCTP_PORT = 9002;
  private static final int SCTP_TAG = 0x1234_5678;
  private static final int SCTP_ATTEMPTS = 20;

  /** A datagram of several fragments. */
  private static final int LARGE_BYTES = 1900;

  /** As large as the pod's link takes, and larger than the tunnel does. */
  private static final int FULL_BYTES = 1500 - 40 - 8;

  /** What is too large is lost, and the sender learns from it. */
  private static final int ATTEMPTS = 3;

  @Override
  String[] podAddresses() {
    return new String[] {POD, POD_V6};
  }

  private void establish(String... destinations) throws Exception {
    establish(EIP, Plans.selection(List.of(POD), destinations));
  }

  private void establishIpv6() throws Exception {
    establish(EIP_V6, Plans.selection(List.of(POD_V6), "::/0"));
  }

  @Test
  void rows3And6InsideTheClusterNothingChanges() throws Exception {
    Selection selection = Plans.selection(POD);
    establish(
        EIP,
        new Selection(
            Plans.CLUSTER.plus(Cidr.of(GATEWAY_ADDRESS + "/32")),
            selection.endpoints(),
            selection.rules()));
    assertThat(sourceSeenBy(gateway, GATEWAY_ADDRESS)).isEqualTo(NATIVE);
    NetworkNamespace other = lab.pod(worker, OTHER_POD);
    assertThat(sourceSeenBy(other, OTHER_POD)).isEqualTo(POD);
    assertThat(lab.sourceOf(pod)).contains(EIP);
  }

  /** What a datagram of the pod comes from. */
  private String sourceSeenBy(NetworkNamespace host, String address) throws IOException {
    try (DatagramSocket listener =
            host.run(() -> new DatagramSocket(DatapathLab.PORT, InetAddress.getByName(address)));
        DatagramSocket socket = pod.run(() -> new DatagramSocket())) {
      listener.setSoTimeout(PATIENCE_MILLIS);
      byte[] text = "?".getBytes(UTF_8);
      socket.send(
          new DatagramPacket(text, text.length, new InetSocketAddress(address, DatapathLab.PORT)));
      DatagramPacket packet = new DatagramPacket(new byte[8], 8);
      listener.receive(packet);
      return packet.getAddress().getHostAddress();
    }
  }

  @Test
  void row4ADestinationThatThePolicyNames() throws Exception {
    establish("10.6.1.0/24");
    assertThat(lab.sourceOf(pod)).contains(EIP);
  }

  @Test
  void row5ADestinationThatThePolicyDoesNotName() throws Exception {
    establish("198.51.100.0/24");
    assertThat(lab.sourceOf(pod)).contains(NATIVE);
  }

  @Test
  void row13PodsShareAnEgressIp() throws Exception {
    NetworkNamespace other = lab.pod(worker, OTHER_POD);
    establish(EIP, Plans.selection(List.of(POD, OTHER_POD), "0.0.0.0/0"));
    assertThat(lab.sourceOf(pod)).contains(EIP);
    assertThat(lab.sourceOf(other)).contains(EIP);
  }

  @Test
  void row25TheAnswerToAnOutsideClientIsNative() throws Exception {
    establish("0.0.0.0/0");
    DatapathLab.in(
        lab.server(),
        routing ->
            routing.addRoute(Route.to(Cidr.of(POD + "/32"), NextHop.via(IpAddress.of(NATIVE)))));
    try (DatagramSocket service =
            pod.run(() -> new DatagramSocket(DatapathLab.PORT, InetAddress.getByName(POD)));
        DatagramSocket client = lab.server().run(() -> new DatagramSocket())) {
      service.setSoTimeout(PATIENCE_MILLIS);
      client.setSoTimeout(PATIENCE_MILLIS);
      byte[] text = "?".getBytes(UTF_8);
      client.send(
          new DatagramPacket(text, text.length, new InetSocketAddress(POD, DatapathLab.PORT)));
      DatagramPacket packet = new DatagramPacket(new byte[8], 8);
      service.receive(packet);
      service.send(new DatagramPacket(text, text.length, packet.getSocketAddress()));
      DatagramPacket answer = new DatagramPacket(new byte[8], 8);
      client.receive(answer);
      assertThat(answer.getAddress().getHostAddress()).isEqualTo(POD);
    }
  }

  @Test
  void row26AnUnderlayPodWithARouteToItsNode() throws Exception {
    String address = "10.6.168.50";
    NetworkNamespace underlay = lab.underlayPod(worker, address, Cidr.of("10.6.1.0/24"));
    assertThat(lab.sourceOf(underlay)).contains(address);
    establish(EIP, Plans.selection(List.of(address), "0.0.0.0/0"));
    // The answer is a packet to the egress IP: only the tunnel leads it back to the pod.
    assertThat(lab.sourceOf(underlay)).contains(EIP);
  }

  @Test
  void row27Echo() throws Exception {
    establish("0.0.0.0/0");
    loseAnswersToNodes();
    assertThat(ping(DatapathLab.SERVER)).isTrue();
  }

  @Test
  void row27EchoOfIpv6() throws Exception {
    establishIpv6();
    loseAnswersToNodes();
    assertThat(ping(DatapathLab.SERVER_V6)).isTrue();
  }

  @Test
  void row27WithoutPolicyNoEchoIsAnsweredHere() throws Exception {
    loseAnswersToNodes();
    assertThat(ping(DatapathLab.SERVER)).isFalse();
    assertThat(ping(DatapathLab.SERVER_V6)).isFalse();
  }

  private boolean ping(String address) {
    return pod.run(() -> InetAddress.getByName(address).isReachable(PATIENCE_MILLIS / 5));
  }

  /** So that whatever gets an answer had another source than its node's address. */
  private void loseAnswersToNodes() {
    DatapathLab.in(
        lab.server(),
        routing -> {
          int lo = routing.link(LinkName.of("lo")).orElseThrow().index();
          for (String node : List.of(NATIVE, GATEWAY_ADDRESS, "fd06::11", "fd06::12")) {
            routing.addRoute(Route.to(Cidr.ofAddress(IpAddress.of(node)), NextHop.device(lo)));
          }
        });
  }

  @Test
  void row27AnErrorFromOutsideFindsThePod() throws Exception {
    establish("0.0.0.0/0");
    loseAnswersToNodes();
    assertRefused(DatapathLab.SERVER);
  }

  @Test
  void row27AnErrorOfIpv6FromOutsideFindsThePod() throws Exception {
    establishIpv6();
    loseAnswersToNodes();
    assertRefused(DatapathLab.SERVER_V6);
  }

  private void assertRefused(String server) throws IOException {
    try (DatagramSocket socket = pod.run(() -> new DatagramSocket())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(new InetSocketAddress(server, CLOSED_PORT));
      socket.send(new DatagramPacket(new byte[1], 1));
      assertThatThrownBy(() -> socket.receive(new DatagramPacket(new byte[1], 1)))
          .isInstanceOf(PortUnreachableException.class);
    }
  }

  @Test
  void row27Fragments() throws Exception {
    establish("0.0.0.0/0");
    assertThat(sourceOfDatagram(IpFamily.IPV4, LARGE_BYTES)).contains(EIP);
  }

  @Test
  void row27FragmentsOfIpv6() throws Exception {
    establishIpv6();
    assertThat(sourceOfDatagram(IpFamily.IPV6, LARGE_BYTES)).contains(EIP_V6);
  }

  @Test
  void row27Sctp() throws Exception {
    establish("0.0.0.0/0");
    SctpLink.Packet init =
        new SctpLink.Packet(
            new SctpLink.Way(
                IpAddress.of(POD), SCTP_PORT, IpAddress.of(DatapathLab.SERVER), SCTP_PORT),
            SctpLink.INIT,
            0,
            SCTP_TAG);
    try (SctpLink client = SctpLink.open(pod);
        SctpLink server = SctpLink.open(lab.server())) {
      SctpLink.Seen arrived = exchanged(client, hostEndOfPod(), init, server);
      assertThat(arrived.packet().way().source()).hasToString(EIP);

      SctpLink.Packet answer =
          new SctpLink.Packet(
              arrived.packet().way().back(), SctpLink.INIT_ACK, SCTP_TAG, SCTP_TAG + 1);
      SctpLink.Seen answered = exchanged(server, arrived.sender(), answer, client);
      assertThat(answered.packet().way()).isEqualTo(init.way().back());
      assertThat(answered.packet().type()).isEqualTo(SctpLink.INIT_ACK);
    }
  }

  /** Sends until it arrives: the first packet to a neighbour may be lost. */
  private static SctpLink.Seen exchanged(
      SctpLink from, MacAddress receiver, SctpLink.Packet packet, SctpLink to) {
    for (int attempt = 0; attempt < SCTP_ATTEMPTS; attempt++) {
      from.send(receiver, packet);
      Optional<SctpLink.Seen> seen = to.receive();
      if (seen.isPresent()) {
        return seen.get();
      }
    }
    throw new AssertionError("no packet of SCTP arrives");
  }

  private MacAddress hostEndOfPod() {
    return worker.run(
        () -> {
          try (RouteNetlink routing = RouteNetlink.open(SocketLimits.REQUESTS)) {
            return routing.links().stream()
                .filter(link -> link.name().value().startsWith("pod"))
                .findFirst()
                .flatMap(Link::mac)
                .orElseThrow();
          }
        });
  }

  @Test
  void row28DatagramsThatFillThePodsLink() throws Exception {
    establish("0.0.0.0/0");
    assertThat(sourceOfDatagram(IpFamily.IPV4, FULL_BYTES)).contains(EIP);
  }

  @Test
  void row28DatagramsOfIpv6ThatFillThePodsLink() throws Exception {
    establishIpv6();
    assertThat(sourceOfDatagram(IpFamily.IPV6, FULL_BYTES)).contains(EIP_V6);
  }

  private Optional<String> sourceOfDatagram(IpFamily family, int bytes) throws IOException {
    String text = "x".repeat(bytes);
    try (DatapathLab.Client client = lab.client(pod, family)) {
      Optional<String> source = Optional.empty();
      for (int attempt = 0; attempt < ATTEMPTS && source.isEmpty(); attempt++) {
        client.send(text);
        source = client.receive();
      }
      assertThat(lab.arrivals()).contains(source.orElse("nobody") + " " + text);
      return source;
    }
  }

  @Test
  void row28ATcpStreamBothWays() throws Exception {
    establish("0.0.0.0/0");
    checkStream(DatapathLab.SERVER, EIP);
  }

  @Test
  void row28ATcpStreamOfIpv6BothWays() throws Exception {
    establishIpv6();
    checkStream(DatapathLab.SERVER_V6, EIP_V6);
  }

  private void checkStream(String server, String source) throws Exception {
    byte[] sent = new byte[STREAM_BYTES];
    Arrays.fill(sent, (byte) 'x');
    InetSocketAddress address = new InetSocketAddress(server, TCP_PORT);
    try (ServerSocket listener =
            lab.server().run(() -> new ServerSocket(TCP_PORT, 1, InetAddress.getByName(server)));
        Socket client = pod.run(() -> connect(address));
        Socket accepted = listener.accept()) {
      accepted.setSoTimeout(PATIENCE_MILLIS);
      client.setSoTimeout(PATIENCE_MILLIS);
      assertThat(IpAddress.of(accepted.getInetAddress().getHostAddress())).hasToString(source);
      transfer(client, accepted, sent);
      transfer(accepted, client, sent);
    }
  }

  private static Socket connect(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    socket.connect(address, PATIENCE_MILLIS);
    return socket;
  }

  private static void transfer(Socket from, Socket to, byte[] bytes) throws Exception {
    Thread writer = Thread.ofPlatform().daemon(true).start(() -> write(from, bytes));
    assertThat(to.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
    writer.join();
  }

  private static void write(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
