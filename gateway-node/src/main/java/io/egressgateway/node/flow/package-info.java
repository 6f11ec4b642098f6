/**
 * Connections through an egress IP that follow it to another gateway node: which of the kernel's
 * entries are worth it, how they look there, the courier that carries them when it moves, and the
 * replicator that tells another node of them in case that this one crashes. It decides nothing
 * about which node holds an egress IP.
 */
@NullMarked
package io.egressgateway.node.flow;

import org.jspecify.annotations.NullMarked;
