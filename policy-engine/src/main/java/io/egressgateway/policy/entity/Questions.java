package io.egressgateway.policy.entity;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What somebody needs to know of others, and what they have answered. What happens to one question
 * costs nothing for all the others.
 *
 * @param <K> who is asked
 * @param <A> what is answered
 */
final class Questions<K extends Comparable<? super K>, A> {
  /** How many need the answer. */
  private final SortedMap<K, Integer> needed = new TreeMap<>();

  private final SortedMap<K, A> answers = new TreeMap<>();
  private final SortedSet<K> unanswered = new TreeSet<>();
  private final SortedSet<K> unasked = new TreeSet<>();

  /** One more needs the answer. */
  void need(K key) {
    if (needed.merge(key, 1, Integer::sum) == 1) {
      unanswered.add(key);
      unasked.add(key);
    }
  }

  /** One less needs it; when nobody does, it is forgotten. */
  void release(K key) {
    if (needed.computeIfPresent(key, (same, count) -> count > 1 ? count - 1 : null) == null) {
      answers.remove(key);
      unanswered.remove(key);
      unasked.remove(key);
    }
  }

  boolean isNeeded(K key) {
    return needed.containsKey(key);
  }

  /** Takes an answer that is needed; the one before it, if there was one, is returned. */
  Optional<A> answer(K key, A answer) {
    unanswered.remove(key);
    unasked.remove(key);
    return Optional.ofNullable(answers.put(key, answer));
  }

  Optional<A> answer(K key) {
    return Optional.ofNullable(answers.get(key));
  }

  SortedMap<K, A> answers() {
    return Collections.unmodifiableSortedMap(answers);
  }

  SortedSet<K> needed() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(needed.keySet()));
  }

  SortedSet<K> unanswered() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(unanswered));
  }

  boolean isAnswered() {
    return unanswered.isEmpty();
  }

  /** Who has to be asked; from now on they count as asked. */
  SortedSet<K> toAsk() {
    SortedSet<K> toAsk = new TreeSet<>(unasked);
    unasked.clear();
    return Collections.unmodifiableSortedSet(toAsk);
  }

  /** Questions get lost: who has not answered may be asked again. */
  void askAgain() {
    unasked.addAll(unanswered);
  }
}
