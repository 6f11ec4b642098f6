/**
 * The benchmarks, by name: which there are, and how they are started and printed. No test asserts
 * what they find; they compare it with a bar and with something that was run beside.
 */
@NullMarked
package io.egressgateway.load.bench;

import org.jspecify.annotations.NullMarked;
