package io.egressgateway.node.agent;

import io.egressgateway.core.model.PortShortage;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What is wrong in a node's kernel, as a survey found it.
 *
 * @param collisions what others have in our way, each with the remedy; 16 at most
 * @param shortages destinations to which egress IPs of this node have no port left; 128 at most
 */
public record Findings(SortedSet<String> collisions, SortedSet<PortShortage> shortages) {
  /** Nothing. */
  public static final Findings NONE = new Findings(new TreeSet<>(), new TreeSet<>());

  private static final int COLLISIONS_MAX = 16;
  private static final int SHORTAGES_MAX = 128;

  public Findings {
    collisions = Collections.unmodifiableSortedSet(new TreeSet<>(collisions));
    shortages = Collections.unmodifiableSortedSet(new TreeSet<>(shortages));
  }

  /** As many as are told. */
  public static Findings of(Collection<String> collisions, Collection<PortShortage> shortages) {
    return new Findings(first(collisions, COLLISIONS_MAX), first(shortages, SHORTAGES_MAX));
  }

  private static <T> SortedSet<T> first(Collection<T> all, int most) {
    return new TreeSet<>(all).stream().limit(most).collect(Collectors.toCollection(TreeSet::new));
  }
}
