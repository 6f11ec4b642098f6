package io.egressgateway.load.oracle;

import io.egressgateway.core.model.Ipv4Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the server outside saw: which flow asked from which source. A flow may only have the sources
 * that it was allowed; everything else is a leak. Thread-safe.
 */
public final class SourceOracle {
  private static final int LEAKS_MAX = 1_000;

  private final Map<String, Set<Ipv4Address>> allowed = new HashMap<>();
  private final SortedMap<String, SortedMap<Ipv4Address, Long>> seen = new TreeMap<>();
  private final List<Leak> leaks = new ArrayList<>();

  /**
   * A source that a flow must not have.
   *
   * @param nanos when it was seen, by {@link System#nanoTime}
   */
  public record Leak(String flow, Ipv4Address source, long nanos) {
    /** How long after a moment. */
    public Duration since(long moment) {
      return Duration.ofNanos(nanos - moment);
    }

    @Override
    public String toString() {
      return flow + " left with " + source;
    }
  }

  /** The flow may have these sources, and no others, from now on. */
  public void allow(String flow, Collection<Ipv4Address> sources) {
    synchronized (this) {
      allowed.put(flow, Set.copyOf(sources));
    }
  }

  /** The server saw the flow with this source. */
  void saw(String flow, Ipv4Address source, long nanos) {
    synchronized (this) {
      seen.computeIfAbsent(flow, name -> new TreeMap<>()).merge(source, 1L, Long::sum);
      Set<Ipv4Address> fine = allowed.get(flow);
      if (fine != null && !fine.contains(source) && leaks.size() < LEAKS_MAX) {
        leaks.add(new Leak(flow, source, nanos));
      }
    }
  }

  /** How often each source of a flow was seen. */
  public SortedMap<Ipv4Address, Long> seen(String flow) {
    synchronized (this) {
      return new TreeMap<>(seen.getOrDefault(flow, new TreeMap<>()));
    }
  }

  /** All that must never be, so far. */
  public List<Leak> leaks() {
    synchronized (this) {
      return List.copyOf(leaks);
    }
  }
}
