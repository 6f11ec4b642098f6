/**
 * What a packet, a connection and a change cost in the kernel, however many policies there are:
 * ours beside the least that a tunnel with translation costs, and beside a rule and two sets for
 * each policy.
 */
@NullMarked
package io.egressgateway.load.bench.datapath;

import org.jspecify.annotations.NullMarked;
