/**
 * The journal as people read it: which fact, when, from where to where, by what proof and why, as
 * pure functions of journalled events. It neither reads the journal nor decides anything.
 */
@NullMarked
package io.egressgateway.policy.history;

import org.jspecify.annotations.NullMarked;
