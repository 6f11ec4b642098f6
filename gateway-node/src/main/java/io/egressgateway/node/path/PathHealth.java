package io.egressgateway.node.path;

import io.egressgateway.core.model.NodeName;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is known of the tunnel's paths. A path is lost after {@value #MISSES_MAX} questions in a row
 * without an answer, and back after {@value #HITS_MIN} in a row with one; one that is new is not
 * lost. A packet that the network drops now and then is no news.
 *
 * @param paths by the node they lead to
 */
record PathHealth(SortedMap<NodeName, Path> paths) {
  static final int MISSES_MAX = 3;
  static final int HITS_MIN = 2;

  /** What is said of a path. */
  enum Verdict {
    REACHABLE,
    LOST
  }

  /**
   * One path.
   *
   * @param contrary questions in a row whose outcome speaks against the verdict
   */
  record Path(Verdict verdict, int contrary) {
    static final Path NEW = new Path(Verdict.REACHABLE, 0);

    Path answered() {
      return switch (verdict) {
        case REACHABLE -> NEW;
        case LOST -> contrary + 1 < HITS_MIN ? new Path(verdict, contrary + 1) : NEW;
      };
    }

    Path missed() {
      return switch (verdict) {
        case REACHABLE ->
            contrary + 1 < MISSES_MAX ? new Path(verdict, contrary + 1) : new Path(Verdict.LOST, 0);
        case LOST -> new Path(verdict, 0);
      };
    }
  }

  PathHealth {
    paths = Collections.unmodifiableSortedMap(new TreeMap<>(paths));
  }

  /** Of a node that uses no path. */
  static PathHealth unknown() {
    return new PathHealth(new TreeMap<>());
  }

  /** After these nodes, and no others, were asked, and some of them have answered. */
  PathHealth after(SortedSet<NodeName> asked, Set<NodeName> answers) {
    SortedMap<NodeName, Path> next = new TreeMap<>();
    for (NodeName node : asked) {
      Path path = paths.getOrDefault(node, Path.NEW);
      next.put(node, answers.contains(node) ? path.answered() : path.missed());
    }
    return new PathHealth(next);
  }

  /** The nodes that are not reached. */
  SortedSet<NodeName> lost() {
    SortedMap<NodeName, Path> lost = new TreeMap<>(paths);
    lost.values().removeIf(path -> path.verdict() == Verdict.REACHABLE);
    return Collections.unmodifiableSortedSet(new TreeSet<>(lost.keySet()));
  }
}
