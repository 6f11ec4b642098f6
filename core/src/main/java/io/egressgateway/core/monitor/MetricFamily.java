package io.egressgateway.core.monitor;

import java.util.List;

/**
 * One metric that a process serves.
 *
 * @param metric as it is scraped; a counter ends with {@code _total}, a histogram with {@code
 *     _seconds}
 * @param kind what the value is, and who keeps it
 * @param help one sentence: what the value means, and its unit
 * @param labels their names, in the order in which values are given
 */
public record MetricFamily(String metric, Kind kind, String help, List<String> labels) {

  /** What the value is, and who keeps it. */
  public enum Kind {
    /** Only grows; counted by {@link Metrics#add}. */
    COUNTER,
    /** Only grows; kept by somebody else and read when it is asked for. */
    TALLY,
    /** As it is now; read when it is asked for. */
    GAUGE,
    /** Durations in seconds. */
    HISTOGRAM;

    /** The word of the exposition format. */
    public String type() {
      return switch (this) {
        case COUNTER, TALLY -> "counter";
        case GAUGE -> "gauge";
        case HISTOGRAM -> "histogram";
      };
    }

    private String suffix() {
      return switch (this) {
        case COUNTER, TALLY -> "_total";
        case GAUGE -> "";
        case HISTOGRAM -> "_seconds";
      };
    }
  }

  public MetricFamily {
    if (!metric.startsWith("egressgateway_") || !metric.endsWith(kind.suffix())) {
      throw new IllegalArgumentException(
          kind + " " + metric + " is not called egressgateway_…" + kind.suffix());
    }
    labels = List.copyOf(labels);
  }

  public static MetricFamily counter(String metric, String help, String... labels) {
    return new MetricFamily(metric, Kind.COUNTER, help, List.of(labels));
  }

  public static MetricFamily tally(String metric, String help, String... labels) {
    return new MetricFamily(metric, Kind.TALLY, help, List.of(labels));
  }

  public static MetricFamily gauge(String metric, String help, String... labels) {
    return new MetricFamily(metric, Kind.GAUGE, help, List.of(labels));
  }

  public static MetricFamily histogram(String metric, String help, String... labels) {
    return new MetricFamily(metric, Kind.HISTOGRAM, help, List.of(labels));
  }
}
