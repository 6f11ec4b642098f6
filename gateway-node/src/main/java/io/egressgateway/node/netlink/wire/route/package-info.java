/**
 * The rtnetlink objects (links, addresses, neighbours, routes, routing rules) as values, each with
 * the codec that writes its requests and reads the kernel's messages. It sends nothing.
 */
@NullMarked
package io.egressgateway.node.netlink.wire.route;

import org.jspecify.annotations.NullMarked;
