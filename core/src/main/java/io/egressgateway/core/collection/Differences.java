package io.egressgateway.core.collection;

import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/** Walks along two trees at once; parts that they share are passed by. */
final class Differences<E> implements Iterator<Difference<E>> {
  private final Comparator<? super E> order;
  private final TreeWalk<E> before;
  private final TreeWalk<E> after;
  private Optional<Difference<E>> next;

  /** Both trees are in this order. */
  Differences(Comparator<? super E> order, Tree<E> before, Tree<E> after) {
    this.order = order;
    this.before = TreeWalk.all(before);
    this.after = TreeWalk.all(after);
    this.next = search();
  }

  @Override
  public boolean hasNext() {
    return next.isPresent();
  }

  @Override
  public Difference<E> next() {
    Difference<E> found = next.orElseThrow(NoSuchElementException::new);
    next = search();
    return found;
  }

  private Optional<Difference<E>> search() {
    Optional<Difference<E>> found = Optional.empty();
    while (found.isEmpty() && (before.hasNext() || after.hasNext())) {
      if (before.isAtSameTreeAs(after)) {
        before.skip();
        after.skip();
      } else if (before.isAtTree()
          && (!after.isAtTree() || before.treeSize() >= after.treeSize())) {
        before.open();
      } else if (after.isAtTree()) {
        after.open();
      } else {
        found = step();
      }
    }
    return found;
  }

  /** Neither walk stands before a tree, and one of them has not ended. */
  private Optional<Difference<E>> step() {
    int place = place();
    if (place < 0) {
      return Optional.of(new Difference<>(Optional.of(before.next()), Optional.empty()));
    }
    if (place > 0) {
      return Optional.of(new Difference<>(Optional.empty(), Optional.of(after.next())));
    }
    E old = before.next();
    E fresh = after.next();
    return old.equals(fresh)
        ? Optional.empty()
        : Optional.of(new Difference<>(Optional.of(old), Optional.of(fresh)));
  }

  /** The end comes behind everything. */
  private int place() {
    if (!before.hasNext()) {
      return 1;
    }
    return after.hasNext() ? order.compare(before.peek(), after.peek()) : -1;
  }
}
