package io.egressgateway.core.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CompactSetTest {
  private static final int ROUNDS = 300;
  private static final int KEYS = 12;

  @Test
  void isWhatATreeSetIs() {
    Random random = new Random(1);
    for (int round = 0; round < ROUNDS; round++) {
      List<Integer> members = random.ints(random.nextInt(KEYS), 0, KEYS).boxed().toList();
      int from = random.nextInt(KEYS);
      int to = from + random.nextInt(KEYS);

      TreeSet<Integer> expected = new TreeSet<>(members);
      SortedSet<Integer> set = CompactSet.copyOf(members);

      assertAlike(set, expected);
      assertAlike(set.headSet(to), expected.headSet(to));
      assertAlike(set.tailSet(from), expected.tailSet(from));
      assertAlike(set.subSet(from, to), expected.subSet(from, to));
    }
  }

  private static void assertAlike(SortedSet<Integer> set, SortedSet<Integer> expected) {
    assertThat(set).containsExactlyElementsOf(expected).hasSameHashCodeAs(expected);
    assertThat(set.equals(expected) && expected.equals(set)).isTrue();
    assertThat(set.equals(CompactSet.copyOf(expected))).isTrue();
    assertThat(set).hasToString(expected.toString());
    for (int key = 0; key < KEYS; key++) {
      assertThat(set.contains(key)).isEqualTo(expected.contains(key));
    }
    if (expected.isEmpty()) {
      assertThatThrownBy(set::first).isInstanceOf(NoSuchElementException.class);
      assertThatThrownBy(set::last).isInstanceOf(NoSuchElementException.class);
    } else {
      assertThat(set.first()).isEqualTo(expected.first());
      assertThat(set.last()).isEqualTo(expected.last());
    }
  }

  @Test
  void differsFromSetsWithOtherMembers() {
    CompactSet<Integer> set = CompactSet.copyOf(List.of(1, 2));

    assertThat(set.equals(CompactSet.copyOf(List.of(1)))).isFalse();
    assertThat(set.equals(CompactSet.copyOf(List.of(1, 3)))).isFalse();
    assertThat(set.equals(new TreeSet<>(List.of(1, 3)))).isFalse();
    assertThat((Object) set).isNotEqualTo(CompactSet.copyOf(List.of("1", "2")));
  }

  @Test
  void isInNaturalOrderWhateverTheOrderOfItsOrigin() {
    TreeSet<Integer> descending = new TreeSet<>(Comparator.reverseOrder());
    descending.addAll(List.of(1, 2, 3));

    assertThat(CompactSet.copyOf(descending)).containsExactly(1, 2, 3);
  }

  @Test
  void doesNotChange() {
    TreeSet<Integer> origin = new TreeSet<>(List.of(1, 2));
    CompactSet<Integer> set = CompactSet.copyOf(origin);
    origin.add(3);

    assertThat(set).containsExactly(1, 2);
    assertThat(CompactSet.copyOf(set)).isSameAs(set);
    assertThatThrownBy(() -> set.add(3)).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> set.remove(1)).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(set::clear).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> set.removeIf(member -> member == 1))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> set.tailSet(2).remove(2))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void hasNoPartThatEndsBeforeItBegins() {
    CompactSet<Integer> set = CompactSet.copyOf(List.of(1, 2));

    assertThatIllegalArgumentException().isThrownBy(() -> set.subSet(2, 1));
  }
}
