/**
 * The operator's command line. It writes wishes into the Kubernetes API as annotations, where
 * access rights and the audit log apply to them, and waits for what becomes of them. It decides
 * nothing, and asks a controller only about what was and why.
 */
@NullMarked
package io.egressgateway.k8s.egctl;

import org.jspecify.annotations.NullMarked;
