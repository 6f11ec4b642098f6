package io.egressgateway.core.collection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeyedTreeTest {
  private static final int SEEDS = 50;
  private static final int KEYS = 1_000;
  private static final int STEPS = 200;

  /** What a change and a comparison may look at for each change, of {@link #MANY} members. */
  private static final int STEPS_MAX = 200;

  private static final int MANY = 100_000;

  private record Member(int key, int value) {}

  static LongStream seeds() {
    return LongStream.range(0, SEEDS);
  }

  private static List<Member> some(Random random, int count) {
    return random.ints(count, 0, KEYS).mapToObj(key -> new Member(key, random.nextInt(3))).toList();
  }

  private static KeyedTree<Integer, Member> tree(List<Member> members) {
    return KeyedTree.of(Member::key, members);
  }

  private static List<Member> list(KeyedTree<Integer, Member> tree) {
    List<Member> all = new ArrayList<>();
    tree.forEach(all::add);
    return all;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void changesLeadToWhatTheyLeadAMapTo(long seed) {
    Random random = new Random(seed);
    TreeMap<Integer, Member> map = new TreeMap<>();
    KeyedTree<Integer, Member> tree = KeyedTree.empty(Member::key);
    for (int step = 0; step < STEPS; step++) {
      List<Integer> removed = some(random, random.nextInt(5)).stream().map(Member::key).toList();
      List<Member> added = some(random, random.nextInt(9));
      removed.forEach(map::remove);
      added.forEach(member -> map.put(member.key(), member));
      tree = tree.changed(removed, added);
      assertThat(list(tree)).isEqualTo(List.copyOf(map.values()));
      assertBalanced(tree.root());
    }
    assertThat(tree).isEqualTo(tree(List.copyOf(map.values())));
    assertThat(tree).hasSameHashCodeAs(tree(List.copyOf(map.values())));
    for (int key = 0; key < KEYS; key++) {
      assertThat(tree.find(key).orElse(null)).isEqualTo(map.get(key));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void differencesAreWhatOneHasAndTheOtherHasNot(long seed) {
    Random random = new Random(seed);
    KeyedTree<Integer, Member> before = tree(some(random, random.nextInt(KEYS)));
    KeyedTree<Integer, Member> related =
        before.changed(List.of(random.nextInt(KEYS)), some(random, 3));
    KeyedTree<Integer, Member> stranger = tree(some(random, random.nextInt(KEYS)));
    for (KeyedTree<Integer, Member> after : List.of(before, related, stranger, tree(List.of()))) {
      Map<Integer, Member> rebuilt = new TreeMap<>();
      before.forEach(member -> rebuilt.put(member.key(), member));
      int last = -1;
      for (Difference<Member> difference : before.differencesTo(after)) {
        assertThat(difference.before()).isNotEqualTo(difference.after());
        difference.before().ifPresent(member -> rebuilt.remove(member.key()));
        difference.after().ifPresent(member -> rebuilt.put(member.key(), member));
        int key = difference.before().or(difference::after).orElseThrow().key();
        assertThat(key).isGreaterThan(last);
        last = key;
      }
      assertThat(List.copyOf(rebuilt.values())).isEqualTo(list(after));
      assertThat(before.equals(after)).isEqualTo(list(before).equals(list(after)));
    }
  }

  @Test
  void aTreeStaysBalancedUnderTheHardestOfChanges() {
    KeyedTree<Integer, Member> tree = KeyedTree.empty(Member::key);
    for (int key = 0; key < KEYS; key++) {
      tree = tree.with(new Member(key, 0));
      assertBalanced(tree.root());
    }
    // From one side only.
    for (int key = 0; key < KEYS; key++) {
      tree = tree.without(key);
      assertBalanced(tree.root());
    }
    assertThat(tree.isEmpty()).isTrue();
  }

  /** Counted, not timed: the keys that are looked at. */
  @Test
  void aChangeAndItsDifferenceCostNoMoreTheMoreThereIs() {
    int[] looks = {0};
    KeyedTree<Integer, Member> tree =
        KeyedTree.of(
            member -> {
              looks[0]++;
              return member.key();
            },
            IntStream.range(0, MANY).mapToObj(key -> new Member(2 * key, 0)).toList());
    looks[0] = 0;
    KeyedTree<Integer, Member> changed =
        tree.changed(List.of(10), List.of(new Member(MANY + 1, 1)));
    assertThat(tree.differencesTo(changed)).hasSize(2);
    assertThat(tree.equals(changed)).isFalse();
    assertThat(looks[0]).isBetween(1, STEPS_MAX);
  }

  @Test
  void treesOfOtherKeysAreOthers() {
    Object words = KeyedTree.<String, String>of(word -> word, List.of("a"));
    Object numbers = tree(List.of(new Member(1, 1)));

    assertThat(words).isNotEqualTo(numbers);
    assertThat(numbers).isNotEqualTo(words);
  }

  private static void assertBalanced(Tree<Member> tree) {
    if (tree instanceof Tree.Fork<Member>(var ignored, var lower, var higher, int size)) {
      int light = 1 + Math.min(lower.size(), higher.size());
      int heavy = 1 + Math.max(lower.size(), higher.size());
      assertThat(heavy).isLessThanOrEqualTo(Tree.WEIGHT_RATIO_MAX * light);
      assertThat(size).isEqualTo(lower.size() + 1 + higher.size());
      assertBalanced(lower);
      assertBalanced(higher);
    }
  }
}
