package io.egressgateway.core.lease;

import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessLoss;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one incarnation was granted, and former ones that is held on, what of it the kernel has, and
 * what has still to be reported. Nothing is reported before the kernel has confirmed the write that
 * made it true.
 */
final class GateBook {

  /** What has become true in the kernel. */
  sealed interface Report {
    record Opened(IpAddress address, Epoch epoch, NodeSession session) implements Report {}

    record Released(IpAddress address, Epoch epoch, NodeSession session) implements Report {}
  }

  /**
   * What may be held.
   *
   * @param session that it was granted to: with {@link WitnessLoss#HOLD} it may be a former one
   */
  record Grant(Epoch epoch, NodeSession session, WitnessLoss onLoss) {}

  private record Release(Epoch epoch, NodeSession session, long notBefore) {}

  /** A write of these open addresses; nothing of it is known until it is confirmed. */
  private record Issue(SortedMap<IpAddress, Epoch> open, long deadlineNanos) {}

  private final Rules rules;
  private final SortedMap<IpAddress, Grant> held = new TreeMap<>();
  private final SortedMap<IpAddress, Epoch> highWater = new TreeMap<>();
  private final SortedMap<IpAddress, Epoch> reported = new TreeMap<>();
  private final SortedMap<IpAddress, Release> releases = new TreeMap<>();
  private final SortedMap<Long, Issue> issues = new TreeMap<>();
  private Issue last = new Issue(new TreeMap<>(), Long.MIN_VALUE);
  private SortedMap<IpAddress, Epoch> kernel = new TreeMap<>();
  private SortedSet<IpAddress> prepared = Collections.emptySortedSet();

  /** Found anew only when it may have changed: most events concern neither this nor reports. */
  private Optional<SortedMap<IpAddress, Epoch>> wanted = Optional.empty();

  /** Whether something may be open in the kernel that was not reported. */
  private boolean unreported;

  private long issued;
  private long confirmed;

  GateBook(Rules rules) {
    this.rules = rules;
  }

  SortedMap<IpAddress, Epoch> held() {
    return Collections.unmodifiableSortedMap(epochs(held));
  }

  boolean isHolding() {
    return !held.isEmpty();
  }

  private static SortedMap<IpAddress, Epoch> epochs(SortedMap<IpAddress, Grant> grants) {
    TreeMap<IpAddress, Epoch> epochs = new TreeMap<>();
    grants.forEach((address, grant) -> epochs.put(address, grant.epoch()));
    return epochs;
  }

  /** Whether something is held that stays when the session ends. */
  boolean holdsOn() {
    return held.values().stream().anyMatch(GateBook::staysOn);
  }

  private static boolean staysOn(Grant grant) {
    return grant.onLoss() == WitnessLoss.HOLD;
  }

  /**
   * Takes a grant if it may be followed (R9). One that was released before is answered by the
   * release once more: whoever grants it has not heard.
   */
  void accept(IpAddress address, Grant grant) {
    Epoch epoch = grant.epoch();
    Epoch high = highWater.getOrDefault(address, Epoch.ZERO);
    boolean good =
        !rules.obeys(Rule.R9_HIGH_WATER)
            || epoch.compareTo(high) > 0
            || (epoch.equals(high) && held.containsKey(address));
    if (!good) {
      release(address, epoch, grant.session());
      return;
    }
    raise(address, epoch);
    releases.remove(address);
    Grant before = held.put(address, grant);
    changed();
    if (before != null && before.epoch().equals(epoch)) {
      // Asked again: whoever asks has not heard that the gate is open.
      reported.remove(address);
    }
  }

  /**
   * A grant that a former session of the boot was given to hold on to: it is held, or it was given
   * up, and is not good any more. Either is said again.
   */
  void recall(IpAddress address, Epoch epoch, NodeSession former) {
    Grant mine = held.get(address);
    if (mine != null && mine.epoch().equals(epoch) && mine.session().equals(former)) {
      reported.remove(address);
      unreported = true;
    } else {
      releases.put(address, new Release(epoch, former, issued));
    }
  }

  /** What is held since a former session is said again: whoever knows better objects. */
  void repeatFormer(NodeSession present) {
    held.forEach(
        (address, grant) -> {
          if (!grant.session().equals(present)) {
            reported.remove(address);
            unreported = true;
          }
        });
  }

  /** Gives the address up, held or not, and sees to it that the grant is never good again. */
  void release(IpAddress address, Epoch epoch, NodeSession session) {
    Grant mine = held.get(address);
    if (mine != null && mine.epoch().compareTo(epoch) > 0) {
      // About a former grant of an address that was granted anew: the former is over.
      releases.put(address, new Release(epoch, session, issued));
      return;
    }
    held.remove(address);
    changed();
    reported.remove(address);
    raise(address, epoch);
    releases.put(address, new Release(epoch, session, Long.MAX_VALUE));
  }

  /** Gives up all. */
  void releaseAll() {
    new TreeMap<>(held)
        .forEach((address, grant) -> release(address, grant.epoch(), grant.session()));
  }

  /** The incarnation is over: its grants end with it, but for those that are to be held on. */
  void forget() {
    held.values().removeIf(grant -> !staysOn(grant));
    changed();
    highWater.keySet().retainAll(held.keySet());
    reported.clear();
    releases.clear();
  }

  /** Nothing is to be held on. */
  void forgetAll() {
    held.clear();
    forget();
  }

  private void raise(IpAddress address, Epoch epoch) {
    highWater.merge(address, epoch, (one, other) -> one.compareTo(other) >= 0 ? one : other);
  }

  private void changed() {
    wanted = Optional.empty();
    unreported = true;
  }

  /** Exactly these addresses are in the kernel with all that they need but the gate. */
  void prepare(SortedSet<IpAddress> addresses) {
    prepared = addresses;
    changed();
  }

  boolean isPrepared() {
    return !prepared.isEmpty();
  }

  /** The open gates that there should be: what is held and, unless R13 is broken, prepared. */
  SortedMap<IpAddress, Epoch> wanted() {
    SortedMap<IpAddress, Epoch> open = wanted.orElseGet(this::open);
    wanted = Optional.of(open);
    return open;
  }

  private SortedMap<IpAddress, Epoch> open() {
    SortedMap<IpAddress, Epoch> open = epochs(held);
    if (rules.obeys(Rule.R13_OPEN_LAST)) {
      open.keySet().retainAll(prepared);
    }
    return Collections.unmodifiableSortedMap(open);
  }

  /** Of {@link #wanted} what needs no lease. */
  SortedMap<IpAddress, Epoch> wantedWithoutLease() {
    TreeMap<IpAddress, Epoch> open = new TreeMap<>(wanted());
    open.keySet().retainAll(withoutLease());
    return open;
  }

  private SortedSet<IpAddress> withoutLease() {
    TreeSet<IpAddress> addresses = new TreeSet<>();
    held.forEach(
        (address, grant) -> {
          if (staysOn(grant)) {
            addresses.add(address);
          }
        });
    return addresses;
  }

  /** Whether the last write issued says just this. */
  boolean isIssued(SortedMap<IpAddress, Epoch> open) {
    return last.open().equals(open);
  }

  /** The deadline of the last write issued. */
  long issuedDeadlineNanos() {
    return last.deadlineNanos();
  }

  /** Whether the last write issued is this one. */
  boolean isLast(long version) {
    return version == issued;
  }

  /** The next write. */
  Gates issue(SortedMap<IpAddress, Epoch> open, long deadlineNanos) {
    issued++;
    last = new Issue(open, deadlineNanos);
    issues.put(issued, last);
    SortedSet<IpAddress> stay = withoutLease();
    stay.retainAll(open.keySet());
    return new Gates(issued, new TreeSet<>(open.keySet()), stay, deadlineNanos);
  }

  /** The kernel has this write, and so none before it any more. */
  void confirm(long version) {
    if (version <= confirmed || version > issued) {
      return;
    }
    confirmed = version;
    Issue issue = issues.get(version);
    issues.headMap(version + 1).clear();
    if (issue != null) {
      kernel = issue.open();
      unreported = true;
    }
  }

  /** What there is to report; to be called after the writes that the event needs were issued. */
  List<Report> reports() {
    List<Report> reports = new ArrayList<>();
    for (Map.Entry<IpAddress, Release> entry : List.copyOf(releases.entrySet())) {
      Release release = entry.getValue();
      // The last write does not have the address open, nor will one after it.
      long notBefore = Math.min(release.notBefore(), issued);
      if (confirmed >= notBefore) {
        releases.remove(entry.getKey());
        reports.add(new Report.Released(entry.getKey(), release.epoch(), release.session()));
      } else {
        releases.put(entry.getKey(), new Release(release.epoch(), release.session(), notBefore));
      }
    }
    if (unreported) {
      unreported = false;
      for (Map.Entry<IpAddress, Epoch> entry : kernel.entrySet()) {
        Grant mine = held.get(entry.getKey());
        if (mine != null
            && mine.epoch().equals(entry.getValue())
            && !mine.epoch().equals(reported.put(entry.getKey(), mine.epoch()))) {
          reports.add(new Report.Opened(entry.getKey(), mine.epoch(), mine.session()));
        }
      }
    }
    return reports;
  }
}
