package io.egressgateway.node.netlink.wire.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.wire.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class FrameTest {
  private static final MacAddress MAC = MacAddress.of("02:00:00:00:00:01");
  private static final Ipv4Address EIP = Ipv4Address.of("10.6.168.201");
  private static final Ipv6Address EIP6 = Ipv6Address.of("fd00::201");

  @Test
  void announcesByArpRequest() {
    check(
        ArpFrame.gratuitousRequest(MAC, EIP).encode(),
        """
        ff ff ff ff ff ff 02 00 00 00 00 01 08 06
        00 01 08 00 06 04 00 01
        02 00 00 00 00 01 0a 06 a8 c9
        00 00 00 00 00 00 0a 06 a8 c9
        """);
  }

  @Test
  void announcesByArpReply() {
    check(
        ArpFrame.gratuitousReply(MAC, EIP).encode(),
        """
        ff ff ff ff ff ff 02 00 00 00 00 01 08 06
        00 01 08 00 06 04 00 02
        02 00 00 00 00 01 0a 06 a8 c9
        02 00 00 00 00 01 0a 06 a8 c9
        """);
  }

  @Test
  void asksByArpWithoutClaiming() {
    check(
        ArpFrame.probe(MAC, EIP).encode(),
        """
        ff ff ff ff ff ff 02 00 00 00 00 01 08 06
        00 01 08 00 06 04 00 01
        02 00 00 00 00 01 00 00 00 00
        00 00 00 00 00 00 0a 06 a8 c9
        """);
  }

  // The checksums were computed by hand: one's complement sum of pseudo header and message.
  @Test
  void announcesByUnsolicitedAdvertisement() {
    check(
        NeighbourAdvertisement.unsolicited(MAC, EIP6).encode(),
        """
        33 33 00 00 00 01 02 00 00 00 00 01 86 dd
        60 00 00 00 00 20 3a ff
        fd 00 00 00 00 00 00 00 00 00 00 00 00 00 02 01
        ff 02 00 00 00 00 00 00 00 00 00 00 00 00 00 01
        88 00 56 9b 20 00 00 00
        fd 00 00 00 00 00 00 00 00 00 00 00 00 00 02 01
        02 01 02 00 00 00 00 01
        """);
  }

  @Test
  void asksBySolicitationWithoutClaiming() {
    check(
        NeighbourSolicitation.probe(MAC, EIP6).encode(),
        """
        33 33 ff 00 02 01 02 00 00 00 00 01 86 dd
        60 00 00 00 00 18 3a ff
        00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
        ff 02 00 00 00 00 00 00 00 00 00 01 ff 00 02 01
        87 00 79 a5 00 00 00 00
        fd 00 00 00 00 00 00 00 00 00 00 00 00 00 02 01
        """);
  }

  private static void check(Bytes frame, String hex) {
    assertThat(frame).isEqualTo(Bytes.parseHex(hex));
  }

  @Test
  void readsWhatItWrote() {
    for (ArpFrame arp :
        List.of(
            ArpFrame.gratuitousRequest(MAC, EIP),
            ArpFrame.gratuitousReply(MAC, EIP),
            ArpFrame.probe(MAC, EIP))) {
      assertThat(ArpFrame.decode(arp.encode())).contains(arp);
    }
    NeighbourAdvertisement advertisement = NeighbourAdvertisement.unsolicited(MAC, EIP6);
    assertThat(NeighbourAdvertisement.decode(advertisement.encode())).contains(advertisement);
    NeighbourSolicitation probe = NeighbourSolicitation.probe(MAC, EIP6);
    assertThat(NeighbourSolicitation.decode(probe.encode())).contains(probe);
    NeighbourSolicitation question =
        new NeighbourSolicitation(MAC, Ipv6Address.of("fd00::1"), EIP6);
    assertThat(NeighbourSolicitation.decode(question.encode())).contains(question);
  }

  @Test
  void refusesFramesOfOtherKinds() {
    Bytes arp = ArpFrame.probe(MAC, EIP).encode();
    Bytes probe = NeighbourSolicitation.probe(MAC, EIP6).encode();
    Bytes advertisement = NeighbourAdvertisement.unsolicited(MAC, EIP6).encode();
    assertThat(ArpFrame.decode(probe)).isEmpty();
    assertThat(NeighbourAdvertisement.decode(arp)).isEmpty();
    assertThat(NeighbourAdvertisement.decode(probe)).isEmpty();
    assertThat(NeighbourSolicitation.decode(advertisement)).isEmpty();
  }

  @Test
  void refusesFramesThatAreCutOrDamaged() {
    checkDamage(ArpFrame.probe(MAC, EIP).encode(), ArpFrame::decode);
    Bytes advertisement = NeighbourAdvertisement.unsolicited(MAC, EIP6).encode();
    checkDamage(advertisement, NeighbourAdvertisement::decode);
    for (int at = 22; at < advertisement.length(); at++) {
      byte[] damaged = advertisement.toArray();
      damaged[at] ^= 0x10;
      assertThat(NeighbourAdvertisement.decode(Bytes.of(damaged))).as("byte %d", at).isEmpty();
    }
  }

  private static void checkDamage(Bytes frame, Function<Bytes, Optional<?>> decode) {
    for (int length = 0; length < frame.length(); length++) {
      assertThat(decode.apply(frame.slice(0, length)).isEmpty())
          .as("cut to %d bytes", length)
          .isTrue();
    }
  }
}
