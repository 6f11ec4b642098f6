package io.egressgateway.node.agent;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.Mesh;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.PlanDelta;
import io.egressgateway.node.agent.Reconciliation.Known;
import io.egressgateway.node.kernel.KernelChange;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.Tenure;
import io.egressgateway.node.kernel.Uplink;
import io.egressgateway.node.kernel.WayQuestion;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one node's kernel at the newest plan. Without a plan it touches nothing. A plan, news of
 * the lease, a notification of the kernel and the timer all lead to the same run of {@link
 * Reconciliation}, of which there is at most one at a time; whatever arrives meanwhile makes one
 * more run.
 *
 * <p>Egress IPs are in the kernel only while there is a lease, and each stands behind a gate that
 * the lease opens. Before an address is put on its link its gate is there; before it is taken away
 * its gate is closed.
 */
public final class NodeAgent extends AbstractBehavior<NodeAgent.Message> {
  private static final Logger LOG = LoggerFactory.getLogger(NodeAgent.class);

  /** How many times as long as reading the kernel took it is left alone, whoever changes it. */
  private static final int AUDIT_PAUSES = 4;

  /** Questions about the kernel that wait or are being answered; each is a reading of it. */
  private static final int QUESTIONS_MAX = 4;

  /** To the agent. */
  public sealed interface Message {}

  /** A controller's whole plan. */
  public record PlanReceived(NodePlan plan) implements Message {}

  /** A controller's change of the plan that the agent has. */
  public record DeltaReceived(PlanDelta delta) implements Message {}

  /** Somebody else changed something of ours, or may have. */
  public record KernelChanged(String what) implements Message {}

  /** The node's clock runs this far off its hardware's, in parts per million. */
  public record ClockCompared(int ppm) implements Message {}

  /** These gateway nodes, and no others, are used and not reached through the tunnel. */
  public record PathsLost(SortedSet<NodeName> nodes) implements Message {}

  /** A survey of the kernel found this, and nothing else. */
  public record Surveyed(Findings findings) implements Message {}

  /** A controller asks what the kernel has; the answer names the question by its number. */
  public record KernelAsked(long number, WayQuestion question) implements Message {}

  /** The lease has something to say. */
  public record LeaseTold(LeaseNews news) implements Message {}

  /**
   * Says what there is to say to the controllers, and ends the link.
   *
   * @param done told when it is over
   */
  public record Finish(ActorRef<ControllerLink.Finished> done) implements Message {}

  private record Reconciled(Reconciliation result, Tenure tenure) implements Message {}

  private record Examined(long number, Report.Outcome outcome) implements Message {}

  private record Refused(NodePlan plan, KernelFault fault) implements Message {}

  private record UplinkFound(Uplink uplink) implements Message {}

  private record UplinkMissing(KernelFault fault) implements Message {}

  private enum Wake implements Message {
    DRIFT,
    SETTLED,
    RETRY
  }

  private enum Work {
    IDLE,
    RUNNING,
    RUNNING_AND_AGAIN
  }

  /**
   * What the agent works with.
   *
   * @param repairs counts what others broke and the agent put right
   * @param link makes the link to the controllers, given where plans go
   * @param watch is told what happens
   */
  public record Parts(
      Kernel kernel,
      KernelThread thread,
      NodeLease lease,
      DriftRepairs repairs,
      Function<ActorRef<Message>, Behavior<ControllerLink.Command>> link,
      AgentWatch watch) {}

  private final Parts parts;
  private final AgentSettings settings;
  private final TimerScheduler<Message> timers;
  private final ActorRef<ControllerLink.Command> link;

  private Optional<NodePlan> wanted = Optional.empty();
  private Optional<Revision> reported = Optional.empty();
  private Optional<Uplink> uplink = Optional.empty();
  private int clockPpm;
  private SortedSet<NodeName> lostPaths = new TreeSet<>();
  private Findings findings = Findings.NONE;
  private Optional<Known> known = Optional.empty();
  private Tenure tenure = Tenure.UNLEASED;
  private Tenure applied = Tenure.UNLEASED;
  private SortedSet<IpAddress> expected = new TreeSet<>();
  private SortedSet<IpAddress> prepared = new TreeSet<>();
  private boolean reread;
  private Work work = Work.IDLE;
  private int failures;
  private int questions;
  private long receivedNanos;
  private long runStartedNanos;
  private long nextAuditNanos;

  private NodeAgent(
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      Parts parts,
      AgentSettings settings) {
    super(context);
    this.parts = parts;
    this.settings = settings;
    this.timers = timers;
    this.link = context.spawn(parts.link().apply(context.getSelf()), "link");
    // It ends only of a bug: the agent then does, too, and is started anew.
    context.watch(link);
    this.nextAuditNanos = settings.nanoClock().getAsLong();
    timers.startTimerWithFixedDelay(Wake.DRIFT, settings.driftInterval());
    findUplink();
  }

  /** An agent that has no plan yet. */
  public static Behavior<Message> create(Parts parts, AgentSettings settings) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new NodeAgent(context, timers, parts, settings)));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder().onMessage(Message.class, this::onMessage).build();
  }

  private Behavior<Message> onMessage(Message message) {
    switch (message) {
      case PlanReceived(var plan) -> onPlan(plan);
      case DeltaReceived(var delta) -> onDelta(delta);
      case KernelChanged(var what) -> onKernelChanged(what);
      case KernelAsked(var number, var question) -> onKernelAsked(number, question);
      case Examined(var number, var outcome) -> {
        questions--;
        answer(number, outcome);
      }
      case Reconciled(var result, var granted) -> onReconciled(result, granted);
      case Refused(var plan, var fault) -> onRefused(plan, fault);
      case UplinkFound(var found) -> onUplink(found);
      case ClockCompared(int ppm) -> {
        clockPpm = ppm;
        uplink.ifPresent(this::tellFacts);
      }
      case PathsLost(var nodes) -> {
        lostPaths = nodes;
        uplink.ifPresent(this::tellFacts);
      }
      case Surveyed(var found) -> {
        findings = found;
        uplink.ifPresent(this::tellFacts);
      }
      case UplinkMissing(var fault) -> LOG.warn("no uplink reason=\"{}\"", fault.reason());
      case LeaseTold(LeaseNews.Told(var report)) -> link.tell(new ControllerLink.Send(report));
      case LeaseTold(LeaseNews.Enlisted ignored) -> hold(Tenure.ENLISTED);
      case LeaseTold(LeaseNews.Dismissed ignored) -> hold(Tenure.UNLEASED);
      case LeaseTold(LeaseNews.Changed(var session, var standing)) -> onLease(session, standing);
      case Finish(var done) -> link.tell(new ControllerLink.Finish(done));
      case Wake wake -> onWake(wake);
    }
    return this;
  }

  private void onPlan(NodePlan plan) {
    if (wanted.isPresent() && plan.revision().compareTo(wanted.get().revision()) < 0) {
      LOG.warn("older plan ignored revision={} have={}", plan.revision(), wanted.get().revision());
      return;
    }
    LOG.debug("plan received revision={}", plan.revision());
    want(plan);
  }

  private void onDelta(PlanDelta delta) {
    if (wanted.isEmpty() || !wanted.get().revision().equals(delta.base())) {
      LOG.warn(
          "delta does not fit, asking for the whole plan base={} have={}",
          delta.base(),
          wanted.map(NodePlan::revision).orElse(Revision.ZERO));
      link.tell(new ControllerLink.StartOver("the delta from " + delta.base() + " does not fit"));
      return;
    }
    NodePlan next;
    try {
      next = delta.applyTo(wanted.get());
    } catch (IllegalArgumentException impossible) {
      LOG.warn("delta refused revision={}", delta.revision(), impossible);
      link.tell(new ControllerLink.StartOver(String.valueOf(impossible.getMessage())));
      return;
    }
    want(next);
  }

  private void want(NodePlan plan) {
    if (wanted.filter(before -> isOnSameLinks(before.mesh(), plan.mesh())).isEmpty()) {
      known = Optional.empty();
      reread = work != Work.IDLE;
    }
    wanted = Optional.of(plan);
    reported = Optional.empty();
    receivedNanos = settings.nanoClock().getAsLong();
    parts.watch().wanted(plan);
    reconcile(plan);
  }

  private static boolean isOnSameLinks(Mesh one, Mesh other) {
    return one.settings().uplink().equals(other.settings().uplink())
        && one.settings().excluded().equals(other.settings().excluded())
        && one.self().addresses().underlay().equals(other.self().addresses().underlay());
  }

  private void onLease(NodeSession session, Standing standing) {
    LOG.debug("session={} standing={}", session, standing);
    switch (standing) {
      case UNLEASED -> {
        // After a dismissal there is nothing to take back.
        if (tenure == Tenure.LEASED) {
          hold(Tenure.ENLISTED);
        }
      }
      case LEASED, HOLDING, LEAVING, UPLINK_DOWN -> hold(Tenure.LEASED);
    }
  }

  private void hold(Tenure next) {
    if (tenure != next) {
      tenure = next;
      wanted.ifPresent(this::reconcile);
    }
  }

  /**
   * What is known stays good for plans that cannot wait: they verify what they write. All else is
   * read again soon; if somebody goes on and on, not for more than a share of the time.
   */
  private void onKernelChanged(String what) {
    LOG.debug("kernel changed what=\"{}\"", what);
    if (!timers.isTimerActive(Wake.SETTLED)) {
      Duration pause =
          Duration.ofNanos(Math.max(0, nextAuditNanos - settings.nanoClock().getAsLong()));
      timers.startSingleTimer(
          Wake.SETTLED, pause.compareTo(settings.settle()) > 0 ? pause : settings.settle());
    }
  }

  private void onKernelAsked(long number, WayQuestion question) {
    if (questions >= QUESTIONS_MAX) {
      answer(number, new Report.Outcome.Unread("its agent is answering others: ask again"));
      return;
    }
    questions++;
    Optional<NodePlan> plan = wanted;
    Tenure granted = tenure;
    getContext()
        .pipeToSelf(
            parts
                .thread()
                .submit(() -> Examination.answer(parts.kernel(), plan, granted, question)),
            (outcome, failure) -> {
              if (failure != null) {
                throw new IllegalStateException("the kernel thread failed", failure);
              }
              return new Examined(number, outcome);
            });
  }

  private void answer(long number, Report.Outcome outcome) {
    link.tell(new ControllerLink.Send(new Report.Examined(number, outcome)));
  }

  private void onWake(Wake wake) {
    LOG.trace("wake reason={}", wake);
    known = Optional.empty();
    reread = work != Work.IDLE;
    if (uplink.isEmpty()) {
      findUplink();
    }
    wanted.ifPresent(this::reconcile);
  }

  private void findUplink() {
    Optional<Mesh> mesh = wanted.map(NodePlan::mesh);
    getContext()
        .pipeToSelf(
            parts
                .thread()
                .submit(
                    () ->
                        mesh.isPresent()
                            ? parts.kernel().uplinkIn(mesh.get())
                            : parts.kernel().uplink()),
            (found, failure) ->
                failure == null ? new UplinkFound(found) : new UplinkMissing(fault(failure)));
  }

  private void onUplink(Uplink found) {
    boolean first = uplink.isEmpty();
    if (!uplink.equals(Optional.of(found))) {
      LOG.info(
          "uplink name={} mtu={} mac={} addresses={} networks={}",
          found.name(),
          found.mtu(),
          found.mac(),
          found.addresses(),
          found.networks().stream()
              .map(network -> network.cidr() + " on " + network.port().name())
              .toList());
      uplink = Optional.of(found);
      tellFacts(found);
      if (first) {
        parts.lease().ready(new NodeLease.Holding(found, new TreeSet<>()));
      }
      if (!first) {
        // The gates have to know the new link, too.
        wanted.ifPresent(this::reconcile);
      }
    }
  }

  private void tellFacts(Uplink found) {
    link.tell(new ControllerLink.Send(new Report.Facts(found, clockPpm, lostPaths, findings)));
  }

  private void reconcile(NodePlan plan) {
    switch (work) {
      case IDLE -> {
        work = Work.RUNNING;
        timers.cancel(Wake.RETRY);
        Tenure granted = uplink.isPresent() || tenure != Tenure.LEASED ? tenure : Tenure.ENLISTED;
        runStartedNanos = settings.nanoClock().getAsLong();
        Optional<Known> before = known;
        known = Optional.empty();
        reread = false;
        CompletionStage<Reconciliation> run =
            gated(held(plan, granted))
                .thenCompose(
                    ready ->
                        parts
                            .thread()
                            .submit(
                                () -> Reconciliation.run(parts.kernel(), plan, granted, before)));
        getContext()
            .pipeToSelf(
                run,
                (result, failure) ->
                    failure == null
                        ? new Reconciled(result, granted)
                        : new Refused(plan, fault(failure)));
      }
      case RUNNING, RUNNING_AND_AGAIN -> work = Work.RUNNING_AND_AGAIN;
    }
  }

  private static SortedSet<IpAddress> held(NodePlan plan, Tenure tenure) {
    return switch (tenure) {
      case LEASED -> new TreeSet<>(plan.ownership().held().values());
      case ENLISTED, UNLEASED -> new TreeSet<>();
    };
  }

  /** Most nodes never hold an address, and trouble the lease with nothing. */
  private CompletionStage<SortedSet<IpAddress>> gated(SortedSet<IpAddress> next) {
    if (uplink.isEmpty() || (next.isEmpty() && expected.isEmpty())) {
      return CompletableFuture.completedStage(next);
    }
    expected = next;
    return parts
        .lease()
        .expect(new NodeLease.Holding(uplink.get(), next))
        .thenApply(NodeLease.Holding::addresses);
  }

  private void onReconciled(Reconciliation result, Tenure granted) {
    failures = 0;
    if (!reread) {
      known = Optional.of(result.known());
    }
    reread = false;
    boolean sameUplink = uplink.equals(Optional.of(result.known().uplink()));
    onUplink(result.known().uplink());
    SortedSet<IpAddress> held = held(result.plan(), granted);
    if (!held.isEmpty() || !prepared.isEmpty() || !sameUplink) {
      prepared = held;
      parts.lease().ready(new NodeLease.Holding(result.known().uplink(), held));
    }
    Revision revision = result.plan().revision();
    Duration took = Duration.ofNanos(settings.nanoClock().getAsLong() - receivedNanos);
    boolean current = wanted.map(NodePlan::revision).equals(Optional.of(revision));
    if (current && reported.isEmpty()) {
      reported = Optional.of(revision);
      LOG.info(
          "plan applied revision={} changes={} prepared={} tookMicros={}",
          revision,
          result.changes().size(),
          result.newlyHeld(),
          took.toNanos() / 1000);
      link.tell(new ControllerLink.Send(new Report.Applied(revision, took)));
    } else if (granted != applied) {
      LOG.info(
          "tenure applied tenure={} changes={} prepared={}",
          granted,
          result.changes().size(),
          result.newlyHeld());
    } else {
      onAudited(result);
    }
    applied = granted;
    finish();
  }

  private void onAudited(Reconciliation audit) {
    long ended = settings.nanoClock().getAsLong();
    nextAuditNanos = ended + AUDIT_PAUSES * (ended - runStartedNanos);
    if (!audit.changes().isEmpty()) {
      parts.repairs().count(audit.changes());
      LOG.warn(
          "drift repaired revision={} changes=\"{}\"",
          audit.plan().revision(),
          KernelChange.describe(audit.changes()));
    }
  }

  private void onRefused(NodePlan plan, KernelFault fault) {
    failures++;
    known = Optional.empty();
    Duration delay = settings.retry().after(failures);
    LOG.error(
        "plan not applied revision={} operation=\"{}\" subject=\"{}\" reason=\"{}\" retryIn={}",
        plan.revision(),
        fault.operation(),
        fault.subject(),
        fault.reason(),
        delay);
    link.tell(new ControllerLink.Send(new Report.Failed(plan.revision(), fault)));
    timers.startSingleTimer(Wake.RETRY, delay);
    finish();
  }

  private void finish() {
    Work finished = work;
    work = Work.IDLE;
    if (finished == Work.RUNNING_AND_AGAIN) {
      wanted.ifPresent(this::reconcile);
    }
  }

  /** Anything but a refusal of the kernel is a bug, and ends the agent with its stack trace. */
  private static KernelFault fault(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException wrapper && wrapper.getCause() != null
            ? wrapper.getCause()
            : failure;
    if (cause instanceof KernelFault refused) {
      return refused;
    }
    throw new IllegalStateException("the kernel thread failed", cause);
  }
}
