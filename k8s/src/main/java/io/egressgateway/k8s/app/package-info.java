/**
 * The controller process: command line, settings, and the one place where its parts are put
 * together. It decides nothing about gateways or policies.
 */
@NullMarked
package io.egressgateway.k8s.app;

import org.jspecify.annotations.NullMarked;
