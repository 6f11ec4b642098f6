package io.egressgateway.node.netlink.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class NetlinkMessageTest {
  @Test
  void parsesSeveralMessagesOfOneDatagram() {
    NetlinkMessage first = new NetlinkMessage(2, 0x100, 7, 9, Bytes.parseHex("01 02 03"));
    NetlinkMessage second = new NetlinkMessage(0xffff, 0xffff, -1, -1, Bytes.EMPTY);
    Bytes datagram = Bytes.concat(List.of(first.encode(), second.encode()));
    assertThat(NetlinkMessage.parse(ByteBuffer.wrap(datagram.toArray())))
        .containsExactly(first, second);
  }

  @Test
  void attributesKeepTheirByteOrder() {
    Bytes written =
        new AttributeWriter()
            .putU8(1, 0xab)
            .putU16(2, 0x0102)
            .putBe16(3, 0x0102)
            .putU32(4, 0xfffffffeL)
            .putBe32(5, 0xfffffffeL)
            .putBe64(6, 0x0102030405060708L)
            .putString(7, "text")
            .putFlag(8)
            .nest(9, nest -> nest.putU8(1, 1).putU8(1, 2))
            .toBytes();
    AttributeReader read = new AttributeReader(written.toBuffer());
    assertThat(read.u8(1)).hasValue(0xab);
    assertThat(read.u16(2)).hasValue(0x0102);
    assertThat(read.be16(3)).hasValue(0x0102);
    assertThat(read.bytes(3)).contains(Bytes.parseHex("0102"));
    assertThat(read.u32(4)).hasValue(0xfffffffeL);
    assertThat(read.be32(5)).hasValue(0xfffffffeL);
    assertThat(read.bytes(5)).contains(Bytes.parseHex("fffffffe"));
    assertThat(read.be64(6)).hasValue(0x0102030405060708L);
    assertThat(read.string(7)).contains("text");
    assertThat(read.has(8)).isTrue();
    assertThat(read.requireNested(9).u8(1)).as("the last of equals").hasValue(2);
    assertThat(read.has(10)).isFalse();
    assertThat(read.u32(10)).isEqualTo(OptionalLong.empty());
  }

  @Test
  void aValueShorterThanItsTypeIsMalformed() {
    AttributeReader read =
        new AttributeReader(new AttributeWriter().putU8(1, 1).toBytes().toBuffer());
    assertThatThrownBy(() -> read.u32(1)).isInstanceOf(MalformedNetlinkMessage.class);
    assertThatThrownBy(() -> read.requireU32(2))
        .isInstanceOf(MalformedNetlinkMessage.class)
        .hasMessageContaining("attribute 2 is missing");
  }

  @Test
  void anAttributeThatIsTooLongIsNotWritten() {
    AttributeWriter writer = new AttributeWriter();
    assertThatThrownBy(() -> writer.putBytes(1, Bytes.zeros(0xffff)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new AttributeWriter()
                    .nest(1, nest -> nest.putBytes(1, Bytes.zeros(0xfff0)).putU32(2, 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsARefusalWithItsReason() {
    // NLMSG_ERROR, NLM_F_CAPPED | NLM_F_ACK_TLVS: -22, the request's header, message and offset.
    Bytes payload =
        new AttributeWriter()
            .rawU32(-22)
            .rawBytes(NetlinkMessage.request(20, 0, Bytes.EMPTY).encode())
            .putString(1, "Attribute failed policy validation")
            .putU32(2, 124)
            .toBytes();
    assertThat(Acknowledgement.decode(new NetlinkMessage(2, 0x300, 1, 2, payload)))
        .isEqualTo(
            new Acknowledgement(
                22, Optional.of("Attribute failed policy validation"), OptionalInt.of(124)));
  }

  @Test
  void readsARefusalThatEchoesTheRequest() {
    NetlinkMessage request = NetlinkMessage.request(20, 0, Bytes.parseHex("0102030405"));
    Bytes payload =
        new AttributeWriter().rawU32(-1).rawBytes(request.encode()).putString(1, "no").toBytes();
    assertThat(Acknowledgement.decode(new NetlinkMessage(2, 0x200, 1, 2, payload)))
        .isEqualTo(new Acknowledgement(1, Optional.of("no"), OptionalInt.empty()));
  }

  @Test
  void readsTheEndOfADump() {
    Acknowledgement done = new Acknowledgement(0, Optional.empty(), OptionalInt.empty());
    assertThat(Acknowledgement.decode(new NetlinkMessage(3, 2, 1, 2, Bytes.zeros(4))))
        .isEqualTo(done);
    assertThat(Acknowledgement.decode(new NetlinkMessage(3, 2, 1, 2, Bytes.EMPTY))).isEqualTo(done);
  }
}
