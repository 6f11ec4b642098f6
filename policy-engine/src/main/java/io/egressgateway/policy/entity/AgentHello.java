package io.egressgateway.policy.entity;

import io.egressgateway.core.model.Revision;

/**
 * How an agent introduces itself.
 *
 * @param bootId changes with every boot of the node
 * @param incarnation grows with every start of the agent within one boot
 * @param applied the revision that the kernel has, zero for none
 * @param version of the agent's program
 */
public record AgentHello(String bootId, long incarnation, Revision applied, String version) {}
