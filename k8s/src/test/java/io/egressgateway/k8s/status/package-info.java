/** Tests of what the Kubernetes API shows of the engine's decisions. */
@NullMarked
package io.egressgateway.k8s.status;

import org.jspecify.annotations.NullMarked;
