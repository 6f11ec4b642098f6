package io.egressgateway.core.monitor;

import java.util.List;

final class SampleMetrics {
  static final MetricFamily MOVES =
      MetricFamily.counter("egressgateway_moves_total", "Moves.", "proof");
  static final MetricFamily STARTS = MetricFamily.counter("egressgateway_starts_total", "Starts.");
  static final MetricFamily PACKETS =
      MetricFamily.tally("egressgateway_packets_total", "Packets.", "direction");
  static final MetricFamily HELD = MetricFamily.gauge("egressgateway_held", "Held.", "eip");
  static final MetricFamily TOOK =
      MetricFamily.histogram("egressgateway_took_seconds", "How long it took.");

  static final List<MetricFamily> ALL = List.of(MOVES, STARTS, PACKETS, HELD, TOOK);

  private SampleMetrics() {}
}
