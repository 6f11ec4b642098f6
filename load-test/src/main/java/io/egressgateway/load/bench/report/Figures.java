package io.egressgateway.load.bench.report;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;

/** Rows of what was found. */
public final class Figures {
  /** Column of the median. */
  public static final String P50 = "p50";

  /** Column of the 99th percentile. */
  public static final String P99 = "p99";

  /** Column of the maximum. */
  public static final String MAX = "max";

  private static final double PERCENT_99 = 99;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  private Figures() {}

  /** p50, p99 and maximum of times, in the unit of the bars; a bar for a column is optional. */
  public static Row times(
      String name, Collection<Duration> times, Unit unit, Map<String, Bar> bars) {
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

  /** A number of things. */
  public static Cell count(String column, long number) {
    return new Cell(column, (double) number, Unit.COUNT);
  }

  /** There must be none of them. */
  public static Bar none() {
    return new Bar.AtMost(0, Unit.COUNT);
  }

  /**
   * A time as a value of a cell.
   *
   * @throws IllegalArgumentException if the unit is none of time
   */
  public static double in(Unit unit, Duration time) {
    return switch (unit) {
      case MILLISECONDS -> time.toNanos() / NANOS_PER_MILLI;
      case SECONDS -> time.toNanos() / NANOS_PER_SECOND;
      case MEBIBYTES, COUNT, RATIO ->
          throw new IllegalArgumentException(unit + " is no unit of time");
    };
  }
}
