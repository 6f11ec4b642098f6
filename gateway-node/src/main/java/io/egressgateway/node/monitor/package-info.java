/** What an agent shows of itself: its metrics, and whether it does what it is for. */
@NullMarked
package io.egressgateway.node.monitor;

import org.jspecify.annotations.NullMarked;
