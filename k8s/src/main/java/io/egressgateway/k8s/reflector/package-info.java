/**
 * What the Kubernetes API has of one kind, followed as closely as it lets us: listed, watched, and
 * not believed at once when it says that much of it is gone.
 */
@NullMarked
package io.egressgateway.k8s.reflector;

import org.jspecify.annotations.NullMarked;
