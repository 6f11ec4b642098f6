package io.egressgateway.node.flow;

import io.egressgateway.core.model.NodeName;

/**
 * An egress IP whose connections another node is to be told of all the time.
 *
 * @param to the node that would go on with them
 */
public record Replicated(HandedEip eip, NodeName to) {}
