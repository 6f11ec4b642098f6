package io.egressgateway.core.monitor;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** The loggers whose level is set by somebody, and how it is changed while the process runs. */
final class LogLevels {

  /** The levels that can be set. */
  static final List<String> NAMES = List.of("error", "warn", "info", "debug", "trace");

  private LogLevels() {}

  /** A line {@code logger level} for each logger that has a level of its own. */
  static String text() {
    StringBuilder text = new StringBuilder();
    for (Logger logger : context().getLoggerList()) {
      Level level = logger.getLevel();
      if (level != null) {
        text.append(logger.getName()).append(' ').append(lower(level)).append('\n');
      }
    }
    return text.toString();
  }

  /**
   * Sets a level.
   *
   * @return what the logger had in force before; empty if there is no such level
   */
  static Optional<String> set(String logger, String level) {
    if (!NAMES.contains(level)) {
      return Optional.empty();
    }
    Logger changed = context().getLogger(logger);
    String before = lower(changed.getEffectiveLevel());
    changed.setLevel(Level.toLevel(level));
    return Optional.of(before);
  }

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }

  private static String lower(Level level) {
    return level.toString().toLowerCase(Locale.ROOT);
  }
}
