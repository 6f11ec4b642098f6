package io.egressgateway.core.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PersistentSetTest {
  private static final int STEPS = 500;
  private static final int KEYS = 60;

  @Test
  void isAtEveryStepWhatATreeSetWouldBe() {
    Random random = new Random(1);
    TreeSet<Integer> expected = new TreeSet<>();
    PersistentSet<Integer> set = PersistentSet.copyOf(new TreeSet<Integer>());
    for (int step = 0; step < STEPS; step++) {
      int gone = random.nextInt(KEYS);
      int come = random.nextInt(KEYS);
      expected.remove(gone);
      expected.add(come);
      set = set.changed(List.of(gone), List.of(come));
      assertThat(set.equals(expected) && expected.equals(set)).isTrue();
      assertThat(set).hasSameSizeAs(expected).hasSameHashCodeAs(expected);
      assertThat(set.equals(PersistentSet.copyOf(expected))).isTrue();
      assertThat(set.first()).isEqualTo(expected.first());
      assertThat(set.last()).isEqualTo(expected.last());
      assertThat(set.contains(gone)).isEqualTo(expected.contains(gone));
      assertThat(set.headSet(gone)).isEqualTo(expected.headSet(gone));
    }
    assertThat(PersistentSet.copyOf(set)).isSameAs(set);
  }

  @Test
  void differencesAreItsMembers() {
    PersistentSet<Integer> before = PersistentSet.copyOf(new TreeSet<>(List.of(1, 2, 3)));
    PersistentSet<Integer> after = before.changed(List.of(2), List.of(4));

    assertThat(before.differencesTo(after))
        .extracting(difference -> difference.before().or(difference::after).orElseThrow())
        .containsExactly(2, 4);
    assertThat(before).containsExactly(1, 2, 3);
    assertThatThrownBy(() -> before.remove(1)).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(PersistentSet.copyOf(new TreeSet<Integer>())::last)
        .isInstanceOf(NoSuchElementException.class);
  }
}
