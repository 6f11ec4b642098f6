package io.egressgateway.load.sim;

import java.util.PriorityQueue;

/** Virtual time, in nanoseconds, and what is to happen when; in order of time, then of entry. */
final class Agenda {

  private record Entry(long at, long number, Runnable action) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
    }
  }

  private final PriorityQueue<Entry> entries = new PriorityQueue<>();
  private long now;
  private long count;

  long now() {
    return now;
  }

  void at(long time, Runnable action) {
    entries.add(new Entry(Math.max(time, now), count++, action));
  }

  void after(long nanos, Runnable action) {
    at(now + nanos, action);
  }

  /** Lets everything happen that is due until then. */
  void runUntil(long end) {
    for (Entry next = entries.peek(); next != null && next.at() <= end; next = entries.peek()) {
      entries.poll();
      now = next.at();
      next.action().run();
    }
    now = end;
  }
}
