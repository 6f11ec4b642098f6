/**
 * The user guide's objects and the steps that lead to its packet, for the demo, the benchmarks and
 * the end-to-end tests. It reads what the product says through the API, as a user would.
 */
@NullMarked
package io.egressgateway.load.lab.guide;

import org.jspecify.annotations.NullMarked;
