/** The Helm chart: rendered, checked and installed by a real Helm. */
@NullMarked
package io.egressgateway.load.chart;

import org.jspecify.annotations.NullMarked;
