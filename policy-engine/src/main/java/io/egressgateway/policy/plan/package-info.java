/**
 * Allocation of addresses, their placement on nodes and the merge of everything that concerns a
 * node into its plan, as pure functions whose result does not depend on the order of their input.
 * It neither sends a plan nor knows who receives it.
 */
@NullMarked
package io.egressgateway.policy.plan;

import org.jspecify.annotations.NullMarked;
