package io.egressgateway.policy.link;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractOnMessageBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.link.MalformedLinkMessage;
import io.egressgateway.core.link.PlanCodec;
import io.egressgateway.core.link.v1.AgentMessage;
import io.egressgateway.core.link.v1.ControllerMessage;
import io.egressgateway.core.link.v1.EipOpened;
import io.egressgateway.core.link.v1.EipReleased;
import io.egressgateway.core.link.v1.PlanOffer;
import io.egressgateway.core.link.v1.SessionBeat;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.Revision;
import io.egressgateway.policy.entity.AgentHello;
import io.egressgateway.policy.entity.AgentOffer;
import io.egressgateway.policy.entity.EipEntity;
import io.egressgateway.policy.entity.EntityDirectory;
import io.egressgateway.policy.entity.NodeEntity;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;

/**
 * One stream of an agent. It is the only one that writes to the stream, and it ends with it. What
 * the agent has acknowledged it repeats to the node's entity, which may have moved meanwhile.
 */
final class AgentSession extends AbstractOnMessageBehavior<AgentSession.Command> {

  /** What a session can be told. */
  sealed interface Command {}

  /** The agent has spoken. */
  record Received(AgentMessage message) implements Command {}

  /** The agent, or the connection, has ended the stream. */
  record StreamEnded(String reason) implements Command {}

  /** The node's entity has something for the agent. */
  record Offered(AgentOffer offer) implements Command {}

  /** Time to tell the node's entity again that this session is there. */
  record AttachAgain() implements Command {}

  /** The stream, as the session sees it. */
  interface Stream {
    /** Whether the agent's certificate is that of the node. */
    boolean speaksFor(NodeName node);

    /** Never blocks. */
    void send(ControllerMessage message);

    /** Lets the next message of the agent come. */
    void demand();

    /** Ends the stream; nothing is sent after. */
    void end(Status status);
  }

  /** An agent that has introduced itself. */
  private record Attached(NodeName node, AgentHello hello, EntityRef<NodeEntity.Command> entity) {}

  private final Stream stream;
  private final EntityDirectory entities;
  private final ActorRef<AgentOffer> self;
  private Optional<Attached> attached = Optional.empty();

  private AgentSession(ActorContext<Command> context, Stream stream, EntityDirectory entities) {
    super(context);
    this.stream = stream;
    this.entities = entities;
    this.self = context.messageAdapter(AgentOffer.class, Offered::new);
  }

  static Behavior<Command> create(
      Stream stream, EntityDirectory entities, Duration attachInterval) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerAtFixedRate(new AttachAgain(), attachInterval);
                  return new AgentSession(context, stream, entities);
                }));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Received(AgentMessage message) -> received(message);
      case Offered(AgentOffer offer) -> offered(offer);
      case AttachAgain ignored -> {
        attach();
        yield this;
      }
      case StreamEnded(String reason) -> ended(reason);
    };
  }

  private Behavior<Command> received(AgentMessage message) {
    try {
      Optional<Status> refusal = attached.isEmpty() ? introduced(message) : heard(message);
      if (refusal.isPresent()) {
        return end(refusal.get());
      }
    } catch (MalformedLinkMessage malformed) {
      return end(invalid(String.valueOf(malformed.getMessage())));
    }
    stream.demand();
    return this;
  }

  private Optional<Status> introduced(AgentMessage message) throws MalformedLinkMessage {
    if (!message.hasHello()) {
      return Optional.of(invalid("the first message of a stream is a hello"));
    }
    NodeName node = AgentMessages.node(message.getHello());
    if (!stream.speaksFor(node)) {
      return Optional.of(
          Status.PERMISSION_DENIED.withDescription(
              "the certificate is not that of the agent of node " + node));
    }
    attached =
        Optional.of(
            new Attached(node, AgentMessages.hello(message.getHello()), entities.node(node)));
    attach();
    return Optional.empty();
  }

  private Optional<Status> heard(AgentMessage message) throws MalformedLinkMessage {
    Attached agent = attached.orElseThrow();
    switch (message.getMessageCase()) {
      case PLAN_APPLIED -> applied(agent, message);
      case PLAN_FAILED ->
          agent
              .entity()
              .tell(
                  new NodeEntity.PlanFailed(
                      self,
                      AgentMessages.revision(
                          "plan_failed.revision", message.getPlanFailed().getRevision()),
                      AgentMessages.faults(message.getPlanFailed())));
      case FACTS ->
          agent.entity().tell(new NodeEntity.FactsFound(AgentMessages.facts(message.getFacts())));
      case HELLO -> {
        return Optional.of(invalid("a stream has one hello"));
      }
      case BEAT -> {
        SessionBeat beat = message.getBeat();
        agent
            .entity()
            .tell(
                new NodeEntity.Beat(
                    self,
                    AgentMessages.session(agent.node(), beat.getBootId(), beat.getIncarnation()),
                    AgentMessages.standing(beat.getStanding())));
        stream.send(OfferMessages.heard());
      }
      case OPENED -> {
        EipOpened opened = message.getOpened();
        agent
            .entity()
            .tell(
                new NodeEntity.EipOpened(
                    AgentMessages.session(
                        agent.node(), opened.getBootId(), opened.getIncarnation()),
                    AgentMessages.address("opened.address", opened.getAddress()),
                    AgentMessages.epoch("opened.epoch", opened.getEpoch())));
      }
      case RELEASED -> released(agent, message.getReleased());
      case CONFLICT ->
          agent
              .entity()
              .tell(
                  new NodeEntity.ConflictFound(
                      AgentMessages.address("conflict.address", message.getConflict().getAddress()),
                      AgentMessages.mac("conflict.mac", message.getConflict().getMac())));
      case FLOWS ->
          agent
              .entity()
              .tell(
                  new NodeEntity.FlowsFound(
                      AgentMessages.node("flows.node", message.getFlows().getNode()),
                      AgentMessages.parcel(message.getFlows())));
      case FLOWS_INSTALLED ->
          agent
              .entity()
              .tell(
                  new NodeEntity.FlowsInstalled(
                      AgentMessages.address(
                          "flows_installed.address", message.getFlowsInstalled().getAddress()),
                      message.getFlowsInstalled().getInstalled(),
                      message.getFlowsInstalled().getRefused()));
      case REPLICA ->
          agent
              .entity()
              .tell(
                  new NodeEntity.ReplicaFound(
                      AgentMessages.node("replica.node", message.getReplica().getNode()),
                      AgentMessages.replica(message.getReplica())));
      case KERNEL_ANSWER ->
          agent
              .entity()
              .tell(
                  new NodeEntity.KernelAnswered(
                      message.getKernelAnswer().getId(),
                      AgentMessages.answer(message.getKernelAnswer())));
      case MESSAGE_NOT_SET -> {
        return Optional.of(invalid("a message of a kind that is not known here"));
      }
    }
    return Optional.empty();
  }

  /** The agent's word stands by itself: a move waits for the ledger alone, not for the node. */
  private void released(Attached agent, EipReleased released) throws MalformedLinkMessage {
    NodeSession session =
        AgentMessages.session(agent.node(), released.getBootId(), released.getIncarnation());
    IpAddress address = AgentMessages.address("released.address", released.getAddress());
    Epoch epoch = AgentMessages.epoch("released.epoch", released.getEpoch());
    entities
        .eip(address)
        .tell(new EipEntity.Stopped(epoch, new OwnershipProof.ReleaseAcknowledged(session)));
    agent.entity().tell(new NodeEntity.EipReleased(session, address, epoch));
  }

  private void applied(Attached agent, AgentMessage message) throws MalformedLinkMessage {
    Revision revision =
        AgentMessages.revision("plan_applied.revision", message.getPlanApplied().getRevision());
    AgentHello before = agent.hello();
    attached =
        Optional.of(
            new Attached(
                agent.node(),
                new AgentHello(before.bootId(), before.incarnation(), revision, before.version()),
                agent.entity()));
    agent.entity().tell(new NodeEntity.PlanApplied(self, revision));
  }

  private void attach() {
    attached.ifPresent(agent -> agent.entity().tell(new NodeEntity.Attach(agent.hello(), self)));
  }

  private Behavior<Command> offered(AgentOffer offer) {
    return switch (offer) {
      case AgentOffer.WholePlan(var plan) ->
          send(
              ControllerMessage.newBuilder()
                  .setPlan(PlanOffer.newBuilder().setPlan(PlanCodec.encode(plan)))
                  .build());
      case AgentOffer.ChangedPlan(var delta) ->
          send(ControllerMessage.newBuilder().setDelta(PlanCodec.encode(delta)).build());
      case AgentOffer.Enlist enlist -> send(OfferMessages.of(enlist));
      case AgentOffer.Dismiss dismiss -> send(OfferMessages.of(dismiss));
      case AgentOffer.Grant grant -> send(OfferMessages.of(grant));
      case AgentOffer.Release release -> send(OfferMessages.of(release));
      case AgentOffer.WantFlows want -> send(OfferMessages.of(want));
      case AgentOffer.TakeFlows take -> send(OfferMessages.of(take));
      case AgentOffer.Replicate replicate -> send(OfferMessages.of(replicate));
      case AgentOffer.TakeReplica take -> send(OfferMessages.of(take));
      case AgentOffer.AskKernel ask -> send(OfferMessages.of(ask));
      case AgentOffer.Fence fence -> send(OfferMessages.of(fence));
      case AgentOffer.Introduce ignored -> {
        attach();
        yield this;
      }
      case AgentOffer.Superseded ignored ->
          end(Status.ABORTED.withDescription("another session of this node has taken over"));
    };
  }

  private Behavior<Command> send(ControllerMessage message) {
    stream.send(message);
    return this;
  }

  private Behavior<Command> end(Status status) {
    getContext()
        .getLog()
        .warn(
            "agent session ended node={} status={} reason={}",
            attached.map(agent -> agent.node().toString()).orElse("unknown"),
            status.getCode(),
            status.getDescription());
    stream.end(status);
    return gone();
  }

  private Behavior<Command> ended(String reason) {
    getContext()
        .getLog()
        .info(
            "agent session over node={} reason={}",
            attached.map(agent -> agent.node().toString()).orElse("unknown"),
            reason);
    return gone();
  }

  private Behavior<Command> gone() {
    attached.ifPresent(agent -> agent.entity().tell(new NodeEntity.Detach(self)));
    return Behaviors.stopped();
  }

  private static Status invalid(String reason) {
    return Status.INVALID_ARGUMENT.withDescription(reason);
  }
}
