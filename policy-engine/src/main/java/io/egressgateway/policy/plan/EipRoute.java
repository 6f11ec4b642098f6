package io.egressgateway.policy.plan;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.NodeName;
import java.util.Optional;

/**
 * Where an egress IP is.
 *
 * @param number stands for the address in tunnelled packets
 * @param holder the node to send to; nobody means that the packets are dropped
 * @param epoch of the holder's assignment, or of the last one
 */
public record EipRoute(EipNumber number, Optional<NodeName> holder, Epoch epoch) {}
