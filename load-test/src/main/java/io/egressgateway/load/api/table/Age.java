package io.egressgateway.load.api.table;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** A time stamp as kubectl's AGE: {@code 41s}, {@code 4m27s}, {@code 29m}, {@code 5d17h}. */
final class Age {
  private static final String UNKNOWN = "<unknown>";

  private Age() {}

  static String of(String timestamp, Instant now) {
    try {
      return human(Duration.between(Instant.parse(timestamp), now));
    } catch (DateTimeParseException notATime) {
      return UNKNOWN;
    }
  }

  /** The thresholds are those of k8s.io/apimachinery/pkg/util/duration. */
  static String human(Duration age) {
    if (age.toSeconds() < -1) {
      return "<invalid>";
    }
    long seconds = Math.max(0, age.toSeconds());
    long minutes = seconds / 60;
    long hours = seconds / 3600;
    long days = hours / 24;
    if (seconds < 120) {
      return seconds + "s";
    }
    if (minutes < 10) {
      return two(minutes, "m", seconds % 60, "s");
    }
    if (minutes < 180) {
      return minutes + "m";
    }
    if (hours < 8) {
      return two(hours, "h", minutes % 60, "m");
    }
    if (hours < 48) {
      return hours + "h";
    }
    if (days < 8) {
      return two(days, "d", hours % 24, "h");
    }
    if (days < 365 * 2) {
      return days + "d";
    }
    return days < 365 * 8 ? two(days / 365, "y", days % 365, "d") : days / 365 + "y";
  }

  private static String two(long major, String majorUnit, long minor, String minorUnit) {
    return minor == 0 ? major + majorUnit : major + majorUnit + minor + minorUnit;
  }
}
