/** Tests of the custom resources, and the generation of their definitions. */
@NullMarked
package io.egressgateway.k8s.crd;

import org.jspecify.annotations.NullMarked;
