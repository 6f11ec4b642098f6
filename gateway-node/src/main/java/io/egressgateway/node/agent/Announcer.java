package io.egressgateway.node.agent;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.node.kernel.Uplink;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the network segment that an egress IP is on this node now. Answering for it is the kernel's
 * work; this only makes neighbours forget where it was before. A frame can be lost, so it is sent
 * several times, and no more once the address is given up.
 */
public final class Announcer extends AbstractBehavior<Announcer.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

  /** When frames are sent, counted from the moment the address is held. */
  static final List<Duration> SCHEDULE =
      List.of(
          Duration.ZERO, Duration.ofMillis(1100), Duration.ofMillis(2200), Duration.ofMillis(3300));

  /** To the announcer. */
  public sealed interface Command {}

  /**
   * What this node holds.
   *
   * @param held all of it
   * @param fresh those to announce
   */
  public record Hold(Uplink uplink, SortedSet<IpAddress> held, SortedSet<IpAddress> fresh)
      implements Command {}

  private record Send(Uplink uplink, IpAddress address, int round) implements Command {}

  private record Failed(IpAddress address, Throwable cause) implements Command {}

  private record Sent() implements Command {}

  private record Round(IpAddress address, int number) {}

  private final Kernel kernel;
  private final KernelThread thread;
  private final TimerScheduler<Command> timers;
  private final SortedSet<IpAddress> held = new TreeSet<>();

  private Announcer(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Kernel kernel,
      KernelThread thread) {
    super(context);
    this.kernel = kernel;
    this.thread = thread;
    this.timers = timers;
  }

  /** An announcer that has announced nothing. */
  public static Behavior<Command> create(Kernel kernel, KernelThread thread) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new Announcer(context, timers, kernel, thread)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onMessage(Command.class, this::onCommand).build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Hold hold -> onHold(hold);
      case Send send -> onSend(send);
      case Failed(var address, var cause) ->
          LOG.warn("announcement failed address={}", address, cause);
      case Sent ignored -> LOG.trace("announced");
    }
    return this;
  }

  private void onHold(Hold hold) {
    held.clear();
    held.addAll(hold.held());
    for (IpAddress address : hold.fresh()) {
      for (int round = 0; round < SCHEDULE.size(); round++) {
        Send send = new Send(hold.uplink(), address, round);
        if (SCHEDULE.get(round).isZero()) {
          onSend(send);
        } else {
          timers.startSingleTimer(new Round(address, round), send, SCHEDULE.get(round));
        }
      }
    }
  }

  private void onSend(Send send) {
    if (!held.contains(send.address())) {
      return;
    }
    LOG.debug("announce address={} round={}", send.address(), send.round());
    getContext()
        .pipeToSelf(
            thread.submit(
                () -> {
                  kernel.announce(send.uplink(), send.address());
                  return send;
                }),
            (done, failure) -> failure == null ? new Sent() : new Failed(send.address(), failure));
  }
}
