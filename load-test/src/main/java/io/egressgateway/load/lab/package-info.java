/**
 * A cluster of network namespaces on one machine: nodes, pods, a router and a server outside, with
 * the product's real processes in them. It plays kubelet and init system, and knows nothing of what
 * the product decides.
 */
@NullMarked
package io.egressgateway.load.lab;

import org.jspecify.annotations.NullMarked;
