/**
 * From what happens in the Kubernetes API to what the entities are told: what is reflected, the
 * indexes that keep an event cheap, and the one watcher of the cluster. It decides nothing about
 * addresses and writes nothing but the defaults that a user left out.
 */
@NullMarked
package io.egressgateway.k8s.watch;

import org.jspecify.annotations.NullMarked;
