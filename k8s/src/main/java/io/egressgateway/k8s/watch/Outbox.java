package io.egressgateway.k8s.watch;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The newest message for each receiver: sent when it changes, and again from time to time, because
 * any message may be lost. Not thread-safe.
 *
 * @param <K> names a receiver
 * @param <M> is compared by value
 */
final class Outbox<K extends Comparable<K>, M> {

  private final BiConsumer<K, M> send;
  private final TreeMap<K, M> newest = new TreeMap<>(Comparator.naturalOrder());

  Outbox(BiConsumer<K, M> send) {
    this.send = send;
  }

  /** Sends the message unless it is what was sent last. */
  void put(K receiver, M message) {
    // Of equal messages the first stays: its receiver has it, too, and a second may be large.
    if (!message.equals(newest.get(receiver))) {
      newest.put(receiver, message);
      send.accept(receiver, message);
    }
  }

  /** There is nothing to be told any more. */
  void remove(K receiver) {
    newest.remove(receiver);
  }

  Optional<M> find(K receiver) {
    return Optional.ofNullable(newest.get(receiver));
  }

  /** Sends again what was sent last, if anything was. */
  void resend(K receiver) {
    find(receiver).ifPresent(message -> send.accept(receiver, message));
  }

  /** Sends again whatever belongs to the slice. */
  void resend(Slice slice) {
    receivers(slice).forEach(this::resend);
  }

  /** Who belongs to the slice and has been sent something. */
  List<K> receivers(Slice slice) {
    return newest.keySet().stream().filter(slice::contains).toList();
  }

  /** One of several even parts of all receivers. */
  record Slice(int index, int count) {
    Slice next() {
      return new Slice((index + 1) % count, count);
    }

    boolean contains(Object receiver) {
      return Math.floorMod(receiver.hashCode(), count) == index;
    }

    static Slice everything() {
      return new Slice(0, 1);
    }
  }
}
