/**
 * Random faults, one after the other and sometimes two at a time, while the oracles watch: for as
 * long as one likes, reproducible as far as the order of faults goes by its seed.
 */
@NullMarked
package io.egressgateway.load.soak;

import org.jspecify.annotations.NullMarked;
