/**
 * The lease protocol: who may hold egress IPs, for how long, and when it is certain that he does
 * not any more, as state machines from (event, now) to effects. It knows no clock, thread, socket
 * or kernel and draws no random numbers; the shells around it do.
 *
 * <p>What is not here: the journal's compare-and-set and the order "journal, then grant" (R8) are
 * the control plane's, as are R14 and R15; the time-out of the kernel's fence (R12) and the drop of
 * a stale write (R11) are the fence's.
 */
@NullMarked
package io.egressgateway.core.lease;

import org.jspecify.annotations.NullMarked;
