package io.egressgateway.core.model;

/**
 * What an EgressPolicy or EgressClusterPolicy asks for, checked and with every default filled in.
 *
 * @param destinations where the policy holds; empty means everything outside the cluster
 */
public record EgressPolicySpec(
    GatewayName gateway,
    EgressIpRequest request,
    Selection selection,
    CidrSet destinations,
    Priority priority) {}
