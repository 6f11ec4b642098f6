package io.egressgateway.policy.entity;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** What the cluster's one watcher is told by all controllers. */
public sealed interface WatcherMessage extends ClusterMessage
    permits SpecRequest, WatcherMessage.Obstacles {

  /**
   * What keeps a controller from failing over; repeated every second, also when it is nothing. It
   * does not come from entities: those cannot even start while the journal is away.
   *
   * @param controller its address, for people
   */
  record Obstacles(String controller, SortedSet<FailoverObstacle> obstacles)
      implements WatcherMessage {
    public Obstacles {
      obstacles = Collections.unmodifiableSortedSet(new TreeSet<>(obstacles));
    }
  }
}
