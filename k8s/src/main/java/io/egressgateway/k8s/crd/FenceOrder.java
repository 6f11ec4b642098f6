package io.egressgateway.k8s.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.jspecify.annotations.Nullable;

/**
 * The value of {@link ApiGroup#FENCE_ANNOTATION}, in JSON: somebody vouches that a machine is off.
 *
 * @param node name of the node; all that it holds, of whatever gateway, is given to others
 * @param by who vouches
 * @param reason what was done to be sure
 * @param id of the order
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record FenceOrder(
    @Nullable String node, @Nullable String by, @Nullable String reason, @Nullable String id) {}
