package io.egressgateway.persistence.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * One step of the schema.
 *
 * @param number 1 for the first; steps are taken in order, each once
 * @param statements may be run again when the process died between two of them, since H2 commits at
 *     each change of a table: {@code IF NOT EXISTS} throughout
 */
record SchemaVersion(int number, List<String> statements) {
  SchemaVersion {
    statements = List.copyOf(statements);
  }

  /** The step as it is kept beside this class, statements ended by ';' at the end of a line. */
  static SchemaVersion load(Dialect dialect, int number) {
    String resource = dialect.scripts() + "/" + number + ".sql";
    try (InputStream script = SchemaVersion.class.getResourceAsStream(resource)) {
      if (script == null) {
        throw new IllegalStateException("schema script " + resource + " is not in this build");
      }
      return parse(number, new String(script.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw new UncheckedIOException("schema script " + resource, unreadable);
    }
  }

  private static SchemaVersion parse(int number, String script) {
    return new SchemaVersion(
        number,
        Arrays.stream(script.replaceAll("(?m)^--.*$", "").split(";\\s*\n", -1))
            .map(String::strip)
            .filter(statement -> !statement.isEmpty())
            .toList());
  }
}
