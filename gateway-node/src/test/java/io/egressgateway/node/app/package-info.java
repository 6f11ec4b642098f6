/** Tests of the package of the same name. */
@NullMarked
package io.egressgateway.node.app;

import org.jspecify.annotations.NullMarked;
