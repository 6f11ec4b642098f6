package io.egressgateway.node.netlink.wire.nft;

import java.util.Optional;

/**
 * What a change of the ruleset is about.
 *
 * @param chain if it is about a chain or one of its rules
 */
public record NftSubject(TableId table, Optional<String> chain) {}
