package io.egressgateway.node.agent;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.egressgateway.core.link.MalformedLinkMessage;
import io.egressgateway.core.link.PlanCodec;
import io.egressgateway.core.link.v1.ControllerMessage;
import io.egressgateway.core.model.Revision;
import io.egressgateway.node.agent.LinkSettings.Endpoint;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one stream open to one of the controllers. When it ends, for whatever reason, the next
 * controller is tried after a delay that grows and is never the same for two agents. The first
 * message of every stream names the revision that the kernel has, so that the controller can go on
 * from there.
 */
public final class ControllerLink extends AbstractBehavior<ControllerLink.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(ControllerLink.class);

  /** To the link. */
  public sealed interface Command {}

  /** Tells the controller, or the next one as soon as there is one. */
  public record Send(Report report) implements Command {}

  /** Ends the stream and asks for a whole plan. */
  public record StartOver(String reason) implements Command {}

  record Received(int stream, ControllerMessage message) implements Command {}

  record Ended(int stream, Status status) implements Command {}

  private record Connect() implements Command {}

  private final ActorRef<NodeAgent.Message> agent;
  private final LinkSettings settings;
  private final LinkTransport transport;
  private final TimerScheduler<Command> timers;

  private Optional<LinkTransport.Stream> stream = Optional.empty();
  private Revision applied = Revision.ZERO;
  private Optional<Report> lastFacts = Optional.empty();
  private int next;
  private int streams;
  private int linked;
  private int failures;

  private ControllerLink(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ActorRef<NodeAgent.Message> agent,
      LinkSettings settings) {
    super(context);
    this.agent = agent;
    this.settings = settings;
    this.timers = timers;
    this.transport = new LinkTransport(settings, context.getSelf());
    // Agents that start together do not all go to the first controller.
    this.next = settings.retry().random().nextInt(settings.controllers().size());
    context.getSelf().tell(new Connect());
  }

  /** A link that connects at once and tells the agent what comes in. */
  public static Behavior<Command> create(ActorRef<NodeAgent.Message> agent, LinkSettings settings) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new ControllerLink(context, timers, agent, settings)));
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
        disconnect(reason);
      }
      case Received(var number, var message) -> onReceived(number, message);
      case Ended(var number, var status) -> onEnded(number, status);
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
      retry();
      return;
    }
    stream = Optional.of(opened);
    opened.send(LinkMessages.hello(settings.identity(), applied));
    lastFacts.ifPresent(facts -> opened.send(LinkMessages.encode(facts)));
  }

  private void onSend(Report report) {
    switch (report) {
      case Report.Applied(var revision, var took) -> {
        LOG.trace("report applied revision={} took={}", revision, took);
        applied = revision;
      }
      case Report.Facts facts -> lastFacts = Optional.of(facts);
      case Report.Failed(var revision, var fault) ->
          LOG.trace("report failed revision={}", revision, fault);
    }
    stream.ifPresent(open -> open.send(LinkMessages.encode(report)));
  }

  private void onReceived(int number, ControllerMessage message) {
    if (number != streams || stream.isEmpty()) {
      return;
    }
    if (linked != number) {
      LOG.info("linked controller={}", settings.controllers().get(next));
      linked = number;
    }
    failures = 0;
    try {
      switch (message.getMessageCase()) {
        case PLAN ->
            agent.tell(new NodeAgent.PlanReceived(PlanCodec.decode(message.getPlan().getPlan())));
        case DELTA -> agent.tell(new NodeAgent.DeltaReceived(PlanCodec.decode(message.getDelta())));
        case ENLIST, DISMISS, GRANT, RELEASE, FENCE ->
            LOG.debug("a message about leases was skipped kind={}", message.getMessageCase());
        case MESSAGE_NOT_SET -> LOG.debug("a message of a newer controller was skipped");
      }
    } catch (MalformedLinkMessage malformed) {
      LOG.error(
          "unreadable message controller={} field={} reason=\"{}\"",
          settings.controllers().get(next),
          malformed.field(),
          malformed.getMessage());
      disconnect("unreadable message: " + malformed.getMessage());
      return;
    }
    stream.ifPresent(LinkTransport.Stream::requestNext);
  }

  private void onEnded(int number, Status status) {
    if (number != streams || stream.isEmpty()) {
      return;
    }
    LOG.warn(
        "link ended controller={} code={} reason=\"{}\"",
        settings.controllers().get(next),
        status.getCode(),
        Optional.ofNullable(status.getDescription()).orElse("none given"));
    retry();
  }

  private void disconnect(String reason) {
    stream.ifPresent(open -> open.cancel(reason));
    retry();
  }

  private void retry() {
    stream.ifPresent(LinkTransport.Stream::close);
    stream = Optional.empty();
    failures++;
    next = (next + 1) % settings.controllers().size();
    Duration delay = settings.retry().after(failures);
    timers.startSingleTimer(new Connect(), delay);
  }

  private Behavior<Command> onStop() {
    stream.ifPresent(LinkTransport.Stream::close);
    transport.close();
    return this;
  }
}
