@NullMarked
package io.egressgateway.node.flow;

import org.jspecify.annotations.NullMarked;
