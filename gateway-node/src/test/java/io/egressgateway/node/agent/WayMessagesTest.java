package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.egressgateway.core.link.MalformedLinkMessage;
import io.egressgateway.core.link.v1.HolderWay;
import io.egressgateway.core.link.v1.KernelAnswer;
import io.egressgateway.core.link.v1.KernelQuestion;
import io.egressgateway.core.link.v1.PodWay;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.node.kernel.WayFact;
import io.egressgateway.node.kernel.WayQuestion;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WayMessagesTest {
  private static final PodWay POD =
      PodWay.newBuilder()
          .setPod(octets("10.244.2.5"))
          .setDestination(octets("192.0.2.1"))
          .setEip(7)
          .setHolder("node-11")
          .build();

  private static ByteString octets(String address) {
    return ByteString.copyFrom(IpAddress.of(address).toBytes());
  }

  private static WayQuestion read(PodWay way) throws MalformedLinkMessage {
    return WayMessages.read(KernelQuestion.newBuilder().setId(1).setPod(way).build());
  }

  @Test
  void questionsAreRead() throws Exception {
    assertThat(read(POD))
        .isEqualTo(
            new WayQuestion.OfPod(
                IpAddress.of("10.244.2.5"),
                IpAddress.of("192.0.2.1"),
                Optional.of(new EipNumber(7)),
                Optional.of(new NodeName("node-11"))));
    assertThat(read(POD.toBuilder().clearEip().clearHolder().build()))
        .isEqualTo(
            new WayQuestion.OfPod(
                IpAddress.of("10.244.2.5"),
                IpAddress.of("192.0.2.1"),
                Optional.empty(),
                Optional.empty()));
    assertThat(
            WayMessages.read(
                KernelQuestion.newBuilder()
                    .setHolder(
                        HolderWay.newBuilder()
                            .setEip(7)
                            .setAddress(octets("10.6.168.201"))
                            .setSender("node-12")
                            .setDestination(octets("192.0.2.1")))
                    .build()))
        .isEqualTo(
            new WayQuestion.OfHolder(
                new EipNumber(7),
                IpAddress.of("10.6.168.201"),
                new NodeName("node-12"),
                IpAddress.of("192.0.2.1")));
  }

  @Test
  void whatIsMalformedIsRefused() {
    for (PodWay malformed :
        List.of(
            POD.toBuilder().setPod(ByteString.copyFromUtf8("pod")).build(),
            POD.toBuilder().clearDestination().build(),
            POD.toBuilder().setDestination(octets("2001:db8::1")).build(),
            POD.toBuilder().setEip(-1).build(),
            POD.toBuilder().setHolder("No Node").build())) {
      assertThatThrownBy(() -> read(malformed))
          .as(malformed.toString())
          .isInstanceOf(MalformedLinkMessage.class);
    }
    assertThatThrownBy(() -> WayMessages.read(KernelQuestion.getDefaultInstance()))
        .isInstanceOf(MalformedLinkMessage.class);
  }

  @Test
  void answersNameTheirQuestion() {
    KernelAnswer answer =
        WayMessages.encode(
            new Report.Examined(
                9,
                new Report.Outcome.Read(
                    List.of(new WayFact("gate", "open", "closed", WayFact.Agreement.DIFFERS)))));

    assertThat(answer.getId()).isEqualTo(9);
    assertThat(answer.getFacts(0).getDiffers()).isTrue();
    assertThat(answer.getFacts(0).getFound()).isEqualTo("closed");
    assertThat(
            WayMessages.encode(new Report.Examined(9, new Report.Outcome.Unread("busy")))
                .getRefusal())
        .isEqualTo("busy");
  }
}
