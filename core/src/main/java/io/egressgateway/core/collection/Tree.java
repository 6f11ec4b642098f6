package io.egressgateway.core.collection;

import java.util.List;

/**
 * A binary tree, balanced by weight (Adams, "Efficient sets: a balancing act", 1993; the two
 * constants as Hirai and Yamamoto proved them right, 2011). Never changes. It knows no order: who
 * calls puts members where they belong.
 */
sealed interface Tree<E> {
  /** How many times as heavy as the other one side may be. */
  int WEIGHT_RATIO_MAX = 3;

  /** From this ratio within the heavier side on, one rotation is not enough. */
  int DOUBLE_ROTATION_RATIO = 2;

  /** The tree of nothing. */
  record Leaf<E>() implements Tree<E> {
    private static final Leaf<?> ONLY = new Leaf<>();

    @Override
    public int size() {
      return 0;
    }
  }

  /** A member, and those before and behind it. */
  record Fork<E>(E member, Tree<E> lower, Tree<E> higher, int size) implements Tree<E> {}

  /** How many members there are. */
  int size();

  /** Nothing. */
  static <E> Tree<E> leaf() {
    // It has no members, so it is a tree of whatever one likes.
    @SuppressWarnings("unchecked")
    Leaf<E> leaf = (Leaf<E>) Leaf.ONLY;
    return leaf;
  }

  /** These members, in this order. */
  static <E> Tree<E> of(List<E> members) {
    if (members.isEmpty()) {
      return leaf();
    }
    int middle = members.size() / 2;
    return fork(
        members.get(middle),
        of(members.subList(0, middle)),
        of(members.subList(middle + 1, members.size())));
  }

  /** A member between two sides of about the same weight. */
  static <E> Fork<E> fork(E member, Tree<E> lower, Tree<E> higher) {
    return new Fork<>(member, lower, higher, lower.size() + 1 + higher.size());
  }

  /** A member between two sides that were balanced before one of them changed by one member. */
  static <E> Tree<E> balanced(E member, Tree<E> lower, Tree<E> higher) {
    if (higher instanceof Fork<E> fork && weight(higher) > WEIGHT_RATIO_MAX * weight(lower)) {
      return raisedHigher(member, lower, fork);
    }
    if (lower instanceof Fork<E> fork && weight(lower) > WEIGHT_RATIO_MAX * weight(higher)) {
      return raisedLower(member, fork, higher);
    }
    return fork(member, lower, higher);
  }

  /** Both sides of a fork, without what was between them. */
  static <E> Tree<E> joined(Tree<E> lower, Tree<E> higher) {
    return higher instanceof Fork<E> fork
        ? balanced(first(fork), lower, withoutFirst(fork))
        : lower;
  }

  /** The member before all others. */
  static <E> E first(Fork<E> tree) {
    Fork<E> first = tree;
    while (first.lower() instanceof Fork<E> lower) {
      first = lower;
    }
    return first.member();
  }

  /** The member behind all others. */
  static <E> E last(Fork<E> tree) {
    Fork<E> last = tree;
    while (last.higher() instanceof Fork<E> higher) {
      last = higher;
    }
    return last.member();
  }

  private static <E> Tree<E> withoutFirst(Fork<E> tree) {
    return tree.lower() instanceof Fork<E> lower
        ? balanced(tree.member(), withoutFirst(lower), tree.higher())
        : tree.higher();
  }

  private static int weight(Tree<?> tree) {
    return tree.size() + 1;
  }

  private static <E> Tree<E> raisedHigher(E member, Tree<E> lower, Fork<E> higher) {
    if (higher.lower() instanceof Fork<E> inner
        && weight(inner) >= DOUBLE_ROTATION_RATIO * weight(higher.higher())) {
      return fork(
          inner.member(),
          fork(member, lower, inner.lower()),
          fork(higher.member(), inner.higher(), higher.higher()));
    }
    return fork(higher.member(), fork(member, lower, higher.lower()), higher.higher());
  }

  private static <E> Tree<E> raisedLower(E member, Fork<E> lower, Tree<E> higher) {
    if (lower.higher() instanceof Fork<E> inner
        && weight(inner) >= DOUBLE_ROTATION_RATIO * weight(lower.lower())) {
      return fork(
          inner.member(),
          fork(lower.member(), lower.lower(), inner.lower()),
          fork(member, inner.higher(), higher));
    }
    return fork(lower.member(), lower.lower(), fork(member, lower.higher(), higher));
  }
}
