/**
 * Answers, on a controller's management port, what was journalled of an egress IP or a policy, and
 * why an egress IP is where it is. It reads and asks; nothing can be changed through it.
 */
@NullMarked
package io.egressgateway.k8s.inspect;

import org.jspecify.annotations.NullMarked;
