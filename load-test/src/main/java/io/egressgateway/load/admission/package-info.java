/**
 * The product's webhooks in this process, before a Kubernetes API of which nothing else is asked.
 */
@NullMarked
package io.egressgateway.load.admission;

import org.jspecify.annotations.NullMarked;
