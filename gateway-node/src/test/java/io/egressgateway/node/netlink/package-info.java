/** Tests of the netlink clients, the ones ending in IT in network namespaces of their own. */
@NullMarked
package io.egressgateway.node.netlink;

import org.jspecify.annotations.NullMarked;
