package io.egressgateway.node.survey;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.node.netlink.wire.nft.Counter;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What egress IPs have carried, as far as the kernel still counts or counted before: its counters
 * begin anew when the rules are replaced. Not thread-safe.
 */
final class Tallies {

  /** What is counted. */
  enum Kind {
    SENT,
    RECEIVED,
    CONNECTIONS
  }

  /** Of which egress IP. */
  record Subject(Kind kind, IpAddress eip) implements Comparable<Subject> {
    private static final Comparator<Subject> ORDER =
        Comparator.comparing(Subject::kind).thenComparing(Subject::eip);

    @Override
    public int compareTo(Subject other) {
      return ORDER.compare(this, other);
    }
  }

  private SortedMap<Subject, Counter> last = new TreeMap<>();
  private SortedMap<Subject, Counter> totals = new TreeMap<>();

  /** The kernel's counters now; what it does not count any more is forgotten. */
  void read(Map<Subject, Counter> now) {
    SortedMap<Subject, Counter> next = new TreeMap<>();
    now.forEach(
        (subject, counter) ->
            next.put(
                subject,
                plus(
                    totals.getOrDefault(subject, Counter.ZERO),
                    since(last.getOrDefault(subject, Counter.ZERO), counter))));
    totals = next;
    last = new TreeMap<>(now);
  }

  private static Counter since(Counter before, Counter now) {
    return now.packets() < before.packets()
        ? now
        : new Counter(now.packets() - before.packets(), now.bytes() - before.bytes());
  }

  private static Counter plus(Counter total, Counter more) {
    return new Counter(total.packets() + more.packets(), total.bytes() + more.bytes());
  }

  SortedMap<Subject, Counter> totals() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(totals));
  }

  long packets(Kind kind, IpAddress eip) {
    return totals.getOrDefault(new Subject(kind, eip), Counter.ZERO).packets();
  }
}
