/** What a controller shows of itself and of the cluster: its metrics and its health. */
@NullMarked
package io.egressgateway.k8s.monitor;

import org.jspecify.annotations.NullMarked;
