package io.egressgateway.node.flow;

import com.google.protobuf.ByteString;
import io.egressgateway.core.model.NodeName;

/**
 * What is new of an egress IP's connections, for a node that may have to go on with them.
 *
 * @param node that gets it, or that it comes from
 * @param stream another one after each start of the sender
 * @param round counted up by the sender, once a second
 * @param flows a {@code FlowBatch} of link.proto
 */
public record FlowReplica(
    HandedEip eip, NodeName node, long stream, long round, ByteString flows) {}
