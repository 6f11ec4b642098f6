/**
 * Typed clients of the kernel's routing, nf_tables and connection tables: each method is one
 * request, one dump or one transaction. They hold no state but their socket and decide nothing.
 */
@NullMarked
package io.egressgateway.node.netlink;

import org.jspecify.annotations.NullMarked;
