package io.egressgateway.core.lease;

import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one incarnation was granted, what of it the kernel has, and what has still to be reported.
 * Nothing is reported before the kernel has confirmed the write that made it true.
 */
final class GateBook {

  /** What has become true in the kernel. */
  sealed interface Report {
    record Opened(IpAddress address, Epoch epoch) implements Report {}

    record Released(IpAddress address, Epoch epoch) implements Report {}
  }

  private record Release(Epoch epoch, long notBefore) {}

  /** A write of these open addresses; nothing of it is known until it is confirmed. */
  private record Issue(SortedMap<IpAddress, Epoch> open, long deadlineNanos) {}

  private final Rules rules;
  private final SortedMap<IpAddress, Epoch> held = new TreeMap<>();
  private final SortedMap<IpAddress, Epoch> highWater = new TreeMap<>();
  private final SortedMap<IpAddress, Epoch> reported = new TreeMap<>();
  private final SortedMap<IpAddress, Release> releases = new TreeMap<>();
  private final SortedMap<Long, Issue> issues = new TreeMap<>();
  private Issue last = new Issue(new TreeMap<>(), Long.MIN_VALUE);
  private SortedMap<IpAddress, Epoch> kernel = new TreeMap<>();
  private long issued;
  private long confirmed;

  GateBook(Rules rules) {
    this.rules = rules;
  }

  SortedMap<IpAddress, Epoch> held() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(held));
  }

  /**
   * Takes a grant if it may be followed (R9). One that was released before is answered by the
   * release once more: whoever grants it has not heard.
   */
  void accept(IpAddress address, Epoch epoch) {
    Epoch high = highWater.getOrDefault(address, Epoch.ZERO);
    boolean good =
        !rules.obeys(Rule.R9_HIGH_WATER)
            || epoch.compareTo(high) > 0
            || (epoch.equals(high) && held.containsKey(address));
    if (!good) {
      release(address, epoch);
      return;
    }
    raise(address, epoch);
    releases.remove(address);
    if (epoch.equals(held.put(address, epoch))) {
      // Asked again: whoever asks has not heard that the gate is open.
      reported.remove(address);
    }
  }

  /** Gives the address up, held or not, and sees to it that the grant is never good again. */
  void release(IpAddress address, Epoch epoch) {
    Epoch mine = held.get(address);
    if (mine != null && mine.compareTo(epoch) > 0) {
      // About a former grant of an address that was granted anew: the former is over.
      releases.put(address, new Release(epoch, issued));
      return;
    }
    held.remove(address);
    reported.remove(address);
    raise(address, epoch);
    releases.put(address, new Release(epoch, Long.MAX_VALUE));
  }

  /** Gives up all. */
  void releaseAll() {
    new TreeMap<>(held).forEach(this::release);
  }

  /** The incarnation is over: its grants and high-water marks end with it. */
  void forget() {
    held.clear();
    highWater.clear();
    reported.clear();
    releases.clear();
  }

  private void raise(IpAddress address, Epoch epoch) {
    highWater.merge(address, epoch, (one, other) -> one.compareTo(other) >= 0 ? one : other);
  }

  /** The open gates that there should be: what is held and, unless R13 is broken, prepared. */
  SortedMap<IpAddress, Epoch> wanted(SortedSet<IpAddress> prepared) {
    SortedMap<IpAddress, Epoch> open = new TreeMap<>(held);
    if (rules.obeys(Rule.R13_OPEN_LAST)) {
      open.keySet().retainAll(prepared);
    }
    return open;
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
    return new Gates(issued, new TreeSet<>(open.keySet()), deadlineNanos);
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
        reports.add(new Report.Released(entry.getKey(), release.epoch()));
      } else {
        releases.put(entry.getKey(), new Release(release.epoch(), notBefore));
      }
    }
    for (Map.Entry<IpAddress, Epoch> entry : kernel.entrySet()) {
      boolean current = entry.getValue().equals(held.get(entry.getKey()));
      if (current && !entry.getValue().equals(reported.put(entry.getKey(), entry.getValue()))) {
        reports.add(new Report.Opened(entry.getKey(), entry.getValue()));
      }
    }
    return reports;
  }
}
