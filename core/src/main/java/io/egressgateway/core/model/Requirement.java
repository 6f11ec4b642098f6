package io.egressgateway.core.model;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One of a selector's {@code matchExpressions}; the constructors throw {@link
 * IllegalArgumentException} when key or values break the Kubernetes syntax, or when {@code In} or
 * {@code NotIn} has no value.
 */
public sealed interface Requirement {

  String key();

  boolean matches(Labels labels);

  /** The label is there and has one of the values. */
  record In(String key, SortedSet<String> values) implements Requirement {
    public In {
      checkKey(key);
      values = checkedValues("In", key, values);
    }

    @Override
    public boolean matches(Labels labels) {
      return labels.get(key).filter(value -> values.contains(value)).isPresent();
    }

    @Override
    public String toString() {
      return key + " in (" + String.join(",", values) + ")";
    }
  }

  /** The label is absent or has none of the values. */
  record NotIn(String key, SortedSet<String> values) implements Requirement {
    public NotIn {
      checkKey(key);
      values = checkedValues("NotIn", key, values);
    }

    @Override
    public boolean matches(Labels labels) {
      return labels.get(key).filter(value -> values.contains(value)).isEmpty();
    }

    @Override
    public String toString() {
      return key + " notin (" + String.join(",", values) + ")";
    }
  }

  /** The label is there, whatever its value. */
  record Exists(String key) implements Requirement {
    public Exists {
      checkKey(key);
    }

    @Override
    public boolean matches(Labels labels) {
      return labels.has(key);
    }

    @Override
    public String toString() {
      return key;
    }
  }

  /** The label is absent. */
  record DoesNotExist(String key) implements Requirement {
    public DoesNotExist {
      checkKey(key);
    }

    @Override
    public boolean matches(Labels labels) {
      return !labels.has(key);
    }

    @Override
    public String toString() {
      return "!" + key;
    }
  }

  static In in(String key, Collection<String> values) {
    return new In(key, new TreeSet<>(values));
  }

  static NotIn notIn(String key, Collection<String> values) {
    return new NotIn(key, new TreeSet<>(values));
  }

  private static void checkKey(String key) {
    KubernetesNames.require(KubernetesNames.labelKeyViolation(key));
  }

  private static SortedSet<String> checkedValues(
      String operator, String key, SortedSet<String> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException(
          "operator " + operator + " on key '" + key + "' needs at least one value");
    }
    values.forEach(value -> KubernetesNames.require(KubernetesNames.labelValueViolation(value)));
    SortedSet<String> copy = new TreeSet<>();
    copy.addAll(values);
    return Collections.unmodifiableSortedSet(copy);
  }
}
