package io.egressgateway.k8s.watch;

import io.egressgateway.k8s.watch.WatchEvent.Source;
import java.util.EnumSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Objects that entities speak of and no list has shown. They may have been deleted while nobody
 * watched, or one list may have been wrong; what would be given up for them does not come back, so
 * it takes a second list. Not thread-safe.
 *
 * @param <K> names an object
 */
final class Absences<K extends Comparable<K>> {
  private final Function<K, Source> source;
  private final TreeSet<K> absent = new TreeSet<>();
  private final Set<Source> looks = EnumSet.noneOf(Source.class);

  /**
   * @param source where an object would be listed
   */
  Absences(Function<K, Source> source) {
    this.source = source;
  }

  /** Somebody speaks of it. */
  void add(K object) {
    if (absent.add(object)) {
      looks.add(source.apply(object));
    }
  }

  /** What is to be listed once more; it is asked for once. */
  Set<Source> takeSecondLooks() {
    Set<Source> taken = EnumSet.copyOf(looks);
    looks.clear();
    return taken;
  }

  /** What was absent when this was listed again. */
  SortedSet<K> take(Source listed) {
    SortedSet<K> taken =
        absent.stream()
            .filter(object -> source.apply(object) == listed)
            .collect(Collectors.toCollection(TreeSet::new));
    absent.removeAll(taken);
    return taken;
  }
}
