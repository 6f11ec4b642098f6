/**
 * A Kubernetes API that misbehaves: a real one behind a proxy that does to requests, answers and
 * watches what a test tells it to.
 */
@NullMarked
package io.egressgateway.load.api.fault;

import org.jspecify.annotations.NullMarked;
