/**
 * Notices at once that the process of another controller has ended. It tells Akka's failure
 * detector, and decides nothing: what becomes of the member is the split brain resolver's business.
 */
@NullMarked
package io.egressgateway.policy.member;

import org.jspecify.annotations.NullMarked;
