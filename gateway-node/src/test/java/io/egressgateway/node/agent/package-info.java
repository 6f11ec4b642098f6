/** Tests of the package of the same name, and what they build on. */
@NullMarked
package io.egressgateway.node.agent;

import org.jspecify.annotations.NullMarked;
