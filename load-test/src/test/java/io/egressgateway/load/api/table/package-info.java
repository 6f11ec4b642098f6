/** Tests of {@code api.table} by table. */
@NullMarked
package io.egressgateway.load.api.table;

import org.jspecify.annotations.NullMarked;
