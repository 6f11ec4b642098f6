package io.egressgateway.load.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints a meta.k8s.io/v1 Table as kubectl does: columns as wide as needed, three blanks apart. */
final class TableText {
  private static final String GAP = "   ";

  private TableText() {}

  static String of(JsonNode table, GetArguments wanted) {
    List<List<String>> lines = new ArrayList<>();
    List<Integer> columns = new ArrayList<>();
    List<String> header = new ArrayList<>();
    if (wanted.allNamespaces()) {
      header.add("NAMESPACE");
    }
    JsonNode definitions = table.path("columnDefinitions");
    for (int i = 0; i < definitions.size(); i++) {
      boolean wide = definitions.get(i).path("priority").asInt() > 0;
      if (!wide || wanted.format() == GetArguments.Format.WIDE) {
        columns.add(i);
        header.add(definitions.get(i).path("name").asText().toUpperCase(Locale.ROOT));
      }
    }
    lines.add(header);
    for (JsonNode row : table.path("rows")) {
      List<String> line = new ArrayList<>();
      if (wanted.allNamespaces()) {
        line.add(row.path("object").path("metadata").path("namespace").asText());
      }
      columns.forEach(i -> line.add(cell(row.path("cells").path(i))));
      lines.add(line);
    }
    return align(lines);
  }

  private static String cell(JsonNode value) {
    return value.isNull() ? "" : value.asText();
  }

  private static String align(List<List<String>> lines) {
    int columns = lines.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> line : lines) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder row = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        row.append(line.get(i)).append(" ".repeat(widths[i] - line.get(i).length())).append(GAP);
      }
      text.append(row.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
