package io.egressgateway.core.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private final Metrics metrics = new Metrics(SampleMetrics.ALL);

  @Test
  void countsAreServed() throws IOException {
    metrics.count(SampleMetrics.MOVES, "certificate");
    metrics.add(SampleMetrics.MOVES, 2, "certificate");
    assertThat(text())
        .contains("# TYPE egressgateway_moves_total counter")
        .contains("egressgateway_moves_total{proof=\"certificate\"} 3.0")
        .contains("egressgateway_starts_total 0.0");
  }

  @Test
  void durationsAreServedInSeconds() throws IOException {
    metrics.observe(SampleMetrics.TOOK, Duration.ofMillis(40));
    assertThat(text())
        .contains("egressgateway_took_seconds_bucket{le=\"0.025\"} 0")
        .contains("egressgateway_took_seconds_bucket{le=\"0.05\"} 1")
        .contains("egressgateway_took_seconds_sum 0.04");
  }

  @Test
  void whatOthersKeepIsReadWhenAskedFor() throws IOException {
    metrics.read(SampleMetrics.HELD, reading -> reading.value(1, "10.6.1.21"));
    metrics.read(SampleMetrics.PACKETS, reading -> reading.value(7, "sent"));
    assertThat(text())
        .contains("egressgateway_held{eip=\"10.6.1.21\"} 1.0")
        .contains("# TYPE egressgateway_packets_total counter")
        .contains("egressgateway_packets_total{direction=\"sent\"} 7.0");
  }

  @Test
  void aMetricWithoutASourceIsNamed() {
    metrics.read(SampleMetrics.HELD, reading -> {});
    assertThat(metrics.unread()).containsExactly("egressgateway_packets_total");
  }

  @Test
  void aMetricHasOneSourceAndOneKind() {
    metrics.read(SampleMetrics.HELD, reading -> {});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> metrics.read(SampleMetrics.HELD, reading -> {}))
        .withMessageContaining("egressgateway_held");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> metrics.count(SampleMetrics.HELD, "10.6.1.21"))
        .withMessageContaining("egressgateway_held");
  }

  @Test
  void aNameSaysTheKind() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MetricFamily.counter("egressgateway_moves", "Moves."))
        .withMessageContaining("_total");
  }

  @Test
  void theVirtualMachineTellsOfItself() throws IOException {
    assertThat(text()).contains("jvm_memory_used_bytes").contains("process_resident_memory_bytes");
  }

  private String text() throws IOException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    metrics.write(output);
    return output.toString(UTF_8);
  }
}
