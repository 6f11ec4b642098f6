/**
 * The fault matrix: real processes, real kernels, oracles. What has a lab needs root; what is about
 * objects only has a real kube-apiserver and a controller.
 */
@NullMarked
package io.egressgateway.load.failover;

import org.jspecify.annotations.NullMarked;
