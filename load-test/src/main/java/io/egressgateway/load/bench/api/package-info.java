/** Benchmarks before a Kubernetes API, without a lab. */
@NullMarked
package io.egressgateway.load.bench.api;

import org.jspecify.annotations.NullMarked;
