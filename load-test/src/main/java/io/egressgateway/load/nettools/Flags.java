package io.egressgateway.load.nettools;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Command line flags in the manner of Go programs: {@code -name value} or {@code -name=value}, one
 * dash or two, booleans without a value.
 */
final class Flags {
  private static final Pattern FLAG = Pattern.compile("--?([A-Za-z][A-Za-z0-9]*)(?:=(.*))?");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)?");
  private static final int PORT_MAX = 65_535;

  /**
   * A flag that exists.
   *
   * @param name without dashes
   * @param fallback the value if it is not given; {@code true} or {@code false} make it a boolean
   * @param help one line
   */
  record Flag(String name, String fallback, String help) {
    boolean isBoolean() {
      return fallback.equals("true") || fallback.equals("false");
    }
  }

  /** The user asked what there is; the message is the answer. */
  static final class HelpException extends Exception {
    private static final long serialVersionUID = 1L;

    HelpException(String usage) {
      super(usage);
    }
  }

  /** The command line is wrong; the message says where, and what would be right. */
  static final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
      super(message);
    }
  }

  private final Map<String, String> values;

  private Flags(Map<String, String> values) {
    this.values = values;
  }

  static Flags parse(String command, List<Flag> known, List<String> args)
      throws HelpException, UsageException {
    Map<String, Flag> byName = new TreeMap<>();
    Map<String, String> values = new TreeMap<>();
    for (Flag flag : known) {
      byName.put(flag.name(), flag);
      values.put(flag.name(), flag.fallback());
    }
    Deque<String> rest = new ArrayDeque<>(args);
    while (!rest.isEmpty()) {
      String word = rest.removeFirst();
      Matcher matcher = FLAG.matcher(word);
      if (!matcher.matches()) {
        throw new UsageException("not a flag: " + word + "\n" + usage(command, known));
      }
      String name = matcher.group(1);
      if (name.equals("help") || name.equals("h")) {
        throw new HelpException(usage(command, known));
      }
      Flag flag = byName.get(name);
      if (flag == null) {
        throw new UsageException(
            "flag provided but not defined: -" + name + "\n" + usage(command, known));
      }
      values.put(name, value(flag, matcher.group(2), rest));
    }
    return new Flags(values);
  }

  private static String value(Flag flag, @Nullable String attached, Deque<String> rest)
      throws UsageException {
    if (attached != null) {
      return attached;
    }
    if (flag.isBoolean()) {
      return "true";
    }
    if (rest.isEmpty()) {
      throw new UsageException("flag needs a value: -" + flag.name() + " (" + flag.help() + ")");
    }
    return rest.removeFirst();
  }

  private static String usage(String command, List<Flag> known) {
    StringBuilder text = new StringBuilder("Usage: nettools " + command + " [flags]\n");
    for (Flag flag : known) {
      text.append(
          "  -%-9s %s (default %s)%n"
              .formatted(
                  flag.name(), flag.help(), flag.fallback().isEmpty() ? "none" : flag.fallback()));
    }
    return text.toString().stripTrailing();
  }

  String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no such flag: " + name);
    }
    return value;
  }

  boolean flag(String name) throws UsageException {
    return switch (text(name)) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw bad(name, "true or false");
    };
  }

  /** 0 lets the system choose. */
  int port(String name) throws UsageException {
    return number(name, PORT_MAX);
  }

  int number(String name, int max) throws UsageException {
    try {
      int number = Integer.parseInt(text(name));
      if (number >= 0 && number <= max) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      throw bad(name, "a number from 0 to " + max);
    }
    throw bad(name, "a number from 0 to " + max);
  }

  /** Seconds where no unit is given. */
  Duration duration(String name) throws UsageException {
    Matcher matcher = DURATION.matcher(text(name));
    if (!matcher.matches()) {
      throw bad(name, "a duration like 10s, 500ms or 10 (seconds)");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (String.valueOf(matcher.group(2))) {
      case "ms" -> Duration.ofMillis(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofSeconds(amount);
    };
  }

  UsageException bad(String name, String expected) {
    return new UsageException(
        "invalid value \"%s\" for flag -%s: expected %s".formatted(text(name), name, expected));
  }
}
