/** Tests of the controller process: its command line, its settings, and that it starts. */
@NullMarked
package io.egressgateway.k8s.app;

import org.jspecify.annotations.NullMarked;
