/**
 * The nf_tables objects and expressions as values, with the codecs for the messages of a batch and
 * for the kernel's dumps. It decides nothing about which rules a node should have.
 */
@NullMarked
package io.egressgateway.node.netlink.wire.nft;

import org.jspecify.annotations.NullMarked;
