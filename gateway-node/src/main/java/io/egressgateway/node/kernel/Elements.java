package io.egressgateway.node.kernel;

import io.egressgateway.core.collection.Difference;
import io.egressgateway.core.collection.KeyedTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The elements of a table, in the order of their keys, one for each key. Immutable: a change makes
 * others that have all in common with these but what changed, so that neither the change nor the
 * {@link Changes} from one to the other cost more the more elements there are.
 *
 * @param tree of the elements
 */
public record Elements(KeyedTree<Element.Key, Element> tree) implements Iterable<Element> {
  /** No elements at all. */
  public static final Elements NONE = new Elements(KeyedTree.empty(Element::key));

  /** These elements; of two with the same key the later one. */
  public static Elements of(Collection<Element> elements) {
    return new Elements(KeyedTree.of(Element::key, elements));
  }

  /** First the keys of {@code removed} go, then the others come or replace those of their keys. */
  public Elements with(Collection<Element> removed, Collection<Element> added) {
    return new Elements(tree.changed(removed.stream().map(Element::key).toList(), added));
  }

  /** The same, but for sets of a kind exactly these. */
  public Elements having(Predicate<LookupSet> kind, Collection<Element> exactly) {
    Map<Element.Key, Element> added = new HashMap<>();
    exactly.forEach(element -> added.put(element.key(), element));
    List<Element> removed = new ArrayList<>();
    for (Element element : this) {
      if (kind.test(element.set()) && !added.remove(element.key(), element)) {
        removed.add(element);
      }
    }
    return with(removed, added.values());
  }

  /** The element of a key. */
  public Optional<Element> get(Element.Key key) {
    return tree.find(key);
  }

  /** How many there are. */
  public int size() {
    return tree.size();
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return tree.isEmpty();
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
    return tree.iterator();
  }

  /**
   * What makes one collection of elements another. Each list is in the order of keys.
   *
   * @param added what the other has and the first has not, or not with this value
   * @param replaced what the first has at keys of {@code added}
   * @param obsolete what the first has at keys that the other has not
   */
  public record Changes(List<Element> added, List<Element> replaced, List<Element> obsolete) {
    /** Whether both are the same. */
    public boolean isEmpty() {
      return added.isEmpty() && obsolete.isEmpty();
    }
  }

  /** What makes these elements {@code next}. What both have in common is not looked at. */
  public Changes to(Elements next) {
    Changes changes = new Changes(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Difference<Element> difference : tree.differencesTo(next.tree)) {
      difference.after().ifPresent(changes.added()::add);
      difference
          .before()
          .ifPresent(
              (difference.after().isPresent() ? changes.replaced() : changes.obsolete())::add);
    }
    return changes;
  }

  @Override
  public String toString() {
    return tree.toString();
  }
}
