package io.egressgateway.policy.domain;

import io.egressgateway.core.model.Generation;

/**
 * Which object, and which version of its spec.
 *
 * @param uid of the Kubernetes object; another uid under the same name is another object
 * @param generation of the spec
 */
public record SpecVersion(String uid, Generation generation) {}
