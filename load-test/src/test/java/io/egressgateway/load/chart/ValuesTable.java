package io.egressgateway.load.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page of all values of the chart, made of {@code values.yaml} and its comments. */
final class ValuesTable {
  private static final Pattern KEY = Pattern.compile("^( *)([A-Za-z0-9./]+):.*");
  private static final Pattern DESCRIPTION = Pattern.compile("^ *# -- (.*)");

  private static final String HEAD =
      """
      # Values of the chart

      Made of `k8s/chart/values.yaml`; a test holds the two together. Keys of spidernet-io/egressgateway's chart are the
      same here, and so are their defaults unless their description says why not. Those that have no effect say so, and are
      named in the notes after an installation if they are set to something else.

      | value | default | what it does |
      |---|---|---|
      """;

  private ValuesTable() {}

  static String of(String values) throws IOException {
    Map<String, String> descriptions = descriptions(values);
    StringBuilder page = new StringBuilder(HEAD);
    rows("", new YAMLMapper().readTree(values), descriptions, page);
    return page.toString();
  }

  private static void rows(
      String path, JsonNode node, Map<String, String> descriptions, StringBuilder page) {
    if (node.isObject() && !node.isEmpty()) {
      node.properties()
          .forEach(
              entry ->
                  rows(
                      path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(),
                      entry.getValue(),
                      descriptions,
                      page));
      return;
    }
    page.append("| `")
        .append(path)
        .append("` | `")
        .append(node.toString().replace("|", "\\|"))
        .append("` | ")
        .append(descriptions.getOrDefault(path, "").replace("|", "\\|"))
        .append(" |\n");
  }

  /** By the path of the key that follows. */
  private static Map<String, String> descriptions(String values) {
    Map<String, String> found = new HashMap<>();
    Deque<String> path = new ArrayDeque<>();
    List<String> pending = new ArrayList<>();
    for (String line : values.lines().toList()) {
      Matcher description = DESCRIPTION.matcher(line);
      Matcher key = KEY.matcher(line);
      if (description.matches()) {
        pending.add(description.group(1));
      } else if (key.matches()) {
        int depth = key.group(1).length() / 2;
        while (path.size() > depth) {
          path.removeLast();
        }
        path.addLast(key.group(2));
        if (!pending.isEmpty()) {
          found.put(String.join(".", path), String.join(" ", pending));
        }
        pending.clear();
      }
    }
    return found;
  }
}
