/**
 * What the Kubernetes API shows of the engine's decisions: statuses, tunnels, endpoint slices and
 * events. Projections are pure; {@code StatusWriter} writes them, and nothing here is ever read
 * back to decide anything.
 */
@NullMarked
package io.egressgateway.k8s.status;

import org.jspecify.annotations.NullMarked;
