package io.egressgateway.core.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.helpers.MessageFormatter;

/**
 * Log lines as JSON, one object a line. A message {@code plan applied revision={} changes={}} has
 * the event {@code "plan applied"} and the fields {@code revision} and {@code changes}, so that a
 * log store finds what concerns one egress IP, node or policy. Values are text, whatever they were.
 */
public final class JsonLines extends EncoderBase<ILoggingEvent> {
  private static final Pattern FIELD = Pattern.compile("(?:^| )(\\w+)=(\"\\{}\"|\\{})");

  /** What every line has; a field of a message of the same name gets an underscore. */
  private static final Set<String> COMMON =
      Set.of("time", "level", "logger", "event", "thread", "stack");

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    Map<String, String> line = new LinkedHashMap<>();
    line.put(
        "time",
        DateTimeFormatter.ISO_INSTANT.format(event.getInstant().truncatedTo(ChronoUnit.MILLIS)));
    line.put("level", event.getLevel().toString());
    line.put("logger", event.getLoggerName());
    fields(event, line);
    line.put("thread", event.getThreadName());
    Optional<IThrowableProxy> thrown = Optional.ofNullable(event.getThrowableProxy());
    thrown.ifPresent(proxy -> line.put("stack", ThrowableProxyUtil.asString(proxy)));
    StringBuilder json = new StringBuilder("{");
    line.forEach(
        (key, value) -> {
          json.append(json.length() > 1 ? "," : "");
          quote(json, key);
          json.append(':');
          quote(json, value);
        });
    return json.append("}\n").toString().getBytes(UTF_8);
  }

  private static void fields(ILoggingEvent event, Map<String, String> line) {
    String template = event.getMessage() == null ? "" : event.getMessage();
    Object[] arguments =
        event.getArgumentArray() == null ? new Object[0] : event.getArgumentArray();
    Matcher field = FIELD.matcher(template);
    StringBuilder rest = new StringBuilder();
    Map<String, String> found = new LinkedHashMap<>();
    int index = 0;
    int end = 0;
    List<Object> free = new ArrayList<>();
    while (field.find()) {
      String between = template.substring(end, field.start());
      for (int skipped = placeholders(between);
          skipped > 0 && index < arguments.length;
          skipped--) {
        free.add(arguments[index++]);
      }
      rest.append(between);
      end = field.end();
      if (index < arguments.length) {
        String key = field.group(1);
        found.put(COMMON.contains(key) ? key + "_" : key, String.valueOf(arguments[index++]));
      }
    }
    rest.append(template.substring(end));
    while (index < arguments.length) {
      free.add(arguments[index++]);
    }
    line.put(
        "event",
        MessageFormatter.arrayFormat(rest.toString().strip(), free.toArray()).getMessage());
    line.putAll(found);
  }

  private static int placeholders(String text) {
    int count = 0;
    for (int at = text.indexOf("{}"); at >= 0; at = text.indexOf("{}", at + 2)) {
      count++;
    }
    return count;
  }

  private static void quote(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          if (c < ' ') {
            json.append(String.format("\\u%04x", (int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    json.append('"');
  }
}
