package io.egressgateway.k8s.egctl;

import java.util.List;
import java.util.stream.Stream;

/**
 * Rows under headings, aligned as kubectl does it.
 *
 * @param usual how many columns, from the left, are always shown; the others in the wide form only
 * @param rows each as long as the header
 */
record TextTable(List<String> header, int usual, List<List<String>> rows) {
  private static final int GAP = 3;

  TextTable {
    header = List.copyOf(header);
    rows = List.copyOf(rows);
  }

  /** The lines of the usual columns, without spaces at their ends. */
  List<String> lines() {
    return lines(usual);
  }

  /** The lines of all columns. */
  List<String> wideLines() {
    return lines(header.size());
  }

  private List<String> lines(int columns) {
    return Stream.concat(Stream.of(header), rows.stream())
        .map(row -> line(row.subList(0, columns)))
        .toList();
  }

  private String line(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      line.append(cell).append(" ".repeat(width(i) - cell.length() + GAP));
    }
    return line.toString().stripTrailing();
  }

  private int width(int column) {
    return Stream.concat(Stream.of(header), rows.stream())
        .mapToInt(row -> row.get(column).length())
        .max()
        .orElse(0);
  }
}
