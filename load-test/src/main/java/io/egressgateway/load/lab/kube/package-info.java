/**
 * The parts of a cluster that are not the product: nodes that are registered, pods that get an
 * address. It stands in for kubelet, scheduler and deployment controller, and writes nothing else.
 */
@NullMarked
package io.egressgateway.load.lab.kube;

import org.jspecify.annotations.NullMarked;
