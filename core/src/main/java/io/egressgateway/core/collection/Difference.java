package io.egressgateway.core.collection;

import java.util.Optional;

/**
 * What two collections have at the same key, where they differ.
 *
 * @param before of the first; empty if it has nothing there
 * @param after of the second; empty if it has nothing there, which is not so of both
 */
public record Difference<E>(Optional<E> before, Optional<E> after) {}
