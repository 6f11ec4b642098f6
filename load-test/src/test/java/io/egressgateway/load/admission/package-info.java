@NullMarked
package io.egressgateway.load.admission;

import org.jspecify.annotations.NullMarked;
