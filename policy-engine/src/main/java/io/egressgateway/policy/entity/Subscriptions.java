package io.egressgateway.policy.entity;

import io.egressgateway.core.model.NodeName;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * The nodes that want to know something, and what each was told last. A node that has not renewed
 * its subscription between two sweeps is forgotten.
 *
 * @param <A> what they want to know
 */
final class Subscriptions<A> {

  private static final class Subscriber<A> {
    private Optional<A> told = Optional.empty();
    private int sweepsUnrenewed;
  }

  /** A sweep is one interval of renewal; two may be lost. */
  private static final int SWEEPS_MAX = 3;

  private final Map<NodeName, Subscriber<A>> subscribers = new TreeMap<>();

  /** What was announced last. */
  private Optional<A> newest = Optional.empty();

  /** Those who have spoken since, and may know something else. */
  private final Set<NodeName> doubtful = new TreeSet<>();

  /** The node wants to know, and this is what it knows. */
  void renew(NodeName node, Optional<A> known) {
    Subscriber<A> subscriber = subscribers.computeIfAbsent(node, name -> new Subscriber<>());
    subscriber.told = known;
    subscriber.sweepsUnrenewed = 0;
    doubtful.add(node);
  }

  /** Tells those who were told something else. The same answer again costs those alone who ask. */
  void announce(A answer, BiConsumer<NodeName, A> tell) {
    if (!newest.equals(Optional.of(answer))) {
      newest = Optional.of(answer);
      doubtful.addAll(subscribers.keySet());
    }
    for (NodeName node : doubtful) {
      Subscriber<A> subscriber = subscribers.get(node);
      if (subscriber != null && !subscriber.told.equals(newest)) {
        subscriber.told = newest;
        tell.accept(node, answer);
      }
    }
    doubtful.clear();
  }

  void sweep() {
    subscribers.values().removeIf(subscriber -> ++subscriber.sweepsUnrenewed > SWEEPS_MAX);
  }

  boolean isEmpty() {
    return subscribers.isEmpty();
  }
}
