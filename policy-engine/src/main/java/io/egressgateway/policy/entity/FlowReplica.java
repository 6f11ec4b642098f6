package io.egressgateway.policy.entity;

import com.google.protobuf.ByteString;

/**
 * What is new of the connections of an egress IP, on its way from the agent that holds it to one
 * that may have to go on with them. Controllers do not look into it.
 *
 * @param stream another one after each start of the sender
 * @param round counted up by the sender
 * @param flows a {@code FlowBatch} of link.proto, of {@link FlowParcel#BYTES_MAX} bytes at most
 */
public record FlowReplica(FlowParcel.Eip eip, long stream, long round, ByteString flows) {}
