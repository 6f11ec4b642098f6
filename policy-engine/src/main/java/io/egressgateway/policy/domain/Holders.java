package io.egressgateway.policy.domain;

import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessLoss;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How many egress IPs each session holds, by what ends that: kept along with a node's grants, since
 * it is asked for with every change, and a node may have thousands.
 *
 * @param closing those whose gates end with the session's lease
 * @param lasting those that only the session itself gives back
 */
public record Holders(
    SortedMap<NodeSession, Integer> closing, SortedMap<NodeSession, Integer> lasting) {
  public Holders {
    closing = Collections.unmodifiableSortedMap(new TreeMap<>(closing));
    lasting = Collections.unmodifiableSortedMap(new TreeMap<>(lasting));
  }

  /** Of all these grants. */
  static Holders of(Collection<Node.Grant> grants) {
    TreeMap<NodeSession, Integer> closing = new TreeMap<>();
    TreeMap<NodeSession, Integer> lasting = new TreeMap<>();
    grants.forEach(
        grant ->
            (grant.onLoss() == WitnessLoss.HOLD ? lasting : closing)
                .merge(grant.session(), 1, Integer::sum));
    return new Holders(closing, lasting);
  }

  Holders with(Node.Grant grant) {
    return counted(grant, 1);
  }

  Holders without(Node.Grant grant) {
    return counted(grant, -1);
  }

  private Holders counted(Node.Grant grant, int change) {
    return switch (grant.onLoss()) {
      case HOLD -> new Holders(closing, counted(lasting, grant.session(), change));
      case CLOSE -> new Holders(counted(closing, grant.session(), change), lasting);
    };
  }

  private static SortedMap<NodeSession, Integer> counted(
      SortedMap<NodeSession, Integer> counts, NodeSession session, int change) {
    TreeMap<NodeSession, Integer> next = new TreeMap<>(counts);
    next.merge(session, change, Integer::sum);
    next.values().removeIf(count -> count == 0);
    return next;
  }

  /** The sessions that hold something. */
  SortedSet<NodeSession> all() {
    TreeSet<NodeSession> all = new TreeSet<>(closing.keySet());
    all.addAll(lasting.keySet());
    return Collections.unmodifiableSortedSet(all);
  }
}
