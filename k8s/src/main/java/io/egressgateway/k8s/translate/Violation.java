package io.egressgateway.k8s.translate;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Something a user has to correct in an object.
 *
 * @param field path of the field, such as {@code spec.ippools.ipv4[1]}
 * @param value what is there, as written
 * @param reason what is wrong with it
 * @param remedy what to write instead
 */
public record Violation(String field, String value, String reason, String remedy) {

  /** One sentence for each field, as conditions and refusals say it. */
  public static String sentences(List<Violation> violations) {
    return violations.stream().map(Violation::sentence).collect(Collectors.joining("; "));
  }

  private String sentence() {
    String found = value.isEmpty() ? "" : " '" + value + "'";
    return field + found + ": " + reason + "; " + remedy;
  }
}
