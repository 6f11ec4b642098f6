package io.egressgateway.core.collection;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToIntFunction;

/** A way through a tree in order, which may pass by whole parts of it. Not thread-safe. */
final class TreeWalk<E> implements Iterator<E> {
  /** What is ahead, the nearest last. */
  private final List<Tree.Fork<E>> ahead = new ArrayList<>();

  /** Of which of them all is ahead, and not only the member at the root. */
  private final BitSet whole = new BitSet();

  /** From the first member on. */
  static <E> TreeWalk<E> all(Tree<E> tree) {
    TreeWalk<E> walk = new TreeWalk<>();
    walk.push(tree);
    return walk;
  }

  /**
   * From a place on.
   *
   * @param place below zero if it is before the member, zero if it is the member's
   */
  static <E> TreeWalk<E> from(Tree<E> tree, ToIntFunction<? super E> place) {
    TreeWalk<E> walk = new TreeWalk<>();
    Tree<E> next = tree;
    while (next instanceof Tree.Fork<E> fork) {
      if (place.applyAsInt(fork.member()) <= 0) {
        walk.push(fork.higher());
        walk.pushMember(fork);
        next = fork.lower();
      } else {
        next = fork.higher();
      }
    }
    return walk;
  }

  private void push(Tree<E> tree) {
    if (tree instanceof Tree.Fork<E> fork) {
      whole.set(ahead.size());
      ahead.add(fork);
    }
  }

  private void pushMember(Tree.Fork<E> fork) {
    whole.clear(ahead.size());
    ahead.add(fork);
  }

  @Override
  public boolean hasNext() {
    return !ahead.isEmpty();
  }

  @Override
  public E next() {
    while (isAtTree()) {
      open();
    }
    return ahead.removeLast().member();
  }

  /** Whether a whole tree is next, which {@link #open} takes apart and {@link #skip} passes by. */
  boolean isAtTree() {
    return hasNext() && whole.get(ahead.size() - 1);
  }

  /** The very same one: comparing what is in it is what this saves. */
  @SuppressWarnings("ReferenceEquality")
  boolean isAtSameTreeAs(TreeWalk<E> other) {
    return isAtTree() && other.isAtTree() && ahead.getLast() == other.ahead.getLast();
  }

  /** Of the tree that is next. */
  int treeSize() {
    return ahead.getLast().size();
  }

  /** The next member; there is one and it stands alone. */
  E peek() {
    return ahead.getLast().member();
  }

  void skip() {
    ahead.removeLast();
  }

  void open() {
    Tree.Fork<E> tree = ahead.removeLast();
    push(tree.higher());
    pushMember(tree);
    push(tree.lower());
  }
}
