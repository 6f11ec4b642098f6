/** Tests of the two Kubernetes APIs, through fabric8 and kubectl as their users see them. */
@NullMarked
package io.egressgateway.load.api;

import org.jspecify.annotations.NullMarked;
