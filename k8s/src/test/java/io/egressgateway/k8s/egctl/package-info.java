/** Tests of egctl against an API that keeps objects, and a controller that answers. */
@NullMarked
package io.egressgateway.k8s.egctl;

import org.jspecify.annotations.NullMarked;
