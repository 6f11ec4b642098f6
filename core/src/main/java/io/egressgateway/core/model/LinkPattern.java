package io.egressgateway.core.model;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Names of links, told by one pattern for the whole name: {@code br-*} is every name that begins
 * with {@code br-}. In it {@code *} stands for any characters and {@code ?} for one; all others
 * stand for themselves. A pattern that begins with {@code ^} is a regular expression, of the whole
 * name as well.
 *
 * @param text as it was written
 */
public record LinkPattern(String text) {

  /**
   * Checks the pattern.
   *
   * @throws IllegalArgumentException naming the pattern if no name of a link can be like it
   */
  public LinkPattern {
    if (text.isBlank()) {
      throw new IllegalArgumentException("a pattern of link names is empty; take it out");
    }
    if (text.chars().anyMatch(c -> c == '/' || c == 0 || Character.isWhitespace(c))) {
      throw new IllegalArgumentException(
          "pattern '%s': no link's name has a blank or '/' in it; make each name an entry of its own"
              .formatted(text));
    }
    try {
      var unused = compiled(text);
    } catch (PatternSyntaxException malformed) {
      throw new IllegalArgumentException(
          "pattern '%s' is no regular expression: %s at character %d; without ^ it would be a name with * and ?"
              .formatted(text, malformed.getDescription(), malformed.getIndex() + 1),
          malformed);
    }
  }

  /** Whether a link of this name is meant. */
  public boolean matches(String name) {
    return compiled(text).matcher(name).matches();
  }

  private static Pattern compiled(String text) {
    return Pattern.compile(text.startsWith("^") ? text : ofGlob(text));
  }

  private static String ofGlob(String glob) {
    StringBuilder expression = new StringBuilder();
    glob.codePoints()
        .forEach(
            c ->
                expression.append(
                    switch (c) {
                      case '*' -> ".*";
                      case '?' -> ".";
                      default -> Pattern.quote(Character.toString(c));
                    }));
    return expression.toString();
  }

  @Override
  public String toString() {
    return text;
  }
}
