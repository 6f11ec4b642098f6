package io.egressgateway.load.bench.failover;

import io.egressgateway.load.bench.report.Bar;
import io.egressgateway.load.bench.report.Cell;
import io.egressgateway.load.bench.report.Row;
import io.egressgateway.load.bench.report.Samples;
import io.egressgateway.load.bench.report.Unit;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;

/** Rows of what was found. */
final class Figures {
  static final String P50 = "p50";
  static final String P99 = "p99";
  static final String MAX = "max";

  private static final double PERCENT_99 = 99;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  private Figures() {}

  /** p50, p99 and maximum of times, in the unit of the bars; a bar for a column is optional. */
  static Row times(String name, Collection<Duration> times, Unit unit, Map<String, Bar> bars) {
    Samples samples = Samples.of(times.stream().map(time -> in(unit, time)).toList());
    Row row = Row.of(name).with(count("runs", samples.count()));
    row = with(row, new Cell(P50, samples.median(), unit), bars);
    row = with(row, new Cell(P99, samples.percentile(PERCENT_99), unit), bars);
    return with(row, new Cell(MAX, samples.max(), unit), bars);
  }

  private static Row with(Row row, Cell cell, Map<String, Bar> bars) {
    Bar bar = bars.get(cell.column());
    return bar == null ? row.with(cell) : row.with(cell, bar);
  }

  static Cell count(String column, long number) {
    return new Cell(column, (double) number, Unit.COUNT);
  }

  static Bar none() {
    return new Bar.AtMost(0, Unit.COUNT);
  }

  static double in(Unit unit, Duration time) {
    return switch (unit) {
      case MILLISECONDS -> time.toNanos() / NANOS_PER_MILLI;
      case SECONDS -> time.toNanos() / NANOS_PER_SECOND;
      case MEBIBYTES, COUNT, RATIO ->
          throw new IllegalArgumentException(unit + " is no unit of time");
    };
  }
}
