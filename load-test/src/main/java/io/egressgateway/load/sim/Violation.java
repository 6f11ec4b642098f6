package io.egressgateway.load.sim;

/**
 * An invariant that was broken.
 *
 * @param atNanos virtual time
 * @param lengthNanos for how long, as far as that is known
 */
record Violation(Invariant invariant, long atNanos, long lengthNanos, String what) {}
