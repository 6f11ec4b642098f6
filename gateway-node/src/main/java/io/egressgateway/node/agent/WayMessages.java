package io.egressgateway.node.agent;

import com.google.protobuf.ByteString;
import io.egressgateway.core.link.MalformedLinkMessage;
import io.egressgateway.core.link.v1.HolderWay;
import io.egressgateway.core.link.v1.KernelAnswer;
import io.egressgateway.core.link.v1.KernelFact;
import io.egressgateway.core.link.v1.KernelQuestion;
import io.egressgateway.core.link.v1.PodWay;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.node.kernel.WayFact;
import io.egressgateway.node.kernel.WayQuestion;
import java.util.Optional;

/** Questions about the way of packets, and their answers, from and to {@code link.proto}. */
final class WayMessages {
  private WayMessages() {}

  static WayQuestion read(KernelQuestion message) throws MalformedLinkMessage {
    try {
      return switch (message.getAboutCase()) {
        case POD -> ofPod(message.getPod());
        case HOLDER -> ofHolder(message.getHolder());
        case ABOUT_NOT_SET -> throw new MalformedLinkMessage("question.about", "not known here");
      };
    } catch (IllegalArgumentException refused) {
      throw new MalformedLinkMessage("question", String.valueOf(refused.getMessage()));
    }
  }

  private static WayQuestion ofPod(PodWay way) throws MalformedLinkMessage {
    IpAddress pod = address(way.getPod());
    IpAddress destination = address(way.getDestination());
    if (pod.family() != destination.family()) {
      throw new MalformedLinkMessage(
          "question.pod", pod + " and " + destination + " are not of one family");
    }
    return new WayQuestion.OfPod(
        pod,
        destination,
        way.getEip() == 0 ? Optional.empty() : Optional.of(new EipNumber(way.getEip())),
        way.getHolder().isEmpty() ? Optional.empty() : Optional.of(new NodeName(way.getHolder())));
  }

  private static WayQuestion ofHolder(HolderWay way) {
    return new WayQuestion.OfHolder(
        new EipNumber(way.getEip()),
        address(way.getAddress()),
        new NodeName(way.getSender()),
        address(way.getDestination()));
  }

  private static IpAddress address(ByteString octets) {
    return IpAddress.fromBytes(octets.toByteArray());
  }

  static KernelAnswer encode(Report.Examined examined) {
    KernelAnswer.Builder answer = KernelAnswer.newBuilder().setId(examined.question());
    return switch (examined.outcome()) {
      case Report.Outcome.Read(var facts) ->
          answer.addAllFacts(facts.stream().map(WayMessages::encode).toList()).build();
      case Report.Outcome.Unread(var reason) -> answer.setRefusal(reason).build();
    };
  }

  private static KernelFact encode(WayFact fact) {
    return KernelFact.newBuilder()
        .setSubject(fact.subject())
        .setPlanned(fact.planned())
        .setFound(fact.found())
        .setDiffers(fact.agreement() == WayFact.Agreement.DIFFERS)
        .build();
  }
}
