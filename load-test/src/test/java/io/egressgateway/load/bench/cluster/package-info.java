@NullMarked
package io.egressgateway.load.bench.cluster;

import org.jspecify.annotations.NullMarked;
