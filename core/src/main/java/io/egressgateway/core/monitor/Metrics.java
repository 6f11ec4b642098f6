package io.egressgateway.core.monitor;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The metrics of one process. Thread-safe; counting costs a few nanoseconds and never blocks. A
 * counter without labels is there from the start, with 0; one with labels once it has counted.
 *
 * <p>Values that somebody keeps anyway are read when they are asked for, so nothing is kept twice.
 */
public final class Metrics {
  private static final String COUNTER_SUFFIX = "_total";

  /** From a map lookup in the kernel to a failover under the longest lease. */
  private static final double[] SECONDS = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30
  };

  /** Takes the values of a family, one for each combination of labels. */
  @FunctionalInterface
  public interface Reading {
    /**
     * @param labels one value for each label of the family
     */
    void value(double value, String... labels);
  }

  /** Tells the present values of a family. Called by the scraping thread: it must not block. */
  @FunctionalInterface
  public interface Source {
    /** Tells all values there are. */
    void read(Reading reading);
  }

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Map<MetricFamily, Counter> counters = new HashMap<>();
  private final Map<MetricFamily, Histogram> histograms = new HashMap<>();
  private final Set<MetricFamily> unread = ConcurrentHashMap.newKeySet();

  /** The process's families, and what the JVM tells of itself. */
  public Metrics(List<MetricFamily> families) {
    for (MetricFamily family : families) {
      switch (family.kind()) {
        case COUNTER -> counters.put(family, counter(family));
        case HISTOGRAM -> histograms.put(family, histogram(family));
        case GAUGE, TALLY -> unread.add(family);
      }
    }
    JvmMetrics.builder().register(registry);
  }

  private Counter counter(MetricFamily family) {
    Counter counter =
        Counter.builder()
            .name(withoutSuffix(family))
            .help(family.help())
            .labelNames(labels(family))
            .withoutExemplars()
            .register(registry);
    if (family.labels().isEmpty()) {
      counter.initLabelValues();
    }
    return counter;
  }

  private Histogram histogram(MetricFamily family) {
    return Histogram.builder()
        .name(family.metric())
        .help(family.help())
        .labelNames(labels(family))
        .classicOnly()
        .classicUpperBounds(SECONDS)
        .withoutExemplars()
        .register(registry);
  }

  private static String withoutSuffix(MetricFamily family) {
    return family.metric().substring(0, family.metric().length() - COUNTER_SUFFIX.length());
  }

  private static String[] labels(MetricFamily family) {
    return family.labels().toArray(String[]::new);
  }

  /** One more. */
  public void count(MetricFamily family, String... labels) {
    add(family, 1, labels);
  }

  /** So many more. */
  public void add(MetricFamily family, long count, String... labels) {
    of(counters, family).labelValues(labels).inc(count);
  }

  /** It took so long. */
  public void observe(MetricFamily family, Duration took, String... labels) {
    of(histograms, family).labelValues(labels).observe(took.toNanos() / 1e9);
  }

  private static <M> M of(Map<MetricFamily, M> kept, MetricFamily family) {
    M metric = kept.get(family);
    if (metric == null) {
      throw new IllegalArgumentException(
          family.metric() + " is not a " + family.kind() + " of this process that can be counted");
    }
    return metric;
  }

  /** Where the values of a gauge or tally are read. To be said once for each of them. */
  public void read(MetricFamily family, Source source) {
    if (!unread.remove(family)) {
      throw new IllegalArgumentException(
          family.metric() + " is not a metric of this process that waits for its source");
    }
    if (family.kind() == MetricFamily.Kind.TALLY) {
      CounterWithCallback.builder()
          .name(withoutSuffix(family))
          .help(family.help())
          .labelNames(labels(family))
          .callback(callback -> source.read(callback::call))
          .register(registry);
    } else {
      GaugeWithCallback.builder()
          .name(family.metric())
          .help(family.help())
          .labelNames(labels(family))
          .callback(callback -> source.read(callback::call))
          .register(registry);
    }
  }

  /** The families that nobody has said the source of: they are missing from what is served. */
  public List<String> unread() {
    List<String> names = new ArrayList<>();
    unread.forEach(family -> names.add(family.metric()));
    Collections.sort(names);
    return names;
  }

  /** Writes all values in Prometheus's text format, version 0.0.4. */
  public void write(OutputStream output) throws IOException {
    PrometheusTextFormatWriter.create().write(output, registry.scrape());
  }
}
