/**
 * How long an egress IP is away when its node dies, is drained or hangs, and what happens to
 * packets when the control plane is gone: the figures that the product has to reach, each beside
 * its bar.
 */
@NullMarked
package io.egressgateway.load.bench.failover;

import org.jspecify.annotations.NullMarked;
