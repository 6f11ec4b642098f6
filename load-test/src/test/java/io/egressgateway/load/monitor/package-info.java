/** Tests of what operators look at: metrics, alerts and dashboards fit together. */
@NullMarked
package io.egressgateway.load.monitor;

import org.jspecify.annotations.NullMarked;
