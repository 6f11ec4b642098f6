package io.egressgateway.node.agent;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.egressgateway.core.lease.AgentLeaseCore.Event;
import io.egressgateway.core.link.CallFailure;
import io.egressgateway.core.link.MalformedLinkMessage;
import io.egressgateway.core.link.PlanCodec;
import io.egressgateway.core.link.v1.ControllerMessage;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.node.agent.LinkSettings.Endpoint;
import io.egressgateway.node.flow.FlowCourier;
import io.egressgateway.node.flow.FlowParcel;
import io.egressgateway.node.flow.FlowReplica;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one stream open to one of the controllers. When it ends, for whatever reason, the next
 * controller is tried at once, and after each round of all of them there is a delay that grows and
 * is never the same for two agents; controllers that say what cannot be used are no better than
 * controllers that are not there. The first message of every stream names the revision that the
 * kernel has, so that the controller can go on from there; after it comes what this node is, how
 * its session stands and which gates are open, so that no controller depends on what another one
 * has heard.
 */
public final class ControllerLink extends AbstractBehavior<ControllerLink.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(ControllerLink.class);

  /** To the link. */
  public sealed interface Command {}

  /** Tells the controller, or the next one as soon as there is one. */
  public record Send(Report report) implements Command {}

  /** Ends the stream and asks for a whole plan. */
  public record StartOver(String reason) implements Command {}

  /**
   * Ends the stream in good order, and the link with it.
   *
   * @param done told when everything that was sent before has left, or after some time
   */
  public record Finish(ActorRef<Finished> done) implements Command {}

  /** The link has ended. */
  public record Finished() {}

  record Received(int stream, ControllerMessage message) implements Command {}

  record Ready(int stream) implements Command {}

  record Ended(int stream, Status status) implements Command {}

  private record Connect() implements Command {}

  private record Unready(int stream) implements Command {}

  private record Unfinished() implements Command {}

  private record Silent(int stream) implements Command {}

  private static final String SILENT = "silent";

  /**
   * From one message to the next, once a beat was answered. A controller that is stopped, or whose
   * machine is gone, keeps its connection; gRPC itself would notice only after a quarter of a
   * minute.
   */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(2);

  /** From the first packet to the end of the TLS handshake; machines under load need a while. */
  private static final Duration READY_MAX = Duration.ofSeconds(2);

  /** For the controller to close a stream that was ended in good order. */
  private static final Duration FINISH_MAX = Duration.ofMillis(200);

  /**
   * Who gets what comes in.
   *
   * @param agent plans
   * @param lease what concerns the lease
   * @param watch what goes out, and whether there is a link
   * @param courier makes the one who hands connections over, given where his parcels go
   */
  public record Recipients(
      ActorRef<NodeAgent.Message> agent,
      NodeLease lease,
      AgentWatch watch,
      Function<FlowCourier.Outbox, FlowCourier> courier) {}

  private final Recipients recipients;
  private final FlowCourier courier;
  private final LeaseOrders orders;
  private final LinkSettings settings;
  private final LinkTransport transport;
  private final TimerScheduler<Command> timers;

  private Optional<LinkTransport.Stream> stream = Optional.empty();
  private Revision applied = Revision.ZERO;
  private Optional<Report> lastFacts = Optional.empty();
  private Optional<Report.Beat> lastBeat = Optional.empty();
  private final SortedMap<IpAddress, Report.Opened> open = new TreeMap<>();

  /** Whether there are beats to come, whichever controller they go to. */
  private boolean enlisted;

  private Optional<ActorRef<Finished>> finishing = Optional.empty();
  private int next;
  private int streams;
  private int linked;
  private int failures;

  /** Messages that could not be used, since the last plan that could. */
  private int refusals;

  private ControllerLink(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Recipients recipients,
      LinkSettings settings) {
    super(context);
    this.recipients = recipients;
    this.courier = recipients.courier().apply(outbox(context.getSelf()));
    this.orders = new LeaseOrders(settings.identity().node());
    this.settings = settings;
    this.timers = timers;
    this.transport = new LinkTransport(settings, context.getSelf());
    // Agents that start together do not all go to the first controller.
    this.next = settings.retry().random().nextInt(settings.controllers().size());
    context.getSelf().tell(new Connect());
  }

  /** A link that connects at once. */
  public static Behavior<Command> create(Recipients recipients, LinkSettings settings) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new ControllerLink(context, timers, recipients, settings)));
  }

  private static FlowCourier.Outbox outbox(ActorRef<Command> link) {
    return new FlowCourier.Outbox() {
      @Override
      public void send(FlowParcel parcel) {
        link.tell(new Send(new Report.FlowsHanded(parcel)));
      }

      @Override
      public void installed(IpAddress address, FlowCourier.Outcome outcome) {
        link.tell(new Send(new Report.FlowsInstalled(address, outcome)));
      }

      @Override
      public void replicated(FlowReplica part) {
        link.tell(new Send(new Report.FlowsReplicated(part)));
      }
    };
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Command.class, this::onCommand)
        .onSignal(PostStop.class, signal -> onStop())
        .build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Connect ignored -> connect();
      case Send(var report) -> onSend(report);
      case StartOver(var reason) -> {
        applied = Revision.ZERO;
        failures++;
        disconnect(reason);
      }
      case Received(var number, var message) -> onReceived(number, message);
      case Ready(var number) -> timers.cancel(new Unready(number));
      case Unready(var number) ->
          onEnded(number, Status.DEADLINE_EXCEEDED.withDescription("no handshake in " + READY_MAX));
      case Silent(var number) ->
          onEnded(number, Status.DEADLINE_EXCEEDED.withDescription("silent for " + SILENCE_MAX));
      case Ended(var number, var status) -> onEnded(number, status);
      case Finish(var done) -> onFinish(done);
      case Unfinished ignored -> finished();
    }
    return this;
  }

  private void connect() {
    Endpoint controller = settings.controllers().get(next);
    streams++;
    LOG.debug("connecting controller={} stream={}", controller, streams);
    LinkTransport.Stream opened;
    try {
      opened = transport.open(controller, streams);
    } catch (IOException unusable) {
      LOG.error("credentials unusable reason=\"{}\"", unusable.getMessage(), unusable);
      failures++;
      retry();
      return;
    }
    stream = Optional.of(opened);
    // This controller may not know what it is, and knows nothing of what others have passed on.
    courier.replicate(List.of());
    Unready unready = new Unready(streams);
    timers.startSingleTimer(unready, unready, READY_MAX);
    opened.send(LinkMessages.hello(settings.identity(), applied));
    lastFacts.ifPresent(facts -> opened.send(LinkMessages.encode(facts)));
    lastBeat.ifPresent(beat -> opened.send(LinkMessages.encode(beat)));
    open.values().forEach(gate -> opened.send(LinkMessages.encode(gate)));
  }

  private void onSend(Report report) {
    recipients.watch().told(report);
    switch (report) {
      case Report.Applied(var revision, var took) -> {
        LOG.trace("report applied revision={} took={}", revision, took);
        applied = revision;
      }
      case Report.Facts facts -> lastFacts = Optional.of(facts);
      case Report.Failed(var revision, var fault) ->
          LOG.trace("report failed revision={}", revision, fault);
      case Report.Beat beat -> {
        if (lastBeat.filter(before -> before.session().equals(beat.session())).isEmpty()) {
          open.clear();
          courier.allReleased();
        }
        lastBeat = Optional.of(beat);
      }
      case Report.Opened gate -> {
        open.put(gate.address(), gate);
        courier.opened(gate.address());
      }
      case Report.Released gate -> {
        open.remove(gate.address());
        courier.released(gate.address());
      }
      case Report.FlowsHanded(var parcel) ->
          LOG.trace("report flows eip={} part={}", parcel.eip(), parcel.part());
      case Report.FlowsReplicated(var part) ->
          LOG.trace("report replica eip={} round={}", part.eip(), part.round());
      case Report.FlowsInstalled(var address, var outcome) ->
          LOG.trace("report flows installed eip={} outcome={}", address, outcome);
      case Report.Conflict(var address, var mac) ->
          LOG.trace("report conflict address={} mac={}", address, mac);
      case Report.Examined(var question, var outcome) ->
          LOG.trace("report examined question={} outcome={}", question, outcome);
    }
    if (finishing.isEmpty()) {
      stream.ifPresent(opened -> opened.send(LinkMessages.encode(report)));
    }
  }

  private void onReceived(int number, ControllerMessage message) {
    if (number != streams || stream.isEmpty()) {
      return;
    }
    if (linked != number) {
      LOG.info("linked controller={}", settings.controllers().get(next));
      linked = number;
      recipients.watch().linked(settings.controllers().get(next));
    }
    failures = 0;
    if ((enlisted && message.hasHeard()) || timers.isTimerActive(SILENT)) {
      // The answer to the last beat may be behind a herd of orders.
      timers.startSingleTimer(SILENT, new Silent(streams), SILENCE_MAX);
    }
    try {
      pass(message);
    } catch (MalformedLinkMessage malformed) {
      LOG.error(
          "unreadable message controller={} field={} reason=\"{}\"",
          settings.controllers().get(next),
          malformed.field(),
          malformed.getMessage());
      refusals++;
      disconnect("unreadable message: " + malformed.getMessage());
      return;
    }
    stream.ifPresent(LinkTransport.Stream::requestNext);
  }

  private void pass(ControllerMessage message) throws MalformedLinkMessage {
    switch (message.getMessageCase()) {
      case PLAN -> {
        NodePlan plan = PlanCodec.decode(message.getPlan().getPlan());
        courier.here(plan.mesh().self().number(), plan.mesh().settings().numbers());
        recipients.agent().tell(new NodeAgent.PlanReceived(plan));
        refusals = 0;
      }
      case DELTA -> {
        recipients.agent().tell(new NodeAgent.DeltaReceived(PlanCodec.decode(message.getDelta())));
        refusals = 0;
      }
      case ENLIST -> {
        recipients.lease().enlist(orders.read(message.getEnlist()));
        enlisted = true;
      }
      case DISMISS -> {
        enlisted = false;
        lastBeat = Optional.empty();
        timers.cancel(SILENT);
        recipients.lease().tell(new Event.Dismissed());
      }
      case GRANT -> {
        Event.Granted grant = orders.read(message.getGrant());
        // Before the plan that sends own pods' packets out of here.
        courier.granted(grant.address(), () -> recipients.lease().tell(grant));
      }
      case FLOWS_WANTED ->
          courier.wanted(
              FlowMessages.eip(message.getFlowsWanted()),
              FlowMessages.receiver(message.getFlowsWanted()));
      case FLOWS -> courier.arrived(FlowMessages.read(message.getFlows()));
      case REPLICATION_WANTED ->
          courier.replicate(FlowMessages.replicated(message.getReplicationWanted()));
      case REPLICA -> courier.replicated(FlowMessages.read(message.getReplica()));
      case RELEASE -> recipients.lease().tell(orders.read(message.getRelease()));
      case FENCE -> recipients.lease().tell(orders.read(message.getFence()));
      case KERNEL_QUESTION ->
          recipients
              .agent()
              .tell(
                  new NodeAgent.KernelAsked(
                      message.getKernelQuestion().getId(),
                      WayMessages.read(message.getKernelQuestion())));
      case HEARD -> {} // as any message, a sign of life
      case MESSAGE_NOT_SET -> LOG.debug("a message of a newer controller was skipped");
    }
  }

  private void onFinish(ActorRef<Finished> done) {
    finishing = Optional.of(done);
    timers.cancel(new Connect());
    if (stream.isEmpty()) {
      finished();
    } else {
      stream.get().complete();
      timers.startSingleTimer(new Unfinished(), FINISH_MAX);
    }
  }

  private void finished() {
    finishing.ifPresent(done -> done.tell(new Finished()));
  }

  private void onEnded(int number, Status status) {
    if (number != streams || stream.isEmpty()) {
      return;
    }
    if (finishing.isPresent()) {
      finished();
      return;
    }
    LOG.warn(
        "link ended controller={} reason=\"{}{}\"",
        settings.controllers().get(next),
        CallFailure.reason(status.asException()),
        stream.get().flaw());
    if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED) {
      refusals++; // a message above the limit
    } else {
      failures++;
    }
    retry();
  }

  private void disconnect(String reason) {
    stream.ifPresent(opened -> opened.cancel(reason));
    retry();
  }

  private void retry() {
    stream.ifPresent(LinkTransport.Stream::close);
    stream = Optional.empty();
    recipients.watch().unlinked();
    next = (next + 1) % settings.controllers().size();
    timers.cancel(new Unready(streams));
    timers.cancel(SILENT);
    Duration delay = settings.retry().after(failures + refusals, settings.controllers().size());
    timers.startSingleTimer(new Connect(), delay);
  }

  private Behavior<Command> onStop() {
    stream.ifPresent(LinkTransport.Stream::close);
    transport.close();
    courier.close();
    return this;
  }
}
