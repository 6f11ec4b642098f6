/**
 * Admission webhooks. Judges and completions are pure: an object, what it was before, and what is
 * known of the cluster give an answer in the same words that the reconciler puts into a condition.
 * What is known is reflected; no request waits for a call of the API.
 */
@NullMarked
package io.egressgateway.k8s.admission;

import org.jspecify.annotations.NullMarked;
