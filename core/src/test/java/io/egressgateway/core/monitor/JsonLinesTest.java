package io.egressgateway.core.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonLinesTest {

  @Test
  void fieldsOfAMessageAreFieldsOfTheLine() {
    assertThat(line(null, "plan applied revision={} reason=\"{}\"", 7, "all \"well\""))
        .startsWith("{\"time\":\"1970-01-01T00:00:01.500Z\",\"level\":\"INFO\",")
        .contains("\"event\":\"plan applied\",\"revision\":\"7\",\"reason\":\"all \\\"well\\\"\"")
        .endsWith("}\n");
  }

  @Test
  void whatIsNoFieldStaysInTheMessage() {
    assertThat(line(null, "took {} of {} node={}", 1, 2, "a"))
        .contains("\"event\":\"took 1 of 2\",\"node\":\"a\"");
  }

  @Test
  void aFieldNamedAsOneOfEveryLineTakesItsPlaceNot() {
    assertThat(line(null, "moved level={}", 3)).contains("\"level\":\"INFO\"", "\"level_\":\"3\"");
  }

  @Test
  void stacksAndLineBreaksStayOnOneLine() {
    String line = line(new IllegalStateException("a\nb"), "broken\tthing");
    assertThat(line).contains("IllegalStateException: a\\nb").contains("broken\\tthing");
    assertThat(line.strip().lines()).hasSize(1);
  }

  @Test
  void fewerValuesThanFieldsLoseNothingElse() {
    assertThat(line(null, "odd a={} b={}", 1)).contains("\"event\":\"odd\",\"a\":\"1\"");
  }

  private static String line(@Nullable Throwable thrown, String message, Object... arguments) {
    LoggingEvent event =
        new LoggingEvent(
            "here",
            new LoggerContext().getLogger("io.egressgateway.Sample"),
            Level.INFO,
            message,
            thrown,
            arguments);
    event.setInstant(Instant.ofEpochMilli(1500));
    return new String(new JsonLines().encode(event), UTF_8);
  }
}
