@NullMarked
package io.egressgateway.load.lab.container;

import org.jspecify.annotations.NullMarked;
