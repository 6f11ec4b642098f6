/**
 * How a process is watched while it runs: metrics, health, logs. Every role uses the same; what
 * there is to measure, each role lists for itself as {@link MetricFamily}. The only package that
 * knows the Prometheus library and the logging backend.
 */
@NullMarked
package io.egressgateway.core.monitor;

import org.jspecify.annotations.NullMarked;
