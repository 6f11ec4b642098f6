package io.egressgateway.k8s.watch;

import io.egressgateway.k8s.translate.ClusterInfoReading;
import io.egressgateway.policy.domain.SpecVersion;

/** The EgressClusterInfo that counts, as the API has it. */
public record ClusterInfoObject(SpecVersion version, ClusterInfoReading reading) {}
