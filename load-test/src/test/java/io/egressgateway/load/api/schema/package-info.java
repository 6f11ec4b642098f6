/** Tests of {@code api.schema} by table. */
@NullMarked
package io.egressgateway.load.api.schema;

import org.jspecify.annotations.NullMarked;
