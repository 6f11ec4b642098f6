package io.egressgateway.core.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PersistentMapTest {
  private static final int RUNS = 100;
  private static final int STEPS = 300;
  private static final int KEYS = 60;

  @Test
  void isAtEveryStepWhatATreeMapWouldBe() {
    for (int seed = 0; seed < RUNS; seed++) {
      Random random = new Random(seed);
      TreeMap<Integer, Integer> expected = new TreeMap<>();
      PersistentMap<Integer, Integer> map = PersistentMap.empty();
      for (int step = 0; step < STEPS; step++) {
        int key = random.nextInt(KEYS);
        if (random.nextInt(5) < 3) {
          expected.put(key, step);
          map = map.with(key, step);
        } else {
          expected.remove(key);
          map = map.without(key);
        }
        assertThat(map.equals(expected) && expected.equals(map)).as("seed %d", seed).isTrue();
        assertThat(map).hasSameSizeAs(expected).hasSameHashCodeAs(expected);
        assertThat(new ArrayList<>(map.keySet())).isEqualTo(new ArrayList<>(expected.keySet()));
        assertThat(map.get(key)).isEqualTo(expected.get(key));
        SortedSet<Integer> tail = map.keySet().tailSet(key);
        assertThat(tail).isEqualTo(expected.navigableKeySet().tailSet(key));
        assertThat(tail.contains(key - 1)).isFalse();
      }
    }
  }

  @Test
  void theMapItCameFromStaysAsItWas() {
    PersistentMap<Integer, String> before = PersistentMap.<Integer, String>empty().with(1, "a");

    before.with(1, "b").with(2, "c").without(1);

    assertThat(before).containsExactlyEntriesOf(new TreeMap<>(Map.of(1, "a")));
    assertThatThrownBy(() -> before.put(3, "d")).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void aLongRunOfNeighboursDoesNotMakeItDeep() {
    PersistentMap<Integer, Integer> map = PersistentMap.empty();
    for (int key = 0; key < 200_000; key++) {
      map = map.with(key, key);
    }
    // A list of this length would overflow the stack.
    map = map.without(0).without(199_999).without(100_000);

    assertThat(map).hasSize(199_997);
    assertThat(map.firstKey()).isEqualTo(1);
    assertThat(map.lastKey()).isEqualTo(199_998);
    assertThat(map.containsKey(100_000)).isFalse();
  }

  @Test
  void rangesAreThoseOfASortedMap() {
    PersistentMap<Integer, Integer> map =
        PersistentMap.copyOf(new TreeMap<>(Map.of(1, 1, 2, 2, 3, 3)));

    assertThat(List.copyOf(map.headMap(3).keySet())).containsExactly(1, 2);
    assertThat(List.copyOf(map.tailMap(2).keySet())).containsExactly(2, 3);
    assertThat(List.copyOf(map.subMap(2, 3).keySet())).containsExactly(2);
    assertThat(PersistentMap.copyOf(map)).isSameAs(map);
    assertThatThrownBy(PersistentMap.<Integer, Integer>empty()::firstKey)
        .isInstanceOf(NoSuchElementException.class);
  }
}
