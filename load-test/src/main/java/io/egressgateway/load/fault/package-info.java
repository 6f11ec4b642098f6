/**
 * What can go wrong in a lab, done on purpose and undone: power, processes, wires, filters, and
 * foreign hands in a node's kernel. Everything happens in the lab's own namespaces. The wall clock
 * cannot be changed there, since namespaces share it: clocks that jump or drift are the
 * simulator's.
 */
@NullMarked
package io.egressgateway.load.fault;

import org.jspecify.annotations.NullMarked;
