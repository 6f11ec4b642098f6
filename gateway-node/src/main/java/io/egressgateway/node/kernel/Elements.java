package io.egressgateway.node.kernel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The elements of a table, in the order of their keys, one for each key. Immutable: a change makes
 * others that have all in common with these but what changed, so that neither the change nor the
 * {@link Difference} of the two costs more the more elements there are.
 */
public final class Elements implements Iterable<Element> {
  /** No elements at all. */
  public static final Elements NONE = new Elements(ElementTree.Leaf.LEAF);

  /** With fewer elements for each change, making all anew is cheaper. */
  private static final int REBUILD_BELOW = 8;

  private final ElementTree root;

  private Elements(ElementTree root) {
    this.root = root;
  }

  /** These elements; of two with the same key the later one. */
  public static Elements of(Collection<Element> elements) {
    List<Element> sorted = new ArrayList<>(elements);
    sorted.sort(Comparator.comparing(Element::key));
    List<Element> last = new ArrayList<>(sorted.size());
    for (Element element : sorted) {
      if (!last.isEmpty() && last.getLast().key().equals(element.key())) {
        last.removeLast();
      }
      last.add(element);
    }
    return new Elements(ElementTree.ofSorted(last));
  }

  /** First the keys of {@code removed} go, then the others come or replace those of their keys. */
  public Elements with(Collection<Element> removed, Collection<Element> added) {
    if (size() < REBUILD_BELOW * (removed.size() + added.size())) {
      return rebuilt(removed, added);
    }
    ElementTree changed = root;
    for (Element element : removed) {
      changed = changed.without(element.key());
    }
    for (Element element : added) {
      changed = changed.with(element);
    }
    return new Elements(changed);
  }

  private Elements rebuilt(Collection<Element> removed, Collection<Element> added) {
    Set<Element.Key> gone = new HashSet<>();
    removed.forEach(element -> gone.add(element.key()));
    List<Element> all = new ArrayList<>(size() + added.size());
    for (Element element : this) {
      if (gone.isEmpty() || !gone.contains(element.key())) {
        all.add(element);
      }
    }
    all.addAll(added);
    return of(all);
  }

  /** The element of a key. */
  public Optional<Element> get(Element.Key key) {
    return root.find(key);
  }

  /** How many there are. */
  public int size() {
    return root.size();
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return size() == 0;
  }

  /** In the order of their keys. */
  public Stream<Element> stream() {
    return StreamSupport.stream(spliterator(), false);
  }

  /** In the order of their keys. */
  public List<Element> toList() {
    List<Element> all = new ArrayList<>(size());
    forEach(all::add);
    return Collections.unmodifiableList(all);
  }

  /** In the order of their keys. */
  @Override
  public Iterator<Element> iterator() {
    Walk walk = new Walk(root);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return !walk.isDone();
      }

      @Override
      public Element next() {
        if (walk.isDone()) {
          throw new NoSuchElementException();
        }
        while (walk.isAtTree()) {
          walk.open();
        }
        return walk.take();
      }
    };
  }

  /**
   * What makes one collection of elements another. Each list is in the order of keys.
   *
   * @param added what the other has and the first has not, or not with this value
   * @param replaced what the first has at keys of {@code added}
   * @param obsolete what the first has at keys that the other has not
   */
  public record Difference(List<Element> added, List<Element> replaced, List<Element> obsolete) {
    /** Whether both are the same. */
    public boolean isEmpty() {
      return added.isEmpty() && obsolete.isEmpty();
    }
  }

  /** What makes these elements {@code next}. What both have in common is not looked at. */
  public Difference to(Elements next) {
    Difference difference = new Difference(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    Walk from = new Walk(root);
    Walk to = new Walk(next.root);
    while (!from.isDone() || !to.isDone()) {
      if (from.isAtSameTreeAs(to)) {
        from.skip();
        to.skip();
      } else if (from.isAtTree() && (!to.isAtTree() || from.size() >= to.size())) {
        from.open();
      } else if (to.isAtTree()) {
        to.open();
      } else {
        step(from, to, difference);
      }
    }
    return difference;
  }

  /** Neither stands before a tree. */
  private static void step(Walk from, Walk to, Difference difference) {
    if (to.isDone()) {
      difference.obsolete().add(from.take());
      return;
    }
    if (from.isDone()) {
      difference.added().add(to.take());
      return;
    }
    int order = from.element().key().compareTo(to.element().key());
    if (order < 0) {
      difference.obsolete().add(from.take());
    } else if (order > 0) {
      difference.added().add(to.take());
    } else {
      Element before = from.take();
      Element after = to.take();
      if (!before.value().equals(after.value())) {
        difference.replaced().add(before);
        difference.added().add(after);
      }
    }
  }

  /** A way through a tree in order, which may pass by whole parts of it. */
  private static final class Walk {
    /** What is still ahead: trees that are closed, and elements that stand alone. */
    private final Deque<Object> ahead = new ArrayDeque<>();

    Walk(ElementTree root) {
      push(root);
    }

    private void push(ElementTree tree) {
      if (tree instanceof ElementTree.Fork) {
        ahead.push(tree);
      }
    }

    boolean isDone() {
      return ahead.isEmpty();
    }

    boolean isAtTree() {
      return ahead.peek() instanceof ElementTree;
    }

    /** The very same one: comparing what is in it is what this saves. */
    @SuppressWarnings("ReferenceEquality")
    boolean isAtSameTreeAs(Walk other) {
      return isAtTree() && ahead.peek() == other.ahead.peek();
    }

    ElementTree tree() {
      return ahead.peek() instanceof ElementTree tree ? tree : ElementTree.Leaf.LEAF;
    }

    int size() {
      return tree().size();
    }

    Element element() {
      return (Element) ahead.element();
    }

    Element take() {
      return (Element) ahead.pop();
    }

    void skip() {
      ahead.pop();
    }

    void open() {
      if (ahead.pop()
          instanceof ElementTree.Fork(var element, var lower, var higher, var ignored)) {
        push(higher);
        ahead.push(element);
        push(lower);
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Elements elements
        && elements.size() == size()
        && to(elements).isEmpty();
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (Element element : this) {
      hash = 31 * hash + element.hashCode();
    }
    return hash;
  }

  @Override
  public String toString() {
    return toList().toString();
  }
}
