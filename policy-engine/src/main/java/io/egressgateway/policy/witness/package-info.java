/**
 * Witnesses: a server that remembers in memory until when each gateway node's lease runs and whose
 * lease is revoked, and the controllers' client that collects votes of a majority of them. It holds
 * no lease, knows no egress IP and never decides who gets one.
 */
@NullMarked
package io.egressgateway.policy.witness;

import org.jspecify.annotations.NullMarked;
