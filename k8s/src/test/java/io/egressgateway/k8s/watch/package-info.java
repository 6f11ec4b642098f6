/** Tests of the package of this name. */
@NullMarked
package io.egressgateway.k8s.watch;

import org.jspecify.annotations.NullMarked;
