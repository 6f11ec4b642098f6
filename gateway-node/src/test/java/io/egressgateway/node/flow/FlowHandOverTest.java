package io.egressgateway.node.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.egressgateway.core.link.MalformedLinkMessage;
import io.egressgateway.core.link.v1.Flow;
import io.egressgateway.core.link.v1.FlowBatch;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants;
import io.egressgateway.node.netlink.wire.conntrack.ConntrackEntry;
import io.egressgateway.node.netlink.wire.conntrack.FlowKey;
import io.egressgateway.node.netlink.wire.conntrack.Layer4;
import io.egressgateway.node.netlink.wire.conntrack.Progress;
import io.egressgateway.node.netlink.wire.conntrack.ProtocolState;
import io.egressgateway.node.netlink.wire.conntrack.ProtocolState.TcpSide;
import io.egressgateway.node.netlink.wire.conntrack.SourceNat;
import io.egressgateway.node.netlink.wire.conntrack.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a kernel's entry is handed over, and what becomes of it elsewhere. */
final class FlowHandOverTest {
  private static final HandedEip EIP = new HandedEip(IpAddress.of("10.6.1.55"), new EipNumber(9));
  private static final FlowTranslation OLD =
      new FlowTranslation(new NodeNumber(1), KernelNumbers.USUAL);
  private static final FlowTranslation NEW =
      new FlowTranslation(new NodeNumber(2), KernelNumbers.USUAL);
  private static final int TUNNELLED = 0x27020000;
  private static final int EGRESS = 0x26000000;
  private static final int ANSWERED =
      ConntrackConstants.IPS_SEEN_REPLY | ConntrackConstants.IPS_CONFIRMED;
  private static final Tuple FROM_POD =
      new Tuple(
          IpAddress.of("10.244.1.7"), IpAddress.of("192.0.2.80"), new Layer4.Ports(6, 40000, 443));
  private static final Tuple TO_EIP =
      new Tuple(IpAddress.of("192.0.2.80"), EIP.address(), new Layer4.Ports(6, 443, 52112));

  private static ConntrackEntry entry(int mark, int status, int tcpState) {
    TcpSide side = new TcpSide(7, ConntrackConstants.IP_CT_TCP_FLAG_WINDOW_SCALE);
    ProtocolState state = new ProtocolState.Tcp(tcpState, side, side);
    return ConntrackEntry.observed(
        FlowKey.of(FROM_POD), TO_EIP, new Progress(status, mark, 300, state));
  }

  @Test
  void aFlowOfAnotherNodesPodKeepsItsWayBackAndItsPort() {
    HandedFlow flow = OLD.outOf(entry(TUNNELLED | 3, ANSWERED, 3), EIP).orElseThrow();

    ConntrackEntry there = NEW.translated(flow, EIP);

    assertThat(there.key().original()).isEqualTo(FROM_POD);
    assertThat(there.reply()).isEqualTo(FROM_POD.inverse());
    assertThat(there.progress().mark()).isEqualTo(TUNNELLED | 3);
    assertThat(there.sourceNat()).contains(new SourceNat(EIP.address(), OptionalInt.of(52112)));
    assertThat(there.progress().protocol())
        .isInstanceOfSatisfying(
            ProtocolState.Tcp.class,
            tcp -> {
              assertThat(tcp.original().flags()).isEqualTo(0x09);
              assertThat(tcp.reply().flags()).isEqualTo(0x09);
              assertThat(tcp.reply().windowScale()).isEqualTo(7);
            });
  }

  @Test
  void aFlowOfThePodOfTheNewNodeIsItsOwnThere() {
    HandedFlow flow = OLD.outOf(entry(TUNNELLED | 2, ANSWERED, 3), EIP).orElseThrow();

    assertThat(NEW.isOfOwnPod(flow)).isTrue();
    assertThat(NEW.translated(flow, EIP).progress().mark()).isEqualTo(EGRESS | 9);
  }

  @Test
  void aFlowOfThePodOfTheOldNodeComesFromThereAndIsNoLongerTranslatedThere() {
    HandedFlow flow = OLD.outOf(entry(EGRESS | 9, ANSWERED, 3), EIP).orElseThrow();

    assertThat(NEW.translated(flow, EIP).progress().mark()).isEqualTo(TUNNELLED | 1);
    assertThat(OLD.untranslated(flow, EIP).sourceNat()).isEmpty();
    assertThat(OLD.untranslated(flow, EIP).reply()).isEqualTo(FROM_POD.inverse());
    assertThat(OLD.untranslated(flow, EIP).progress().mark()).isEqualTo(EGRESS | 9);
  }

  @Test
  void whatIsNotWorthItStays() {
    assertThat(OLD.outOf(entry(TUNNELLED | 3, ANSWERED, 1), EIP)).as("SYN sent").isEmpty();
    assertThat(OLD.outOf(entry(TUNNELLED | 3, ANSWERED, 7), EIP)).as("time wait").isEmpty();
    assertThat(OLD.outOf(entry(TUNNELLED | 3, 8, 3), EIP)).as("unanswered").isEmpty();
    assertThat(OLD.outOf(entry(TUNNELLED | 3, ANSWERED | 1 << 9, 3), EIP)).as("dying").isEmpty();
    assertThat(OLD.outOf(entry(TUNNELLED, ANSWERED, 3), EIP)).as("no sender").isEmpty();
    assertThat(OLD.outOf(entry(EGRESS | 8, ANSWERED, 3), EIP)).as("other egress IP").isEmpty();
    assertThat(OLD.outOf(entry(0x42, ANSWERED, 3), EIP)).as("not ours").isEmpty();
    HandedEip other = new HandedEip(IpAddress.of("10.6.1.56"), new EipNumber(9));
    assertThat(OLD.outOf(entry(TUNNELLED | 3, ANSWERED, 3), other)).as("elsewhere").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void flowsAreReadAsTheyWereWritten(long seed) throws MalformedLinkMessage {
    SplittableRandom random = new SplittableRandom(seed);
    List<HandedFlow> flows = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      flows.add(anyFlow(random));
    }
    ByteString bytes = FlowCodec.encode(flows);
    assertThat(FlowCodec.decode(bytes)).isEqualTo(flows);
    assertThat(bytes.size()).isLessThan(FlowParcel.BYTES_MAX);
  }

  private static HandedFlow anyFlow(SplittableRandom random) {
    boolean isV4 = random.nextBoolean();
    byte[] source = new byte[isV4 ? 4 : 16];
    byte[] destination = new byte[source.length];
    random.nextBytes(source);
    random.nextBytes(destination);
    int protocol = List.of(6, 17, 132).get(random.nextInt(3));
    ProtocolState state =
        switch (protocol) {
          case 6 -> new ProtocolState.Tcp(random.nextInt(256), side(random), side(random));
          case 132 ->
              new ProtocolState.Sctp(random.nextInt(256), random.nextInt(), random.nextInt());
          default -> new ProtocolState.Stateless();
        };
    return new HandedFlow(
        new Tuple(
            IpAddress.fromBytes(source),
            IpAddress.fromBytes(destination),
            new Layer4.Ports(protocol, random.nextInt(0x10000), random.nextInt(0x10000))),
        random.nextInt(0x10000),
        new NodeNumber(1 + random.nextInt(0xffff)),
        random.nextLong(1L << 32),
        state);
  }

  private static TcpSide side(SplittableRandom random) {
    return new TcpSide(random.nextInt(15), random.nextInt(256));
  }

  @Test
  void whatNoFlowCanBeIsRefused() throws InvalidProtocolBufferException {
    HandedFlow flow = OLD.outOf(entry(TUNNELLED | 3, ANSWERED, 3), EIP).orElseThrow();
    Flow whole = FlowBatch.parseFrom(FlowCodec.encode(List.of(flow))).getFlows(0);
    refused(whole.toBuilder().setSourcePort(70_000));
    refused(whole.toBuilder().setTranslatedPort(-1));
    refused(whole.toBuilder().setProtocol(256));
    refused(whole.toBuilder().setSender(0));
    refused(whole.toBuilder().setSource(ByteString.copyFrom(new byte[3])));
    refused(whole.toBuilder().setSource(ByteString.copyFrom(new byte[16])));
    assertThatThrownBy(() -> FlowCodec.decode(ByteString.copyFrom(new byte[] {1, 2, 3})))
        .isInstanceOf(MalformedLinkMessage.class);
  }

  private static void refused(Flow.Builder flow) {
    ByteString bytes = FlowBatch.newBuilder().addFlows(flow).build().toByteString();
    assertThatThrownBy(() -> FlowCodec.decode(bytes)).isInstanceOf(MalformedLinkMessage.class);
  }
}
