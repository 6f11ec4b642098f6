/** Tests of what a survey makes of what it read; the one with a kernel is with the agent's. */
@NullMarked
package io.egressgateway.node.survey;

import org.jspecify.annotations.NullMarked;
