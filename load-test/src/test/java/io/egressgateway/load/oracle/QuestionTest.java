package io.egressgateway.load.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.load.oracle.Holding.Sound;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.frame.ArpFrame;
import io.egressgateway.node.netlink.wire.frame.NeighbourAdvertisement;
import io.egressgateway.node.netlink.wire.frame.NeighbourSolicitation;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class QuestionTest {
  private static final MacAddress ROUTER = MacAddress.of("02:99:0a:06:a8:01");
  private static final MacAddress NODE = MacAddress.of("02:99:0a:06:a8:0b");
  private static final Ipv4Address EIP = Ipv4Address.of("10.6.168.201");
  private static final Ipv6Address EIP_V6 = Ipv6Address.of("fd06:0:0:a8::201");

  /** To the MAC that a question names, as the kernel answers. */
  private static Bytes to(MacAddress destination, Bytes answer) {
    byte[] frame = answer.toArray();
    System.arraycopy(destination.toBytes(), 0, frame, 0, destination.toBytes().length);
    return Bytes.of(frame);
  }

  @Test
  void anArpQuestionClaimsNothingAndItsAnswerHasItsNumber() {
    ArpFrame question = ArpFrame.decode(new Question(EIP, 7).frame(ROUTER)).orElseThrow();
    assertThat(question.senderIp()).isEqualTo(Ipv4Address.of("0.0.0.0"));
    assertThat(question.senderMac()).isNotEqualTo(ROUTER);
    Bytes answer = to(question.senderMac(), ArpFrame.gratuitousReply(NODE, EIP).encode());
    assertThat(Overheard.in(answer))
        .contains(new Overheard(NODE, EIP, OptionalLong.of(7), Sound.CLAIM));
  }

  @Test
  void aSolicitationComesFromTheRoutersMacAndItsAnswerHasItsNumber() {
    Bytes frame = new Question(EIP_V6, 0x1_0000_0009L).frame(ROUTER);
    NeighbourSolicitation question = NeighbourSolicitation.decode(frame).orElseThrow();
    assertThat(question.sender()).isEqualTo(ROUTER);
    assertThat(question.target()).isEqualTo(EIP_V6);
    assertThat(question.source().high()).isEqualTo(EIP_V6.high());
    MacAddress asker = MacAddress.of("02:fe:00:00:00:09");
    Bytes answer = to(asker, NeighbourAdvertisement.unsolicited(NODE, EIP_V6).encode());
    assertThat(Overheard.in(answer))
        .contains(new Overheard(NODE, EIP_V6, OptionalLong.of(9), Sound.CLAIM));
  }

  @Test
  void whatNobodyAskedForIsAClaim() {
    assertThat(Overheard.in(ArpFrame.gratuitousRequest(NODE, EIP).encode())).contains(claim(EIP));
    assertThat(Overheard.in(NeighbourAdvertisement.unsolicited(NODE, EIP_V6).encode()))
        .contains(claim(EIP_V6));
  }

  private static Overheard claim(IpAddress address) {
    return new Overheard(NODE, address, OptionalLong.empty(), Sound.CLAIM);
  }

  @Test
  void whateverLeavesWithAnAddressIsAPacketOfIt() {
    Bytes solicitation = new NeighbourSolicitation(NODE, EIP_V6, EIP_V6).encode();
    assertThat(Overheard.in(solicitation))
        .contains(new Overheard(NODE, EIP_V6, OptionalLong.empty(), Sound.PACKET));
    assertThat(Overheard.in(Bytes.of(new byte[10]))).isEmpty();
  }
}
