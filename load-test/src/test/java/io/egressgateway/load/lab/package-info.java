/** Tests of the lab itself and, in it, of the whole product. They need root. */
@NullMarked
package io.egressgateway.load.lab;

import org.jspecify.annotations.NullMarked;
