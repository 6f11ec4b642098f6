package io.egressgateway.policy.link;

import io.egressgateway.core.link.MalformedLinkMessage;
import io.egressgateway.core.link.PlanCodec;
import io.egressgateway.core.link.v1.AgentLinkGrpc;
import io.egressgateway.core.link.v1.AgentMessage;
import io.egressgateway.core.link.v1.ControllerMessage;
import io.egressgateway.core.link.v1.EipOpened;
import io.egressgateway.core.link.v1.EipReleased;
import io.egressgateway.core.link.v1.FlowsInstalled;
import io.egressgateway.core.link.v1.FlowsWanted;
import io.egressgateway.core.link.v1.Grant;
import io.egressgateway.core.link.v1.HandedFlows;
import io.egressgateway.core.link.v1.Hello;
import io.egressgateway.core.link.v1.PlanApplied;
import io.egressgateway.core.link.v1.Release;
import io.egressgateway.core.link.v1.SessionBeat;
import io.egressgateway.core.link.v1.Standing;
import io.egressgateway.core.model.IpAddress;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An agent without a kernel: it keeps the plans it is offered and says that it applied them. Once
 * it is enlisted it has a lease as long as it lives, opens the gate of what it is granted and has
 * in its plan, and closes it when asked to.
 */
final class StubAgent implements StreamObserver<ControllerMessage>, AutoCloseable {

  static final String BOOT = "boot-1";

  private final ManagedChannel channel;
  private final StreamObserver<AgentMessage> stream;
  private final List<NodePlan> plans = new ArrayList<>();
  private int deltas;
  private Optional<Status> ended = Optional.empty();
  private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor();
  private final Map<IpAddress, Grant> granted = new HashMap<>();
  private final Set<IpAddress> open = new HashSet<>();
  private Set<IpAddress> inPlan = Set.of();
  private Standing standing = Standing.STANDING_LEASED;
  private long incarnation = 1;
  private @Nullable Future<?> beating;

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
                    .setBootId(BOOT)
                    .setIncarnation(incarnation)
                    .setAppliedRevision(applied.value())
                    .setAgentVersion("test"))
            .build());
  }

  /** Every gRPC stream has one writer at a time. */
  synchronized StubAgent send(AgentMessage message) {
    stream.onNext(message);
    return this;
  }

  private synchronized void beat() {
    send(
        AgentMessage.newBuilder()
            .setBeat(
                SessionBeat.newBuilder()
                    .setBootId(BOOT)
                    .setIncarnation(incarnation)
                    .setStanding(standing))
            .build());
  }

  /** From now on it says this of its session. */
  synchronized void stand(Standing newStanding) {
    standing = newStanding;
    beat();
  }

  /** A new life: what the former one held is closed. */
  synchronized void lapse() {
    granted.clear();
    open.clear();
    incarnation++;
    beat();
  }

  /** It is not heard of any more. */
  void die() {
    beats.shutdownNow();
    channel.shutdownNow();
  }

  /** The addresses whose gate is open. */
  synchronized Set<IpAddress> open() {
    return Set.copyOf(open);
  }

  private void granted(Grant grant) {
    if (grant.getIncarnation() == incarnation && grant.getBootId().equals(BOOT)) {
      IpAddress address = IpAddress.fromBytes(grant.getAddress().toByteArray());
      granted.put(address, grant);
      open.remove(address);
      openGate(address, grant);
    }
  }

  private void openGates() {
    granted.forEach(this::openGate);
  }

  private void openGate(IpAddress address, Grant grant) {
    if (inPlan.contains(address) && open.add(address)) {
      send(
          AgentMessage.newBuilder()
              .setOpened(
                  EipOpened.newBuilder()
                      .setAddress(grant.getAddress())
                      .setEpoch(grant.getEpoch())
                      .setBootId(BOOT)
                      .setIncarnation(incarnation))
              .build());
    }
  }

  private void release(Release release) {
    if (release.getIncarnation() == incarnation && release.getBootId().equals(BOOT)) {
      IpAddress address = IpAddress.fromBytes(release.getAddress().toByteArray());
      granted.remove(address);
      open.remove(address);
      send(
          AgentMessage.newBuilder()
              .setReleased(
                  EipReleased.newBuilder()
                      .setAddress(release.getAddress())
                      .setEpoch(release.getEpoch())
                      .setBootId(BOOT)
                      .setIncarnation(incarnation))
              .build());
    }
  }

  @Override
  public synchronized void onNext(ControllerMessage message) {
    try {
      switch (message.getMessageCase()) {
        case PLAN -> take(PlanCodec.decode(message.getPlan().getPlan()));
        case DELTA -> take(apply(PlanCodec.decode(message.getDelta())));
        case ENLIST -> enlist();
        case GRANT -> granted(message.getGrant());
        case RELEASE -> release(message.getRelease());
        case FENCE -> lapse();
        case FLOWS_WANTED -> handOver(message.getFlowsWanted());
        case FLOWS -> installed(message.getFlows());
        case DISMISS, HEARD, KERNEL_QUESTION, REPLICATION_WANTED, REPLICA, MESSAGE_NOT_SET -> {}
      }
    } catch (MalformedLinkMessage malformed) {
      throw new AssertionError(malformed);
    }
  }

  /** There is never a connection. */
  private void handOver(FlowsWanted wanted) {
    send(
        AgentMessage.newBuilder()
            .setFlows(
                HandedFlows.newBuilder()
                    .setAddress(wanted.getAddress())
                    .setEip(wanted.getEip())
                    .setNode(wanted.getNode())
                    .setLast(true))
            .build());
  }

  private void installed(HandedFlows flows) {
    if (flows.getLast()) {
      send(
          AgentMessage.newBuilder()
              .setFlowsInstalled(FlowsInstalled.newBuilder().setAddress(flows.getAddress()))
              .build());
    }
  }

  private void enlist() {
    if (beating == null) {
      beating = beats.scheduleAtFixedRate(this::beat, 0, 100, TimeUnit.MILLISECONDS);
    }
  }

  private void take(NodePlan plan) {
    plans.add(plan);
    inPlan = Set.copyOf(plan.ownership().held().values());
    send(
        AgentMessage.newBuilder()
            .setPlanApplied(
                PlanApplied.newBuilder().setRevision(plan.revision().value()).setTookMicros(1))
            .build());
    openGates();
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
    beats.shutdownNow();
    channel.shutdownNow();
    try {
      channel.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
