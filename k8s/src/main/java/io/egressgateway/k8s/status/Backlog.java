package io.egressgateway.k8s.status;

import io.egressgateway.k8s.status.StatusBoard.Target;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What is to be written, each kind in the order in which it came. A status is what people and
 * pipelines wait for; slices say at length what the kernels have already, so they go behind, and
 * one of them at a time in any case. Not thread-safe.
 */
final class Backlog {
  private final Set<Target> statuses = new LinkedHashSet<>();
  private final Set<Target> slices = new LinkedHashSet<>();

  void add(Target target) {
    lane(target).add(target);
  }

  private Set<Target> lane(Target target) {
    return switch (target) {
      case StatusBoard.StatusOf ignored -> statuses;
      case StatusBoard.SlicesOf ignored -> slices;
    };
  }

  int size() {
    return statuses.size() + slices.size();
  }

  /**
   * Removes what is to be written next.
   *
   * @param mayStart whether a target can be written now
   * @param writing what is being written
   */
  Optional<Target> take(Predicate<Target> mayStart, Collection<Target> writing) {
    boolean slicesProgress = writing.stream().anyMatch(StatusBoard.SlicesOf.class::isInstance);
    return slicesProgress
        ? take(statuses, mayStart).or(() -> take(slices, mayStart))
        : take(slices, mayStart).or(() -> take(statuses, mayStart));
  }

  private static Optional<Target> take(Set<Target> lane, Predicate<Target> mayStart) {
    for (Iterator<Target> waiting = lane.iterator(); waiting.hasNext(); ) {
      Target target = waiting.next();
      if (mayStart.test(target)) {
        waiting.remove();
        return Optional.of(target);
      }
    }
    return Optional.empty();
  }
}
