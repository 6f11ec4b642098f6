package io.egressgateway.policy.entity;

import io.egressgateway.core.model.NodeName;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

  /** The node wants to know, and this is what it knows. */
  void renew(NodeName node, Optional<A> known) {
    Subscriber<A> subscriber = subscribers.computeIfAbsent(node, name -> new Subscriber<>());
    subscriber.told = known;
    subscriber.sweepsUnrenewed = 0;
  }

  /** Tells those who were told something else. */
  void announce(A answer, BiConsumer<NodeName, A> tell) {
    subscribers.forEach(
        (node, subscriber) -> {
          if (!subscriber.told.equals(Optional.of(answer))) {
            subscriber.told = Optional.of(answer);
            tell.accept(node, answer);
          }
        });
  }

  void sweep() {
    subscribers.values().removeIf(subscriber -> ++subscriber.sweepsUnrenewed > SWEEPS_MAX);
  }

  boolean isEmpty() {
    return subscribers.isEmpty();
  }
}
