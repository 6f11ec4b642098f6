/**
 * The entities of the cluster: event-sourced, sharded shells around the decisions of {@code
 * policy.domain}, and the messages they exchange. They route, persist, repeat and answer; they
 * decide nothing themselves and know neither Kubernetes nor the wire to the agents.
 */
@NullMarked
package io.egressgateway.policy.entity;

import org.jspecify.annotations.NullMarked;
