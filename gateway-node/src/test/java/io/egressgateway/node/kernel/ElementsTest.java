package io.egressgateway.node.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.Ipv4Address;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Elements are what a sorted map is, whatever became of them. */
final class ElementsTest {
  private static final int SEEDS = 50;
  private static final int PODS = 2_000;
  private static final int STEPS = 300;

  static LongStream seeds() {
    return LongStream.range(0, SEEDS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void changesLeadToWhatTheyLeadAMapTo(long seed) {
    Random random = new Random(seed);
    List<Element> start = some(random, random.nextInt(500));
    SortedMap<Element.Key, Element> map = map(start);
    Elements elements = Elements.of(start);
    for (int step = 0; step < STEPS; step++) {
      // Now more comes, now more goes.
      List<Element> removed = some(random, random.nextInt(step < STEPS / 2 ? 2 : 9));
      List<Element> added = some(random, random.nextInt(step < STEPS / 2 ? 9 : 2));
      elements = elements.with(removed, added);
      removed.forEach(element -> map.remove(element.key()));
      added.forEach(element -> map.put(element.key(), element));
      assertThat(elements.size()).isEqualTo(map.size());
    }
    assertThat(elements.toList()).isEqualTo(new ArrayList<>(map.values()));
    assertThat(elements).isEqualTo(Elements.of(map.values()));
    assertThat(elements).hasSameHashCodeAs(Elements.of(map.values()));
    for (Element element : some(random, PODS)) {
      assertThat(elements.get(element.key()).stream().toList())
          .isEqualTo(map.containsKey(element.key()) ? List.of(map.get(element.key())) : List.of());
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aDifferenceIsWhatOneHasAndTheOtherHasNot(long seed) {
    Random random = new Random(seed);
    Elements before = Elements.of(some(random, random.nextInt(PODS)));
    Elements related = before.with(some(random, 3), some(random, 3));
    Elements stranger = Elements.of(some(random, random.nextInt(PODS)));
    for (Elements after : List.of(before, related, stranger, Elements.NONE)) {
      assertDifference(before, after);
      assertDifference(after, before);
    }
  }

  private static void assertDifference(Elements before, Elements after) {
    Elements.Changes difference = before.to(after);
    SortedMap<Element.Key, Element> old = map(before.toList());
    SortedMap<Element.Key, Element> fresh = map(after.toList());
    assertThat(difference.added())
        .isEqualTo(after.stream().filter(e -> !e.equals(old.get(e.key()))).toList());
    assertThat(difference.replaced())
        .isEqualTo(
            before.stream()
                .filter(e -> fresh.containsKey(e.key()) && !e.equals(fresh.get(e.key())))
                .toList());
    assertThat(difference.obsolete())
        .isEqualTo(before.stream().filter(e -> !fresh.containsKey(e.key())).toList());
    assertThat(before.with(difference.obsolete(), difference.added())).isEqualTo(after);
    assertThat(difference.isEmpty()).isEqualTo(before.equals(after));
  }

  private static SortedMap<Element.Key, Element> map(Collection<Element> elements) {
    SortedMap<Element.Key, Element> map = new TreeMap<>();
    elements.forEach(element -> map.put(element.key(), element));
    return map;
  }

  private static List<Element> some(Random random, int count) {
    return random.ints(count, 0, PODS).mapToObj(i -> pod(i, 1 + random.nextInt(3))).toList();
  }

  private static Element pod(int index, int endpointClass) {
    return Element.podClass(new Ipv4Address(index), new ClassNumber(endpointClass));
  }
}
