/**
 * What a container runtime does for a kubelet: runs the containers of a pod as processes in the
 * pod's network namespace, each in a root of its own, with exactly the command, environment,
 * volumes, capabilities and probes of the pod's spec. What it cannot run it refuses by name; it
 * never runs something else instead.
 */
@NullMarked
package io.egressgateway.load.lab.container;

import org.jspecify.annotations.NullMarked;
