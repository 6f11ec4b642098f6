package io.egressgateway.node.kernel;

import java.util.List;
import java.util.Optional;

/**
 * A search tree of elements by their keys, balanced by weight (Adams, "Efficient sets: a balancing
 * act", 1993; the two constants as Hirai and Yamamoto proved them right, 2011). A change copies the
 * way from the root to where it happens and shares the rest.
 */
sealed interface ElementTree {
  /** How many times as heavy as the other one side may be. */
  int WEIGHT_RATIO_MAX = 3;

  /** From this ratio within the heavier side on, one rotation is not enough. */
  int DOUBLE_ROTATION_RATIO = 2;

  /** The tree of nothing. */
  enum Leaf implements ElementTree {
    LEAF;

    @Override
    public int size() {
      return 0;
    }
  }

  /** An element, and those before and behind it. */
  record Fork(Element element, ElementTree lower, ElementTree higher, int size)
      implements ElementTree {}

  /** How many elements there are. */
  int size();

  /** A tree of elements that are in the order of their keys, each key once. */
  static ElementTree ofSorted(List<Element> elements) {
    if (elements.isEmpty()) {
      return Leaf.LEAF;
    }
    int middle = elements.size() / 2;
    return fork(
        elements.get(middle),
        ofSorted(elements.subList(0, middle)),
        ofSorted(elements.subList(middle + 1, elements.size())));
  }

  /** The element of a key. */
  default Optional<Element> find(Element.Key key) {
    ElementTree tree = this;
    while (tree instanceof Fork(var element, var lower, var higher, var ignored)) {
      int order = key.compareTo(element.key());
      if (order == 0) {
        return Optional.of(element);
      }
      tree = order < 0 ? lower : higher;
    }
    return Optional.empty();
  }

  /** With this element, instead of one of the same key. */
  default ElementTree with(Element added) {
    return switch (this) {
      case Leaf leaf -> fork(added, leaf, leaf);
      case Fork(var element, var lower, var higher, var ignored) -> {
        int order = added.key().compareTo(element.key());
        if (order == 0) {
          yield fork(added, lower, higher);
        }
        yield order < 0
            ? balanced(element, lower.with(added), higher)
            : balanced(element, lower, higher.with(added));
      }
    };
  }

  /** Without the element of this key, if there is one. */
  default ElementTree without(Element.Key key) {
    return switch (this) {
      case Leaf leaf -> leaf;
      case Fork(var element, var lower, var higher, var ignored) -> {
        int order = key.compareTo(element.key());
        if (order == 0) {
          yield joined(lower, higher);
        }
        yield order < 0
            ? balanced(element, lower.without(key), higher)
            : balanced(element, lower, higher.without(key));
      }
    };
  }

  private static ElementTree joined(ElementTree lower, ElementTree higher) {
    if (!(higher instanceof Fork fork)) {
      return lower;
    }
    Element first = first(fork);
    return balanced(first, lower, higher.without(first.key()));
  }

  private static Element first(Fork fork) {
    Fork first = fork;
    while (first.lower() instanceof Fork lower) {
      first = lower;
    }
    return first.element();
  }

  private static ElementTree fork(Element element, ElementTree lower, ElementTree higher) {
    return new Fork(element, lower, higher, lower.size() + 1 + higher.size());
  }

  private static int weight(ElementTree tree) {
    return tree.size() + 1;
  }

  /** Of two sides of which one may have become heavier or lighter by one element. */
  private static ElementTree balanced(Element element, ElementTree lower, ElementTree higher) {
    if (higher instanceof Fork fork && weight(higher) > WEIGHT_RATIO_MAX * weight(lower)) {
      return raisedHigher(element, lower, fork);
    }
    if (lower instanceof Fork fork && weight(lower) > WEIGHT_RATIO_MAX * weight(higher)) {
      return raisedLower(element, fork, higher);
    }
    return fork(element, lower, higher);
  }

  private static ElementTree raisedHigher(Element element, ElementTree lower, Fork higher) {
    if (higher.lower() instanceof Fork inner
        && weight(inner) >= DOUBLE_ROTATION_RATIO * weight(higher.higher())) {
      return fork(
          inner.element(),
          fork(element, lower, inner.lower()),
          fork(higher.element(), inner.higher(), higher.higher()));
    }
    return fork(higher.element(), fork(element, lower, higher.lower()), higher.higher());
  }

  private static ElementTree raisedLower(Element element, Fork lower, ElementTree higher) {
    if (lower.higher() instanceof Fork inner
        && weight(inner) >= DOUBLE_ROTATION_RATIO * weight(lower.lower())) {
      return fork(
          inner.element(),
          fork(lower.element(), lower.lower(), inner.lower()),
          fork(element, inner.higher(), higher));
    }
    return fork(lower.element(), lower.lower(), fork(element, lower.higher(), higher));
  }
}
