package io.egressgateway.load.bench.report;

import java.util.Locale;

/**
 * One number.
 *
 * @param column what it is, in lower-case words: {@code ours p50}
 */
public record Cell(String column, double value, Unit unit) {

  /** {@code oursP50Micros}. */
  String jsonName() {
    StringBuilder name = new StringBuilder();
    for (String word : column.split("[^a-z0-9]+", -1)) {
      name.append(name.isEmpty() ? word : capital(word));
    }
    return name + unit.jsonSuffix();
  }

  private static String capital(String word) {
    return word.isEmpty()
        ? word
        : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }

  String text() {
    return unit.format(value);
  }
}
