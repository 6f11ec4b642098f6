package io.egressgateway.core.collection;

import java.util.HashMap;
import java.util.Map;

/**
 * Values that many objects have in common, each kept once. Not thread-safe.
 *
 * @param <T> not changed while it is here
 */
public final class SharedValues<T> {

  /** More are forgotten, all at once: what is not shared any more would stay for ever. */
  static final int VALUES_MAX = 10_000;

  private final Map<T, T> values = new HashMap<>();

  /** The first that was equal to this one, which is this one if there was none. */
  public T shared(T value) {
    T known = values.get(value);
    if (known != null) {
      return known;
    }
    if (values.size() == VALUES_MAX) {
      values.clear();
    }
    values.put(value, value);
    return value;
  }
}
