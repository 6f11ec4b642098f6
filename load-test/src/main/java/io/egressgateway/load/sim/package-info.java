/**
 * The ownership protocol in a world of virtual time: the product's own cores and ledger between
 * simulated processes, kernels, networks and a journal that fail in every way that is drawn. One
 * seed is one run, the same each time, bit for bit. Nothing here waits, and no thread is started
 * within a run.
 */
@NullMarked
package io.egressgateway.load.sim;

import org.jspecify.annotations.NullMarked;
