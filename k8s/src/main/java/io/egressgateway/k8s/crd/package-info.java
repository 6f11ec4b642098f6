/**
 * The custom resources of {@code egressgateway.spidernet.io/v1beta1} as Java types, and their
 * definitions. The types hold what the API server stores, however wrong: checking is for {@code
 * k8s.translate}.
 */
@NullMarked
package io.egressgateway.k8s.crd;

import org.jspecify.annotations.NullMarked;
