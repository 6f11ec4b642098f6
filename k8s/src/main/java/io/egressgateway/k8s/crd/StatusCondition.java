package io.egressgateway.k8s.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes condition ({@code metav1.Condition}).
 *
 * @param lastTransitionTime when {@code status} last changed: RFC 3339, UTC, whole seconds
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StatusCondition(
    @Required String lastTransitionTime,
    @Required String message,
    @Nullable Long observedGeneration,
    @Required String reason,
    @Required @Pattern("^(True|False|Unknown)$") String status,
    @Required String type) {}
