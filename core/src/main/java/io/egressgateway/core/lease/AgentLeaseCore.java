package io.egressgateway.core.lease;

import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessLoss;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An agent's side of the lease: it asks the witnesses for promises, keeps what it was granted, and
 * tells the kernel which gates are open and until when. Whatever happens to it, or to its process,
 * the kernel closes at the deadline of the last write, except what was granted with {@link
 * WitnessLoss#HOLD}: that stays open over any number of lapses, in the name of the session that it
 * was granted to, until the controllers ask for it.
 *
 * <p>Not thread-safe. Time is CLOCK_MONOTONIC_RAW in nanoseconds: a clock whose rate nobody steers.
 */
public final class AgentLeaseCore {

  /** What can happen to an agent. */
  public sealed interface Event {
    /**
     * The controllers want this node to have a lease. Other witnesses than before are told after a
     * {@link Dismissed}; the same again changes nothing.
     */
    record Enlisted(LeaseTerms terms, int witnesses) implements Event {}

    /** The node needs no lease any more. */
    record Dismissed() implements Event {}

    /** The time of the last {@link Effect.WakeAt} has come. */
    record Woken() implements Event {}

    /**
     * A witness promised.
     *
     * @param witness index in the list of witnesses, from 0
     */
    record Promised(int witness, long incarnation, long sequence) implements Event {}

    /** A witness calls the incarnation dead. */
    record Nacked(int witness, long incarnation) implements Event {}

    /** Exactly these addresses are in the kernel with all that they need but the gate. */
    record Prepared(SortedSet<IpAddress> addresses) implements Event {
      public Prepared {
        addresses = Collections.unmodifiableSortedSet(new TreeSet<>(addresses));
      }
    }

    /** The address is the session's: it is journalled. */
    record Granted(IpAddress address, Epoch epoch, NodeSession session, WitnessLoss onLoss)
        implements Event {

      /** A grant that ends with the session's lease. */
      public Granted(IpAddress address, Epoch epoch, NodeSession session) {
        this(address, epoch, session, WitnessLoss.CLOSE);
      }
    }

    /** The controllers want the address back. */
    record ReleaseAsked(IpAddress address, Epoch epoch, NodeSession session) implements Event {}

    /** The controllers have proof that the session is over. */
    record Fenced(NodeSession session) implements Event {}

    /** The kernel has this write, or a later one. */
    record GatesWritten(long version) implements Event {}

    /** The kernel has not taken this write; it may have the one before. */
    record GatesFailed(long version) implements Event {}

    /** The node cannot reach its network. */
    record UplinkLost() implements Event {}

    /** The node can reach its network again. */
    record UplinkFound() implements Event {}

    /** The agent is about to end: it hands over what it holds, and takes nothing new. */
    record Leaving() implements Event {}
  }

  /** What an agent is to do. */
  public sealed interface Effect {
    /** Ask every witness. */
    record Renew(NodeSession session, long sequence, Duration lease) implements Effect {}

    /** Tell the controllers. */
    record Beat(NodeSession session, Standing standing) implements Effect {}

    /** Have the kernel's gates like this; answer with GatesWritten or GatesFailed. */
    record WriteGates(Gates gates) implements Effect {}

    /** Tell the controllers: the gate is open in the kernel. */
    record Opened(IpAddress address, Epoch epoch, NodeSession session) implements Effect {}

    /** Tell the controllers: the gate is closed in the kernel, and this grant never opens it. */
    record Released(IpAddress address, Epoch epoch, NodeSession session) implements Effect {}

    /** Tell the rest of the agent; without lease it takes what was prepared out of the kernel. */
    record SessionChanged(NodeSession session, Standing standing) implements Effect {}

    /** Come back with {@link Event.Woken} at this time; it replaces the one said before. */
    record WakeAt(long nanos) implements Effect {}
  }

  /** How long after a failed write the kernel is tried again. */
  public static final Duration WRITE_RETRY = Duration.ofMillis(50);

  private record Enlistment(LeaseTerms terms, int witnesses) {
    int majority() {
      return witnesses / 2 + 1;
    }

    long leaseNanos(Rules rules) {
      long lease = terms.lease().toNanos();
      return rules.obeys(Rule.R1_GUARD) ? lease - terms.guard().toNanos() : lease;
    }
  }

  /** Where the session is. */
  private sealed interface Phase {
    /** Nobody wants a lease here. The kernel has nothing open. */
    record Idle() implements Phase {}

    /** The kernel has to let go of what a former incarnation held (R7). */
    record Flushing() implements Phase {}

    /** It asks for its first lease, and gives up at the given time (R5). */
    record Applying(long abandonNanos) implements Phase {}

    record Leased(long deadlineNanos) implements Phase {}
  }

  /** A request under way. */
  private record Request(long sentNanos, long leaseNanos, Set<Integer> promised) {}

  private final Rules rules;
  private final GateBook book;
  private final SortedMap<Long, Request> requests = new TreeMap<>();
  private final Set<Integer> nacks = new HashSet<>();
  private Optional<Enlistment> enlistment = Optional.empty();
  private NodeSession session;
  private Phase phase = new Phase.Idle();
  private boolean uplinkLost;
  private boolean leaving;
  private boolean renewed;
  private long sequence;
  private OptionalLong renewAt = OptionalLong.empty();
  private OptionalLong retryAt = OptionalLong.empty();
  private Optional<Effect.SessionChanged> told = Optional.empty();
  private OptionalLong wake = OptionalLong.empty();

  /**
   * An agent that has just started and knows nothing of the kernel.
   *
   * @param first its first session; later than any that this boot has seen
   */
  public AgentLeaseCore(Rules rules, NodeSession first) {
    this.rules = rules;
    this.book = new GateBook(rules);
    this.session = first;
  }

  /** The session of now. */
  public NodeSession session() {
    return session;
  }

  /** What the session can be used for now. */
  public Standing standing() {
    if (!(phase instanceof Phase.Leased)) {
      return book.holdsOn() ? Standing.HOLDING : Standing.UNLEASED;
    }
    if (uplinkLost) {
      return Standing.UPLINK_DOWN;
    }
    return leaving ? Standing.LEAVING : Standing.LEASED;
  }

  /**
   * What the session was granted, or holds on to, and has not released, whether the gates are open
   * yet or not.
   */
  public SortedMap<IpAddress, Epoch> held() {
    return book.held();
  }

  /** Whether {@link #held} is not empty. */
  public boolean isHolding() {
    return book.isHolding();
  }

  /** Takes one event; the effects are in the order in which they are to happen. */
  public List<Effect> on(Event event, long nowNanos) {
    return on(List.of(event), nowNanos);
  }

  /**
   * Takes events that have come together, in their order: what they need of the kernel is written
   * once, so that a flood of grants costs one look at what is held and not one each.
   */
  public List<Effect> on(List<Event> events, long nowNanos) {
    List<Effect> effects = new ArrayList<>();
    renewed = false;
    // Before anything else: what comes late finds the lease over (R4).
    expire(nowNanos, effects);
    events.forEach(event -> handle(event, nowNanos, effects));
    renewIfDue(nowNanos, effects);
    writeIfDue(nowNanos, effects);
    report(effects);
    tell(effects);
    wake(events.stream().anyMatch(Event.Woken.class::isInstance), effects);
    return effects;
  }

  private void handle(Event event, long now, List<Effect> effects) {
    switch (event) {
      case Event.Enlisted(LeaseTerms terms, int witnesses) ->
          enlist(terms, witnesses, now, effects);
      case Event.Dismissed ignored -> dismiss(now, effects);
      case Event.Woken ignored -> {}
      case Event.Promised promised -> promised(promised, now);
      case Event.Nacked nacked -> nacked(nacked, now, effects);
      case Event.Prepared(SortedSet<IpAddress> addresses) -> book.prepare(addresses);
      case Event.Granted granted -> granted(granted);
      case Event.ReleaseAsked(IpAddress address, Epoch epoch, NodeSession of) -> {
        // What a former session of this boot held is held on here, or not at all.
        if (session.covers(of) && !(phase instanceof Phase.Idle)) {
          book.release(address, epoch, of);
        }
      }
      case Event.Fenced(NodeSession fenced) -> {
        if (fenced.equals(session) && rules.obeys(Rule.R4_LAPSE_ENDS_INCARNATION)) {
          endSession(now, effects);
        }
      }
      case Event.GatesWritten(long version) -> written(version, now, effects);
      case Event.GatesFailed(long version) -> {
        if (book.isLast(version)) {
          retryAt = OptionalLong.of(now + WRITE_RETRY.toNanos());
        }
      }
      case Event.UplinkLost ignored -> {
        uplinkLost = true;
        book.releaseAll();
      }
      case Event.UplinkFound ignored -> uplinkLost = false;
      case Event.Leaving ignored -> leaving = true;
    }
  }

  private void enlist(LeaseTerms terms, int witnesses, long now, List<Effect> effects) {
    boolean sameWitnesses =
        enlistment.map(Enlistment::witnesses).filter(count -> count == witnesses).isPresent();
    enlistment = Optional.of(new Enlistment(terms, witnesses));
    if (!sameWitnesses) {
      book.forgetAll();
      endSession(now, effects);
    }
  }

  private void dismiss(long now, List<Effect> effects) {
    if (enlistment.isPresent()) {
      enlistment = Optional.empty();
      book.forgetAll();
      endSession(now, effects);
    }
  }

  private void promised(Event.Promised promised, long now) {
    Request request = requests.get(promised.sequence());
    if (promised.incarnation() != session.incarnation()
        || request == null
        || enlistment.isEmpty()
        || promised.witness() < 0
        || promised.witness() >= enlistment.get().witnesses()) {
      return;
    }
    request.promised().add(promised.witness());
    int needed = rules.obeys(Rule.R1_MAJORITY) ? enlistment.get().majority() : 1;
    if (request.promised().size() < needed) {
      return;
    }
    long since = rules.obeys(Rule.R1_DEADLINE_FROM_SEND) ? request.sentNanos() : now;
    long deadline = since + request.leaseNanos();
    boolean longer = !(phase instanceof Phase.Leased(long before)) || deadline > before;
    if (deadline > now && longer) {
      phase = new Phase.Leased(deadline);
    }
  }

  private void nacked(Event.Nacked nacked, long now, List<Effect> effects) {
    if (nacked.incarnation() != session.incarnation()
        || enlistment.isEmpty()
        || nacked.witness() < 0
        || nacked.witness() >= enlistment.get().witnesses()) {
      return;
    }
    nacks.add(nacked.witness());
    if (nacks.size() >= enlistment.get().majority()
        && rules.obeys(Rule.R4_LAPSE_ENDS_INCARNATION)) {
      endSession(now, effects);
    }
  }

  private void granted(Event.Granted granted) {
    if (granted.onLoss() == WitnessLoss.HOLD && session.isLaterThan(granted.session())) {
      if (!(phase instanceof Phase.Idle)) {
        book.recall(granted.address(), granted.epoch(), granted.session());
      }
      return;
    }
    boolean mine = granted.session().equals(session) || !rules.obeys(Rule.R9_BOUND_TO_INCARNATION);
    boolean leased = phase instanceof Phase.Leased || !rules.obeys(Rule.R9_LEASED);
    if (!mine || !leased) {
      return;
    }
    if (uplinkLost) {
      // It could not be used; giving it back at once lets another node have it.
      book.release(granted.address(), granted.epoch(), granted.session());
    } else {
      book.accept(
          granted.address(),
          new GateBook.Grant(granted.epoch(), granted.session(), granted.onLoss()));
    }
  }

  private void expire(long now, List<Effect> effects) {
    switch (phase) {
      case Phase.Leased(long deadline) when now >= deadline -> {
        if (rules.obeys(Rule.R4_LAPSE_ENDS_INCARNATION)) {
          endSession(now, effects);
        } else {
          apply(now);
        }
      }
      case Phase.Applying(long abandon) when now >= abandon -> endSession(now, effects);
      case Phase.Leased ignored -> {}
      case Phase.Applying ignored -> {}
      case Phase.Flushing ignored -> {}
      case Phase.Idle ignored -> {}
    }
  }

  /**
   * R4: all gates close, all grants are forgotten, and the next incarnation begins. What is held on
   * needs neither: nobody takes the end of a session for the end of it.
   */
  private void endSession(long now, List<Effect> effects) {
    if (told.isPresent()) {
      session = session.next();
    }
    book.forget();
    requests.clear();
    nacks.clear();
    retryAt = OptionalLong.empty();
    phase = new Phase.Flushing();
    effects.add(new Effect.WriteGates(book.issue(openWithoutLease(), now)));
    if (!rules.obeys(Rule.R7_FLUSH_BEFORE_HELLO)) {
      flushed(now, effects);
    }
  }

  private void written(long version, long now, List<Effect> effects) {
    book.confirm(version);
    if (book.isLast(version)) {
      retryAt = OptionalLong.empty();
      if (phase instanceof Phase.Flushing) {
        flushed(now, effects);
      }
    }
  }

  private void flushed(long now, List<Effect> effects) {
    if (enlistment.isPresent()) {
      apply(now);
    } else {
      phase = new Phase.Idle();
      effects.add(new Effect.Beat(session, Standing.UNLEASED));
    }
  }

  private void apply(long now) {
    // In step with the renewals before: an agent that is told "dead" in a loop does not storm.
    long begin = Math.max(now, renewAt.orElse(now));
    renewAt = OptionalLong.of(begin);
    long patience = enlistment.map(terms -> terms.leaseNanos(rules)).orElse(0L);
    boolean givesUp = rules.obeys(Rule.R5_ABANDON_UNLEASED);
    phase = new Phase.Applying(givesUp ? begin + patience : Long.MAX_VALUE);
  }

  private void renewIfDue(long now, List<Effect> effects) {
    boolean active = phase instanceof Phase.Applying || phase instanceof Phase.Leased;
    if (!active || enlistment.isEmpty() || (renewAt.isPresent() && now < renewAt.getAsLong())) {
      return;
    }
    Enlistment terms = enlistment.get();
    sequence++;
    requests.values().removeIf(request -> now >= request.sentNanos() + request.leaseNanos());
    requests.put(sequence, new Request(now, terms.leaseNanos(rules), new HashSet<>()));
    renewAt = OptionalLong.of(now + terms.terms().renewal().toNanos());
    renewed = true;
    book.repeatFormer(session);
    effects.add(new Effect.Renew(session, sequence, terms.terms().lease()));
    effects.add(new Effect.Beat(session, standing()));
  }

  private void writeIfDue(long now, List<Effect> effects) {
    boolean retry = retryAt.isPresent() && now >= retryAt.getAsLong();
    switch (phase) {
      case Phase.Leased(long deadline) -> {
        SortedMap<IpAddress, Epoch> open = uplinkLost ? new TreeMap<>() : book.wanted();
        boolean longer = deadline > book.issuedDeadlineNanos();
        // Prepared addresses are kept in the kernel by writes, too: their lifetime is the lease's.
        boolean needed = longer && (book.isPrepared() || !open.isEmpty());
        if (retry || needed || !book.isIssued(open)) {
          retryAt = OptionalLong.empty();
          effects.add(new Effect.WriteGates(book.issue(open, deadline)));
        }
      }
      case Phase.Applying ignored -> close(retry, now, effects);
      case Phase.Flushing ignored -> close(retry, now, effects);
      case Phase.Idle ignored -> close(retry, now, effects);
    }
  }

  private void close(boolean retry, long now, List<Effect> effects) {
    SortedMap<IpAddress, Epoch> open = openWithoutLease();
    // Writes look after the fence and the addresses' lifetimes, too.
    boolean due = renewed && !open.isEmpty();
    if (retry || due || !book.isIssued(open)) {
      retryAt = OptionalLong.empty();
      effects.add(new Effect.WriteGates(book.issue(open, now)));
    }
  }

  private SortedMap<IpAddress, Epoch> openWithoutLease() {
    return uplinkLost ? new TreeMap<>() : book.wantedWithoutLease();
  }

  private void report(List<Effect> effects) {
    for (GateBook.Report report : book.reports()) {
      effects.add(
          switch (report) {
            case GateBook.Report.Opened(IpAddress address, Epoch epoch, NodeSession of) ->
                new Effect.Opened(address, epoch, of);
            case GateBook.Report.Released(IpAddress address, Epoch epoch, NodeSession of) ->
                new Effect.Released(address, epoch, of);
          });
    }
  }

  /** Says what has changed, to the controllers only once the kernel has let go (R7). */
  private void tell(List<Effect> effects) {
    Effect.SessionChanged now = new Effect.SessionChanged(session, standing());
    if ((enlistment.isEmpty() && told.isEmpty()) || told.equals(Optional.of(now))) {
      return;
    }
    told = Optional.of(now);
    effects.add(now);
    Effect.Beat beat = new Effect.Beat(now.session(), now.standing());
    boolean flushed = !(phase instanceof Phase.Flushing);
    if (flushed && !effects.contains(beat)) {
      effects.add(beat);
    }
  }

  private void wake(boolean woken, List<Effect> effects) {
    OptionalLong next = OptionalLong.empty();
    switch (phase) {
      case Phase.Leased(long deadline) -> next = earlier(renewAt, deadline);
      case Phase.Applying(long abandon) -> next = earlier(renewAt, abandon);
      case Phase.Flushing ignored -> {}
      case Phase.Idle ignored -> {}
    }
    if (retryAt.isPresent()) {
      next = earlier(next, retryAt.getAsLong());
    }
    if (next.isPresent() && (woken || !next.equals(wake))) {
      effects.add(new Effect.WakeAt(next.getAsLong()));
    }
    wake = next;
  }

  private static OptionalLong earlier(OptionalLong one, long other) {
    return OptionalLong.of(one.isPresent() ? Math.min(one.getAsLong(), other) : other);
  }
}
