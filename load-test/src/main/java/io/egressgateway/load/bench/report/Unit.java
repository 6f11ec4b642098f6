package io.egressgateway.load.bench.report;

import java.util.Locale;

/** What a value is counted in. */
public enum Unit {
  /** Printed as microseconds below one. */
  MILLISECONDS("ms", "Millis"),
  SECONDS("s", "Seconds"),
  MEBIBYTES("MiB", "MiB"),
  /** How many. */
  COUNT("", ""),
  /** How many times as much. */
  RATIO("x", "");

  private static final double MICROS_PER_MILLI = 1e3;
  private static final double PLACES_BELOW = 100;
  private static final double MORE_PLACES_BELOW = 10;

  private final String symbol;
  private final String jsonSuffix;

  Unit(String symbol, String jsonSuffix) {
    this.symbol = symbol;
    this.jsonSuffix = jsonSuffix;
  }

  /** Appended to a name in JSON. */
  String jsonSuffix() {
    return jsonSuffix;
  }

  /** About three digits and the symbol. */
  public String format(double value) {
    return switch (this) {
      case MILLISECONDS ->
          value != 0 && value < 1
              ? digits(value * MICROS_PER_MILLI) + " µs"
              : digits(value) + " " + symbol;
      case SECONDS, MEBIBYTES -> digits(value) + " " + symbol;
      case RATIO, COUNT -> digits(value) + symbol;
    };
  }

  private static String digits(double value) {
    if (value == Math.rint(value) || value >= PLACES_BELOW) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    return String.format(Locale.ROOT, value < MORE_PLACES_BELOW ? "%.2f" : "%.1f", value);
  }
}
