/**
 * What gateways, policies, egress IPs, nodes and number spaces decide, as pure functions: a command
 * and a state give events and effects, an event and a state give the next state. Nothing here reads
 * a clock, sends a message or knows that actors exist.
 */
@NullMarked
package io.egressgateway.policy.domain;

import org.jspecify.annotations.NullMarked;
