package io.egressgateway.k8s.crd;

import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.HasMetadata;

/** A policy of either scope. Read as its own type, not as whatever kind the text names. */
@JsonDeserialize(using = JsonDeserializer.None.class)
public sealed interface EgressPolicyResource extends HasMetadata
    permits EgressPolicy, EgressClusterPolicy {}
