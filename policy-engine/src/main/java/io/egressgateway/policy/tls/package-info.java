/** TLS of the servers that agents and controllers come to: mutual, and renewed while they run. */
@NullMarked
package io.egressgateway.policy.tls;

import org.jspecify.annotations.NullMarked;
