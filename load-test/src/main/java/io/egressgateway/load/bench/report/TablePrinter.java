package io.egressgateway.load.bench.report;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A table for people. */
public final class TablePrinter implements FindingsPrinter {
  private static final String GAP = "   ";

  private final PrintStream out;

  /** Prints to this stream. */
  public TablePrinter(PrintStream out) {
    this.out = out;
  }

  @Override
  public void print(Findings findings) {
    out.println();
    out.println(findings.bench());
    lines(findings.rows()).forEach(line -> out.println(("  " + line).stripTrailing()));
    findings.remarks().forEach(remark -> out.println("  " + remark));
    out.println();
  }

  private static List<String> lines(List<Row> rows) {
    Set<String> columns = new LinkedHashSet<>();
    rows.forEach(row -> row.cells().forEach(cell -> columns.add(cell.column())));
    List<List<String>> table = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of(""));
    head.addAll(columns);
    head.add("bar");
    table.add(head);
    for (Row row : rows) {
      List<String> line = new ArrayList<>(List.of(row.name()));
      columns.forEach(column -> line.add(cell(row, column).map(Cell::text).orElse("-")));
      line.add(row.reached());
      table.add(line);
    }
    return aligned(table);
  }

  private static Optional<Cell> cell(Row row, String column) {
    return row.cells().stream().filter(cell -> cell.column().equals(column)).findFirst();
  }

  /** Numbers to the right, the first and the last column to the left. */
  private static List<String> aligned(List<List<String>> table) {
    int columns = table.getFirst().size();
    List<Integer> widths = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      int column = i;
      widths.add(table.stream().mapToInt(line -> line.get(column).length()).max().orElse(0));
    }
    List<String> lines = new ArrayList<>();
    for (List<String> line : table) {
      List<String> padded = new ArrayList<>();
      for (int i = 0; i < columns; i++) {
        String padding = " ".repeat(widths.get(i) - line.get(i).length());
        boolean left = i == 0 || i == columns - 1;
        padded.add(left ? line.get(i) + padding : padding + line.get(i));
      }
      lines.add(String.join(GAP, padded));
    }
    return lines;
  }
}
