/**
 * Connections through an egress IP that follow it to another gateway node: which of the kernel's
 * entries are worth it, how they look there, and the courier that carries them. It decides nothing
 * about which node holds an egress IP.
 */
@NullMarked
package io.egressgateway.node.flow;

import org.jspecify.annotations.NullMarked;
