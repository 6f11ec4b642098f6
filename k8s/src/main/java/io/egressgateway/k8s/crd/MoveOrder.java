package io.egressgateway.k8s.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.jspecify.annotations.Nullable;

/**
 * The value of {@link ApiGroup#MOVE_ANNOTATION}, in JSON.
 *
 * @param vip the egress IP
 * @param targetNode name of the node that is to hold it
 * @param id of the order: one that has been carried out is not carried out again
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record MoveOrder(@Nullable String vip, @Nullable String targetNode, @Nullable String id) {}
