package io.egressgateway.node.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.socket.PacketSocket;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.frame.ArpFrame;
import io.egressgateway.node.netlink.wire.frame.EtherType;
import io.egressgateway.node.netlink.wire.frame.NeighbourAdvertisement;
import io.egressgateway.node.netlink.wire.frame.NeighbourSolicitation;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.AddressFlag;
import io.egressgateway.node.netlink.wire.route.LinkChange;
import io.egressgateway.node.netlink.wire.route.LinkName;
import io.egressgateway.node.netlink.wire.route.LinkSpec;
import io.egressgateway.node.netlink.wire.route.Neighbour;
import io.egressgateway.node.netlink.wire.route.NeighbourState;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real kernel answers our probes and believes our announcements. */
final class PacketSocketIT {
  private static final MacAddress OURS = MacAddress.of("02:00:00:00:00:01");
  private static final MacAddress THEIRS = MacAddress.of("02:00:00:00:00:02");
  private static final MacAddress OLD = MacAddress.of("02:00:00:00:00:99");
  private static final SocketLimits LIMITS =
      SocketLimits.REQUESTS.withReceiveTimeout(Duration.ofMillis(100));

  private final TestNamespace near = new TestNamespace();
  private final TestNamespace far = new TestNamespace();
  private final RouteNetlink nearNetlink = near.route();
  private final RouteNetlink farNetlink = far.route();
  private int nearLink;
  private int farLink;

  @BeforeEach
  void connect() {
    try (var there = far.namespace().open()) {
      nearLink =
          nearNetlink
              .addLink(
                  LinkSpec.veth(LinkName.of("a0"), LinkName.of("b0"))
                      .with(new LinkChange.Mac(OURS))
                      .with(new LinkChange.Up())
                      .withPeer(new LinkChange.Mac(THEIRS))
                      .withPeer(new LinkChange.Namespace(there.fd())))
              .index();
    }
    farLink = farNetlink.link(LinkName.of("b0")).orElseThrow().index();
    farNetlink.changeLink(farLink, new LinkChange.Up());
    farNetlink.addAddress(Address.of(farLink, IpAddress.of("10.0.0.2"), 24));
    farNetlink.addAddress(Address.of(farLink, IpAddress.of("fd00::2"), 64).with(AddressFlag.NODAD));
  }

  @AfterEach
  void close() {
    nearNetlink.close();
    farNetlink.close();
    near.close();
    far.close();
  }

  private PacketSocket socket(int etherType) {
    return near.namespace().run(() -> PacketSocket.open(nearLink, etherType, LIMITS));
  }

  // Asks again until somebody answers: a device that has just come up drops the first questions.
  private static <T> T answer(
      PacketSocket socket, Bytes question, Function<Bytes, Optional<T>> decode) {
    return Waiting.until(
            () -> {
              socket.send(question);
              return socket.receive().flatMap(decode);
            },
            Optional::isPresent)
        .orElseThrow();
  }

  @Test
  void aHolderAnswersTheArpProbe() {
    try (PacketSocket socket = socket(EtherType.ARP)) {
      ArpFrame answer =
          answer(
              socket,
              ArpFrame.probe(OURS, Ipv4Address.of("10.0.0.2")).encode(),
              frame ->
                  ArpFrame.decode(frame)
                      .filter(arp -> arp.operation() == ArpFrame.Operation.REPLY));
      assertThat(answer.senderMac()).isEqualTo(THEIRS);
      assertThat(answer.senderIp()).isEqualTo(Ipv4Address.of("10.0.0.2"));
    }
  }

  @Test
  void aHolderAnswersTheSolicitation() {
    try (PacketSocket socket = socket(EtherType.IPV6)) {
      NeighbourAdvertisement answer =
          answer(
              socket,
              NeighbourSolicitation.probe(OURS, Ipv6Address.of("fd00::2")).encode(),
              NeighbourAdvertisement::decode);
      assertThat(answer.target()).isEqualTo(Ipv6Address.of("fd00::2"));
      assertThat(answer.targetMac()).isEqualTo(THEIRS);
    }
  }

  @Test
  void aNeighbourBelievesTheAnnouncement() {
    Neighbour v4 =
        new Neighbour(farLink, IpAddress.of("10.0.0.201"), Optional.of(OLD), NeighbourState.STALE);
    Neighbour v6 =
        new Neighbour(farLink, IpAddress.of("fd00::201"), Optional.of(OLD), NeighbourState.STALE);
    farNetlink.replaceNeighbour(v4);
    farNetlink.replaceNeighbour(v6);
    try (PacketSocket socket = socket(EtherType.ARP)) {
      awaitMac(v4, socket, ArpFrame.gratuitousReply(OURS, Ipv4Address.of("10.0.0.201")).encode());
      awaitMac(
          v6,
          socket,
          NeighbourAdvertisement.unsolicited(OURS, Ipv6Address.of("fd00::201")).encode());
    }
  }

  private void awaitMac(Neighbour before, PacketSocket socket, Bytes announcement) {
    Waiting.until(
        () -> {
          socket.send(announcement);
          return farNetlink.neighbours(before.ip().family()).stream()
              .filter(neighbour -> neighbour.ip().equals(before.ip()))
              .findFirst()
              .flatMap(Neighbour::mac);
        },
        mac -> mac.equals(Optional.of(OURS)));
  }

  @Test
  void silenceIsEmpty() {
    SocketLimits impatient = LIMITS.withReceiveTimeout(Duration.ofMillis(1));
    try (PacketSocket socket =
        near.namespace().run(() -> PacketSocket.open(nearLink, 0x88b5, impatient))) {
      assertThat(socket.receive()).isEmpty();
    }
  }
}
