package io.egressgateway.policy.entity;

/**
 * Marks the messages that may cross from one controller to another. They are written as CBOR by
 * Akka's Jackson serializer; core values go as their text.
 */
public interface ClusterMessage {}
