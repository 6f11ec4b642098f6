package io.egressgateway.node.flow;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;

/** An egress IP whose connections are handed over. */
public record HandedEip(IpAddress address, EipNumber number) {}
