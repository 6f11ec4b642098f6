package io.egressgateway.policy.entity;

/**
 * Something an agent could not do to its kernel.
 *
 * @param operation what was being done
 * @param subject the object it was done to
 * @param reason the errno and the kernel's own words
 */
public record AgentFault(String operation, String subject, String reason) {}
