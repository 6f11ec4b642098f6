/**
 * Single changes of the kernel by netlink beside the same changes by a forked {@code ip} or {@code
 * nft}, measured by JMH in a network namespace made for it. It knows nothing of nodes and plans.
 */
@NullMarked
package io.egressgateway.load.bench.netlink;

import org.jspecify.annotations.NullMarked;
