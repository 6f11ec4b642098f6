package io.egressgateway.load.bench.report;

/**
 * A bar and whether it was reached.
 *
 * @param column which cell of the row the bar is for
 */
public record Verdict(String column, Bar bar, boolean isReached) {
  /** Of this cell, which the bar's unit must fit. */
  public static Verdict of(Cell cell, Bar bar) {
    if (cell.unit() != bar.unit()) {
      throw new IllegalArgumentException(
          "%s is in %s, its bar in %s".formatted(cell.column(), cell.unit(), bar.unit()));
    }
    return new Verdict(cell.column(), bar, bar.isReachedBy(cell.value()));
  }

  String text() {
    return "%s %s: %s".formatted(column, bar.text(), isReached ? "reached" : "missed");
  }
}
