package io.egressgateway.k8s.watch;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.Consumer;

/**
 * Lets in so many at once; the others wait in the order in which they came, those that only come
 * back behind all that are new. Whoever waits for an answer repeats what it said, so that a herd
 * that is let in together is done later, and never, if answers take longer than that. Not
 * thread-safe.
 *
 * @param <K> names one of the herd
 */
final class Turnstile<K> {
  private final int places;
  private final int patience;
  private final Consumer<K> enter;

  /** At which tick each came in, the first one first. */
  private final Map<K, Long> inside = new LinkedHashMap<>();

  private final SequencedSet<K> waiting = new LinkedHashSet<>();
  private final SequencedSet<K> waitingAgain = new LinkedHashSet<>();
  private long ticks;

  /**
   * @param places at least 1
   * @param patience after so many ticks a place is given away, whether its holder is done or not
   * @param enter is called for each that comes in
   */
  Turnstile(int places, int patience, Consumer<K> enter) {
    this.places = places;
    this.patience = patience;
    this.enter = enter;
  }

  /** It has something new: it comes in now or in its turn, at once if it is inside. */
  void come(K key) {
    waitingAgain.remove(key);
    if (inside.remove(key) != null || inside.size() < places) {
      enter(key);
    } else {
      waiting.add(key);
    }
  }

  /** It comes to say what it said before, once there is a place that nobody new wants. */
  void comeAgain(K key) {
    if (inside.containsKey(key) || waiting.contains(key)) {
      return;
    }
    waitingAgain.add(key);
    fill();
  }

  /** It is done. */
  void done(K key) {
    if (inside.remove(key) != null) {
      fill();
    }
  }

  /** It is not there any more. */
  void forget(K key) {
    waiting.remove(key);
    waitingAgain.remove(key);
    done(key);
  }

  /** Time passes. */
  void tick() {
    ticks++;
    List<K> late =
        inside.entrySet().stream()
            .takeWhile(entry -> ticks - entry.getValue() > patience)
            .map(Map.Entry::getKey)
            .toList();
    late.forEach(this::done);
  }

  private void fill() {
    while (inside.size() < places && !(waiting.isEmpty() && waitingAgain.isEmpty())) {
      enter(waiting.isEmpty() ? waitingAgain.removeFirst() : waiting.removeFirst());
    }
  }

  private void enter(K key) {
    inside.put(key, ticks);
    enter.accept(key);
  }
}
