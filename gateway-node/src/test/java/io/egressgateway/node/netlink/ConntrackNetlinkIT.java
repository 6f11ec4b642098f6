package io.egressgateway.node.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.netlink.socket.Errno;
import io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants;
import io.egressgateway.node.netlink.wire.conntrack.ConntrackEntry;
import io.egressgateway.node.netlink.wire.conntrack.FlowKey;
import io.egressgateway.node.netlink.wire.conntrack.Layer4;
import io.egressgateway.node.netlink.wire.conntrack.MarkFilter;
import io.egressgateway.node.netlink.wire.conntrack.Progress;
import io.egressgateway.node.netlink.wire.conntrack.ProtocolState;
import io.egressgateway.node.netlink.wire.conntrack.ProtocolState.TcpSide;
import io.egressgateway.node.netlink.wire.conntrack.SourceNat;
import io.egressgateway.node.netlink.wire.conntrack.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections written, read, translated and deleted in a real kernel. */
final class ConntrackNetlinkIT {
  private static final MarkFilter OURS = new MarkFilter(0x27000000, 0xff000000);
  private static final IpAddress EGRESS_IP = IpAddress.of("10.6.1.55");
  private static final int STATUS =
      ConntrackConstants.IPS_SEEN_REPLY
          | ConntrackConstants.IPS_ASSURED
          | ConntrackConstants.IPS_CONFIRMED;

  private final TestNamespace namespace = new TestNamespace();
  private final ConntrackNetlink conntrack = namespace.conntrack();

  @AfterEach
  void close() {
    conntrack.close();
    namespace.close();
  }

  @Test
  void createsAFlowThatTheKernelTranslates() {
    conntrack.create(List.of(tcp(40000, 0x27020003, 52112)));

    ConntrackEntry known = conntrack.entry(key(40000)).orElseThrow();
    assertThat(known.reply().destination()).isEqualTo(EGRESS_IP);
    assertThat(known.reply().layer4()).isEqualTo(new Layer4.Ports(6, 443, 52112));
    assertThat(known.progress().mark()).isEqualTo(0x27020003);
    assertThat(known.progress().hasStatus(STATUS | ConntrackConstants.IPS_SRC_NAT)).isTrue();
    assertThat(known.progress().timeoutSeconds()).isBetween(90L, 100L);
    ProtocolState.Tcp tcp = (ProtocolState.Tcp) known.progress().protocol();
    assertThat(tcp.original().windowScale()).isEqualTo(7);
    assertThat(tcp.original().flags() & ConntrackConstants.IP_CT_TCP_FLAG_BE_LIBERAL).isNotZero();
  }

  @Test
  void listsAndDeletesOnlyWhatBearsTheMark() {
    conntrack.create(List.of(tcp(1, 0x27020003, 1), tcp(2, 0x27020004, 2), tcp(3, 0x42, 3)));

    assertThat(conntrack.entries(IpFamily.IPV4, OURS))
        .extracting(entry -> entry.key().original())
        .containsExactlyInAnyOrder(key(1).original(), key(2).original());
    assertThat(conntrack.entries(IpFamily.IPV6, OURS)).isEmpty();

    conntrack.deleteMarked(MarkFilter.exactly(0x27020004));
    assertThat(conntrack.entry(key(1))).isPresent();
    assertThat(conntrack.entry(key(2))).isEmpty();
    assertThat(conntrack.entry(key(3))).isPresent();

    conntrack.delete(key(3));
    assertThat(conntrack.entry(key(3))).isEmpty();
  }

  @Test
  void oneRefusalIsNoMatterOfTheOthers() {
    List<ConntrackEntry> many =
        IntStream.rangeClosed(1, 1000).mapToObj(port -> tcp(port, 0x27020001, port)).toList();
    assertThat(conntrack.create(many.subList(499, 500))).isEmpty();

    assertThat(conntrack.create(many))
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.errno()).isEqualTo(Errno.EEXIST))
        .satisfies(refusal -> assertThat(refusal).hasMessageContaining("10.244.1.7"));
    assertThat(conntrack.entries(IpFamily.IPV4, OURS)).hasSize(1000);
  }

  @Test
  void createsEveryProtocolOfBothFamilies() {
    Layer4 udp = new Layer4.Ports(17, 5000, 53);
    Layer4 sctp = new Layer4.Ports(132, 5000, 38412);
    Tuple udp6 = new Tuple(IpAddress.of("fd00::7"), IpAddress.of("2001:db8::1"), udp);
    Tuple ping6 = new Tuple(udp6.source(), udp6.destination(), new Layer4.Echo(58, 77, 128, 0));
    Tuple ping =
        new Tuple(
            key(1).original().source(),
            key(1).original().destination(),
            new Layer4.Echo(1, 77, 8, 0));
    Tuple sctp4 = new Tuple(ping.source(), ping.destination(), sctp);
    ProtocolState none = new ProtocolState.Stateless();
    List<ConntrackEntry> all =
        List.of(
            entry(udp6, none, IpAddress.of("fd06::55")),
            entry(ping6, none, IpAddress.of("fd06::55")),
            entry(ping, none, EGRESS_IP),
            entry(sctp4, new ProtocolState.Sctp(4, 0x01020304, 0x05060708), EGRESS_IP));

    assertThat(conntrack.create(all)).isEmpty();

    List<ConntrackEntry> known =
        Stream.of(IpFamily.values()).flatMap(f -> conntrack.entries(f, OURS).stream()).toList();
    assertThat(known)
        .extracting(entry -> entry.key().original())
        .containsExactlyInAnyOrder(udp6, ping6, ping, sctp4);
    assertThat(known)
        .allSatisfy(
            entry ->
                assertThat(entry.progress().hasStatus(ConntrackConstants.IPS_SRC_NAT)).isTrue());
    assertThat(conntrack.entry(FlowKey.of(sctp4)).orElseThrow().progress().protocol())
        .isEqualTo(new ProtocolState.Sctp(4, 0x01020304, 0x05060708));
  }

  private static FlowKey key(int port) {
    return FlowKey.of(
        new Tuple(
            IpAddress.of("10.244.1.7"),
            IpAddress.of("192.0.2.80"),
            new Layer4.Ports(6, port, 443)));
  }

  private static ConntrackEntry tcp(int port, int mark, int natPort) {
    TcpSide side = new TcpSide(7, ConntrackConstants.IP_CT_TCP_FLAG_WINDOW_SCALE).liberal();
    Progress progress =
        new Progress(
            STATUS,
            mark,
            100,
            new ProtocolState.Tcp(ConntrackConstants.TCP_CONNTRACK_ESTABLISHED, side, side));
    SourceNat nat = new SourceNat(EGRESS_IP, OptionalInt.of(natPort));
    return new ConntrackEntry(
        key(port), key(port).original().inverse(), progress, Optional.of(nat));
  }

  private static ConntrackEntry entry(Tuple original, ProtocolState state, IpAddress egressIp) {
    return new ConntrackEntry(
        FlowKey.of(original),
        original.inverse(),
        new Progress(STATUS, 0x27020001, 60, state),
        Optional.of(new SourceNat(egressIp, OptionalInt.empty())));
  }
}
