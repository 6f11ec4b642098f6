/**
 * Looks around in the node's kernel now and then: how much egress IPs carry, whether they have
 * ports left, and what others have in our way. It tells, and changes nothing.
 */
@NullMarked
package io.egressgateway.node.survey;

import org.jspecify.annotations.NullMarked;
