/**
 * The echo server and its client that show which source address a connection arrives with. The JDK
 * is all it needs; it knows nothing of Kubernetes or of gateways.
 */
@NullMarked
package io.egressgateway.load.nettools;

import org.jspecify.annotations.NullMarked;
