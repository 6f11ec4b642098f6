package io.egressgateway.k8s.egctl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rows under headings, aligned as kubectl does it.
 *
 * @param key how many columns, from the left, tell one row from another
 * @param usual how many columns, from the left, are always shown; the others in the wide form only
 * @param rows each as long as the header
 */
record TextTable(List<String> header, int key, int usual, List<List<String>> rows) {
  private static final int GAP = 3;
  private static final String EVENT = "EVENT";

  /** The longest of the events. */
  private static final String MODIFIED = "MODIFIED";

  TextTable {
    header = List.copyOf(header);
    rows = List.copyOf(rows);
  }

  /** How many of the columns are shown. */
  enum Extent {
    USUAL,
    WIDE
  }

  TextTable withoutRows() {
    return new TextTable(header, key, usual, List.of());
  }

  /** All lines, without spaces at their ends. */
  List<String> lines(Extent extent) {
    return lines(Stream.concat(Stream.of(header), rows.stream()).toList(), columns(extent));
  }

  /**
   * The rows that are not as before, each behind what befell it, in the words of {@code kubectl
   * --output-watch-events}; the header only if there were none before.
   */
  List<String> changesSince(TextTable before, Extent extent) {
    Map<List<String>, List<String>> old = byKey(before);
    List<List<String>> changes = new ArrayList<>();
    for (Map.Entry<List<String>, List<String>> each : byKey(this).entrySet()) {
      List<String> was = old.remove(each.getKey());
      if (was == null || !shown(was, extent).equals(shown(each.getValue(), extent))) {
        changes.add(with(was == null ? "ADDED" : MODIFIED, each.getValue()));
      }
    }
    old.values().forEach(gone -> changes.add(with("DELETED", gone)));
    List<List<String>> measured = new ArrayList<>(changes);
    measured.add(with(MODIFIED, header));
    rows.forEach(row -> measured.add(with(MODIFIED, row)));
    if (before.rows.isEmpty()) {
      changes.addFirst(with(EVENT, header));
    }
    return lines(changes, measured, columns(extent) + 1);
  }

  /** The rows that were not there before, without the header. */
  List<String> additionsSince(TextTable before, Extent extent) {
    Set<List<String>> old = Set.copyOf(before.rows);
    return lines(
        rows.stream().filter(row -> !old.contains(row)).toList(),
        Stream.concat(Stream.of(header), rows.stream()).toList(),
        columns(extent));
  }

  private static Map<List<String>, List<String>> byKey(TextTable table) {
    Map<List<String>, List<String>> byKey = new LinkedHashMap<>();
    table.rows.forEach(row -> byKey.put(row.subList(0, table.key), row));
    return byKey;
  }

  private static List<String> with(String event, List<String> row) {
    return Stream.concat(Stream.of(event), row.stream()).toList();
  }

  private List<String> shown(List<String> row, Extent extent) {
    return row.subList(0, columns(extent));
  }

  private int columns(Extent extent) {
    return switch (extent) {
      case USUAL -> usual;
      case WIDE -> header.size();
    };
  }

  private static List<String> lines(List<List<String>> rows, int columns) {
    return lines(rows, rows, columns);
  }

  private static List<String> lines(
      List<List<String>> rows, List<List<String>> measured, int columns) {
    int[] widths =
        IntStream.range(0, columns)
            .map(
                column ->
                    measured.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = row.get(i);
      line.append(cell).append(" ".repeat(widths[i] - cell.length() + GAP));
    }
    return line.toString().stripTrailing();
  }
}
