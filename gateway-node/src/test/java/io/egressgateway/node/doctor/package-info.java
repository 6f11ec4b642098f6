/** Tests of the package of the same name, and what they build on. */
@NullMarked
package io.egressgateway.node.doctor;

import org.jspecify.annotations.NullMarked;
