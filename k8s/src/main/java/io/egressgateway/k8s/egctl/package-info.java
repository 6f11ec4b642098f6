/**
 * The operator's command line. It writes wishes into the Kubernetes API as annotations, where
 * access rights and the audit log apply to them, and waits for what becomes of them; it speaks to
 * no controller and decides nothing.
 */
@NullMarked
package io.egressgateway.k8s.egctl;

import org.jspecify.annotations.NullMarked;
