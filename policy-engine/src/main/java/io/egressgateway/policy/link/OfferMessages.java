package io.egressgateway.policy.link;

import com.google.protobuf.ByteString;
import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.core.link.v1.ControllerMessage;
import io.egressgateway.core.link.v1.Dismiss;
import io.egressgateway.core.link.v1.Enlist;
import io.egressgateway.core.link.v1.Fence;
import io.egressgateway.core.link.v1.FlowsWanted;
import io.egressgateway.core.link.v1.Grant;
import io.egressgateway.core.link.v1.HandedFlows;
import io.egressgateway.core.link.v1.Heard;
import io.egressgateway.core.link.v1.HolderWay;
import io.egressgateway.core.link.v1.KernelQuestion;
import io.egressgateway.core.link.v1.PodWay;
import io.egressgateway.core.link.v1.Release;
import io.egressgateway.core.link.v1.ReplicaPart;
import io.egressgateway.core.link.v1.Replicated;
import io.egressgateway.core.link.v1.ReplicationWanted;
import io.egressgateway.core.link.v1.WitnessAddress;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.WitnessLoss;
import io.egressgateway.policy.entity.AgentOffer;
import io.egressgateway.policy.entity.FlowParcel;
import io.egressgateway.policy.entity.FlowReplica;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What a node says to its agent besides plans, as it goes over the wire. */
final class OfferMessages {
  private OfferMessages() {}

  static ControllerMessage of(AgentOffer.Enlist enlist) {
    LeaseTerms terms = enlist.terms();
    Enlist.Builder message =
        Enlist.newBuilder()
            .setLeaseMicros(micros(terms.lease()))
            .setRenewalMicros(micros(terms.renewal()))
            .setGuardMicros(micros(terms.guard()))
            .setSuspicionMicros(micros(terms.suspicion()))
            .setMembership(enlist.membership());
    enlist
        .witnesses()
        .forEach(
            witness ->
                message.addWitnesses(
                    WitnessAddress.newBuilder().setHost(witness.host()).setPort(witness.port())));
    return ControllerMessage.newBuilder().setEnlist(message).build();
  }

  static ControllerMessage of(AgentOffer.Dismiss ignored) {
    return ControllerMessage.newBuilder().setDismiss(Dismiss.getDefaultInstance()).build();
  }

  /** The answer to a beat. */
  static ControllerMessage heard() {
    return ControllerMessage.newBuilder().setHeard(Heard.getDefaultInstance()).build();
  }

  static ControllerMessage of(AgentOffer.Grant grant) {
    return ControllerMessage.newBuilder()
        .setGrant(
            Grant.newBuilder()
                .setAddress(octets(grant.address()))
                .setEpoch(grant.epoch().value())
                .setBootId(grant.session().bootId())
                .setIncarnation(grant.session().incarnation())
                .setHold(grant.onLoss() == WitnessLoss.HOLD))
        .build();
  }

  static ControllerMessage of(AgentOffer.Release release) {
    return ControllerMessage.newBuilder()
        .setRelease(
            Release.newBuilder()
                .setAddress(octets(release.address()))
                .setEpoch(release.epoch().value())
                .setBootId(release.session().bootId())
                .setIncarnation(release.session().incarnation()))
        .build();
  }

  static ControllerMessage of(AgentOffer.WantFlows want) {
    return ControllerMessage.newBuilder()
        .setFlowsWanted(
            FlowsWanted.newBuilder()
                .setAddress(octets(want.eip().address()))
                .setEip(want.eip().number().value())
                .setNode(want.receiver().value()))
        .build();
  }

  static ControllerMessage of(AgentOffer.TakeFlows take) {
    FlowParcel parcel = take.parcel();
    return ControllerMessage.newBuilder()
        .setFlows(
            HandedFlows.newBuilder()
                .setAddress(octets(parcel.eip().address()))
                .setEip(parcel.eip().number().value())
                .setNode(take.sender().value())
                .setPart(parcel.part())
                .setLast(parcel.place() == FlowParcel.Place.LAST)
                .setFlows(parcel.flows()))
        .build();
  }

  static ControllerMessage of(AgentOffer.Replicate replicate) {
    ReplicationWanted.Builder message = ReplicationWanted.newBuilder();
    replicate
        .replicated()
        .forEach(
            each ->
                message.addReplicated(
                    Replicated.newBuilder()
                        .setAddress(octets(each.eip().address()))
                        .setEip(each.eip().number().value())
                        .setNode(each.receiver().value())));
    return ControllerMessage.newBuilder().setReplicationWanted(message).build();
  }

  static ControllerMessage of(AgentOffer.TakeReplica take) {
    FlowReplica part = take.part();
    return ControllerMessage.newBuilder()
        .setReplica(
            ReplicaPart.newBuilder()
                .setAddress(octets(part.eip().address()))
                .setEip(part.eip().number().value())
                .setNode(take.sender().value())
                .setStream(part.stream())
                .setRound(part.round())
                .setFlows(part.flows()))
        .build();
  }

  static ControllerMessage of(AgentOffer.AskKernel ask) {
    KernelQuestion.Builder question = KernelQuestion.newBuilder().setId(ask.id());
    switch (ask.question()) {
      case io.egressgateway.policy.entity.KernelQuestion.OfPod pod ->
          question.setPod(
              PodWay.newBuilder()
                  .setPod(octets(pod.pod()))
                  .setDestination(octets(pod.destination()))
                  .setEip(pod.eip().map(EipNumber::value).orElse(0))
                  .setHolder(pod.holder().map(NodeName::value).orElse("")));
      case io.egressgateway.policy.entity.KernelQuestion.OfHolder holder ->
          question.setHolder(
              HolderWay.newBuilder()
                  .setEip(holder.eip().value())
                  .setAddress(octets(holder.address()))
                  .setSender(holder.sender().value())
                  .setDestination(octets(holder.destination())));
    }
    return ControllerMessage.newBuilder().setKernelQuestion(question).build();
  }

  static ControllerMessage of(AgentOffer.Fence fence) {
    return ControllerMessage.newBuilder()
        .setFence(
            Fence.newBuilder()
                .setBootId(fence.session().bootId())
                .setIncarnation(fence.session().incarnation()))
        .build();
  }

  private static ByteString octets(IpAddress address) {
    return ByteString.copyFrom(address.toBytes());
  }

  private static long micros(Duration duration) {
    return TimeUnit.MICROSECONDS.convert(duration);
  }
}
