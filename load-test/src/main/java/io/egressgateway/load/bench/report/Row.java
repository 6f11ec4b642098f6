package io.egressgateway.load.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What was found about one thing.
 *
 * @param name of the thing
 * @param verdicts about some of the cells; no bar, no verdict
 */
public record Row(String name, List<Cell> cells, List<Verdict> verdicts) {
  /** Makes the lists immutable. */
  public Row {
    cells = List.copyOf(cells);
    verdicts = List.copyOf(verdicts);
  }

  /** A row without numbers yet. */
  public static Row of(String name) {
    return new Row(name, List.of(), List.of());
  }

  /** With one more number. */
  public Row with(Cell cell) {
    List<Cell> more = new ArrayList<>(cells);
    more.add(cell);
    return new Row(name, more, verdicts);
  }

  /** With one more number that has a bar to reach. */
  public Row with(Cell cell, Bar bar) {
    List<Verdict> more = new ArrayList<>(verdicts);
    more.add(Verdict.of(cell, bar));
    return new Row(name, with(cell).cells, more);
  }

  /** In one line, for those who do not want to wait for the table, which may never come. */
  public String text() {
    String numbers =
        cells.stream()
            .map(cell -> cell.column() + " " + cell.text())
            .collect(Collectors.joining(", "));
    return verdicts.isEmpty()
        ? "%s: %s".formatted(name, numbers)
        : "%s: %s (%s)".formatted(name, numbers, reached());
  }

  /** Every bar, and whether it was reached. */
  String reached() {
    return verdicts.stream().map(Verdict::text).collect(Collectors.joining("; "));
  }
}
