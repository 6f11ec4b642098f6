package io.egressgateway.node.netlink.wire.nft;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * The ruleset's version: it grows by one with each committed transaction of anybody.
 *
 * @param id all 32 bits count; it wraps
 * @param processId of who committed it; only in notifications
 * @param processName of who committed it; only in notifications
 */
public record NftGeneration(int id, OptionalInt processId, Optional<String> processName) {}
