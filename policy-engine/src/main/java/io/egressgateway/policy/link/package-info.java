/**
 * The controllers' end of the link to the node agents: gRPC with mutual TLS, one session actor for
 * each stream. It carries plans and acknowledgements and never looks into a plan.
 */
@NullMarked
package io.egressgateway.policy.link;

import org.jspecify.annotations.NullMarked;
