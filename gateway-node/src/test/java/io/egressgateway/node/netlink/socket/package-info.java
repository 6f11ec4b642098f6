/**
 * Tests of the native edge: the pure parts anywhere, the rest in network namespaces of their own.
 */
@NullMarked
package io.egressgateway.node.netlink.socket;

import org.jspecify.annotations.NullMarked;
