/**
 * A running cluster with the oracles watching, and the measured ways in which an egress IP goes
 * from one node to another. It is what the failover benchmark, the demo, the soak and the tests of
 * the fault matrix have in common.
 */
@NullMarked
package io.egressgateway.load.failover;

import org.jspecify.annotations.NullMarked;
