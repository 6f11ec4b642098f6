package io.egressgateway.policy.link;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import io.egressgateway.core.link.v1.AgentLinkGrpc;
import io.egressgateway.core.link.v1.AgentMessage;
import io.egressgateway.core.link.v1.ControllerMessage;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.policy.entity.EntityDirectory;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Makes a session of each stream. gRPC's threads do nothing here but pass messages on. */
final class AgentLinkService extends AgentLinkGrpc.AgentLinkImplBase {
  /** The certificate that the client has proved to hold. */
  static final Context.Key<X509Certificate> CERTIFICATE = Context.key("agent-certificate");

  /**
   * Messages that an agent may have sent before the first is taken: a herd of gates, and a beat.
   */
  private static final int IN_ADVANCE = 64;

  private final ActorSystem<?> system;
  private final EntityDirectory entities;
  private final AgentLinkSettings.Limits limits;
  private final AtomicLong sessions = new AtomicLong();
  private final AtomicInteger open = new AtomicInteger();

  AgentLinkService(
      ActorSystem<?> system, EntityDirectory entities, AgentLinkSettings.Limits limits) {
    this.system = system;
    this.entities = entities;
    this.limits = limits;
  }

  @Override
  public StreamObserver<AgentMessage> connect(StreamObserver<ControllerMessage> responses) {
    ServerCallStreamObserver<ControllerMessage> call =
        (ServerCallStreamObserver<ControllerMessage>) responses;
    call.disableAutoRequest();
    ActorRef<AgentSession.Command> session =
        system.systemActorOf(
            AgentSession.create(
                new GrpcStream(call, CERTIFICATE.get()), entities, limits.attachInterval()),
            "agent-session-" + sessions.incrementAndGet(),
            DispatcherSelector.fromConfig("egressgateway.agent-link.dispatcher"));
    open.incrementAndGet();
    // gRPC calls one of the two, once.
    call.setOnCloseHandler(open::decrementAndGet);
    call.setOnCancelHandler(
        () -> {
          open.decrementAndGet();
          session.tell(new AgentSession.StreamEnded("cancelled"));
        });
    call.request(IN_ADVANCE);
    return new Inbound(session);
  }

  /** Streams that have not ended. */
  int open() {
    return open.get();
  }

  private record GrpcStream(
      ServerCallStreamObserver<ControllerMessage> call, X509Certificate certificate)
      implements AgentSession.Stream {
    @Override
    public boolean speaksFor(NodeName node) {
      return AgentIdentity.speaksFor(certificate, node);
    }

    @Override
    public void send(ControllerMessage message) {
      if (!call.isCancelled()) {
        call.onNext(message);
      }
    }

    @Override
    public void demand() {
      call.request(1);
    }

    @Override
    public void end(Status status) {
      if (!call.isCancelled()) {
        call.onError(status.asRuntimeException());
      }
    }
  }

  private record Inbound(ActorRef<AgentSession.Command> session)
      implements StreamObserver<AgentMessage> {
    @Override
    public void onNext(AgentMessage message) {
      session.tell(new AgentSession.Received(message));
    }

    @Override
    public void onError(Throwable failure) {
      session.tell(new AgentSession.StreamEnded(String.valueOf(failure.getMessage())));
    }

    @Override
    public void onCompleted() {
      session.tell(new AgentSession.StreamEnded("completed"));
    }
  }
}
