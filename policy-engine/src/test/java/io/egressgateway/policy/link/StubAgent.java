package io.egressgateway.policy.link;

import io.egressgateway.core.link.MalformedLinkMessage;
import io.egressgateway.core.link.PlanCodec;
import io.egressgateway.core.link.v1.AgentLinkGrpc;
import io.egressgateway.core.link.v1.AgentMessage;
import io.egressgateway.core.link.v1.ControllerMessage;
import io.egressgateway.core.link.v1.Hello;
import io.egressgateway.core.link.v1.PlanApplied;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.PlanDelta;
import io.egressgateway.policy.testing.TestCertificates;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** An agent without a kernel: it keeps the plans it is offered and says that it applied them. */
final class StubAgent implements StreamObserver<ControllerMessage>, AutoCloseable {

  private final ManagedChannel channel;
  private final StreamObserver<AgentMessage> stream;
  private final List<NodePlan> plans = new ArrayList<>();
  private int deltas;
  private Optional<Status> ended = Optional.empty();

  private StubAgent(ManagedChannel channel) {
    this.channel = channel;
    this.stream = AgentLinkGrpc.newStub(channel).connect(this);
  }

  static StubAgent connect(
      int port, TestCertificates authority, TestCertificates.Identity identity) {
    try {
      return new StubAgent(
          Grpc.newChannelBuilderForAddress(
                  "127.0.0.1",
                  port,
                  TlsChannelCredentials.newBuilder()
                      .keyManager(identity.certificate().toFile(), identity.key().toFile())
                      .trustManager(authority.ca().toFile())
                      .build())
              .overrideAuthority("controller.egressgateway")
              .build());
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  StubAgent hello(NodeName node, Revision applied) {
    return send(
        AgentMessage.newBuilder()
            .setHello(
                Hello.newBuilder()
                    .setNode(node.toString())
                    .setBootId("boot-1")
                    .setIncarnation(1)
                    .setAppliedRevision(applied.value())
                    .setAgentVersion("test"))
            .build());
  }

  StubAgent send(AgentMessage message) {
    stream.onNext(message);
    return this;
  }

  @Override
  public synchronized void onNext(ControllerMessage message) {
    try {
      NodePlan plan =
          switch (message.getMessageCase()) {
            case PLAN -> PlanCodec.decode(message.getPlan().getPlan());
            case DELTA -> apply(PlanCodec.decode(message.getDelta()));
            case ENLIST, DISMISS, GRANT, RELEASE, FENCE, MESSAGE_NOT_SET ->
                throw new AssertionError("a message without plan");
          };
      plans.add(plan);
      stream.onNext(
          AgentMessage.newBuilder()
              .setPlanApplied(
                  PlanApplied.newBuilder().setRevision(plan.revision().value()).setTookMicros(1))
              .build());
    } catch (MalformedLinkMessage malformed) {
      throw new AssertionError(malformed);
    }
  }

  private NodePlan apply(PlanDelta delta) {
    deltas++;
    return delta.applyTo(plans.getLast());
  }

  @Override
  public synchronized void onError(Throwable failure) {
    ended = Optional.of(Status.fromThrowable(failure));
  }

  @Override
  public synchronized void onCompleted() {
    ended = Optional.of(Status.OK);
  }

  synchronized List<NodePlan> plans() {
    return List.copyOf(plans);
  }

  synchronized Optional<NodePlan> plan() {
    return plans.isEmpty() ? Optional.empty() : Optional.of(plans.getLast());
  }

  synchronized int deltas() {
    return deltas;
  }

  synchronized Optional<Status> ended() {
    return ended;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
