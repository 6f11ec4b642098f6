/** Tests of {@code api.patch} by table. */
@NullMarked
package io.egressgateway.load.api.patch;

import org.jspecify.annotations.NullMarked;
