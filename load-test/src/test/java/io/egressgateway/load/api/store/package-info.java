/** Tests of {@code api.store} by table. */
@NullMarked
package io.egressgateway.load.api.store;

import org.jspecify.annotations.NullMarked;
