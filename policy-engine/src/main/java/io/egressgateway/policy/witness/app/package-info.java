/**
 * The witness as a process: its command line and its clock. Nothing is decided here but which part
 * gets which setting.
 */
@NullMarked
package io.egressgateway.policy.witness.app;

import org.jspecify.annotations.NullMarked;
