package io.egressgateway.core.model;

import java.util.Optional;

/**
 * The syntax of names, label keys and label values as the Kubernetes API server checks it
 * (k8s.io/apimachinery, {@code util/validation}). Each check gives the sentence to show, or
 * nothing.
 */
final class KubernetesNames {

  private static final int SUBDOMAIN_MAX = 253;
  private static final int LABEL_MAX = 63;
  private static final int SHOWN_MAX = 80;

  private KubernetesNames() {}

  /** DNS-1123 subdomain: the names of most objects. */
  static Optional<String> subdomainViolation(String what, String name) {
    if (name.length() > SUBDOMAIN_MAX) {
      return Optional.of(tooLong(what, name, SUBDOMAIN_MAX));
    }
    for (int start = 0; start <= name.length(); ) {
      int dot = name.indexOf('.', start);
      int end = dot < 0 ? name.length() : dot;
      if (!isDnsLabel(name, start, end)) {
        return Optional.of(
            what
                + " "
                + shown(name)
                + " must be lower case letters, digits, '-' and '.', and each part between dots"
                + " must start and end with a letter or digit");
      }
      start = end + 1;
    }
    return Optional.empty();
  }

  /** DNS-1123 label: the names of namespaces. */
  static Optional<String> labelViolation(String what, String name) {
    if (name.length() > LABEL_MAX) {
      return Optional.of(tooLong(what, name, LABEL_MAX));
    }
    return isDnsLabel(name, 0, name.length())
        ? Optional.empty()
        : Optional.of(
            what
                + " "
                + shown(name)
                + " must be lower case letters, digits and '-', and must start and end with a"
                + " letter or digit");
  }

  /** {@code [prefix/]name}: a DNS-1123 subdomain, and a qualified name of at most 63 characters. */
  static Optional<String> labelKeyViolation(String key) {
    int slash = key.indexOf('/');
    String name = key.substring(slash + 1);
    if (slash >= 0) {
      Optional<String> prefix = subdomainViolation("prefix of label key", key.substring(0, slash));
      if (prefix.isPresent()) {
        return prefix;
      }
    }
    return name.isEmpty()
        ? Optional.of("label key " + shown(key) + " has no name")
        : qualifiedViolation("label key", key, name);
  }

  /** Empty, or a qualified name of at most 63 characters. */
  static Optional<String> labelValueViolation(String value) {
    return value.isEmpty() ? Optional.empty() : qualifiedViolation("label value", value, value);
  }

  private static Optional<String> qualifiedViolation(String what, String whole, String name) {
    if (name.length() > LABEL_MAX) {
      return Optional.of(tooLong(what, whole, LABEL_MAX));
    }
    boolean good = isAlphanumeric(name.charAt(0)) && isAlphanumeric(name.charAt(name.length() - 1));
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      good &= isAlphanumeric(c) || c == '-' || c == '_' || c == '.';
    }
    return good
        ? Optional.empty()
        : Optional.of(
            what
                + " "
                + shown(whole)
                + " must be letters, digits, '-', '_' and '.', and must start and end with a"
                + " letter or digit");
  }

  private static boolean isDnsLabel(String text, int start, int end) {
    if (start == end || text.charAt(start) == '-' || text.charAt(end - 1) == '-') {
      return false;
    }
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (!isLowerAlphanumeric(c) && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLowerAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  private static boolean isAlphanumeric(char c) {
    return isLowerAlphanumeric(c) || (c >= 'A' && c <= 'Z');
  }

  private static String tooLong(String what, String name, int max) {
    return what
        + " "
        + shown(name)
        + " has "
        + name.length()
        + " characters; at most "
        + max
        + " are allowed";
  }

  private static String shown(String text) {
    return "'" + (text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "…" : text) + "'";
  }

  static void require(Optional<String> violation) {
    violation.ifPresent(
        sentence -> {
          throw new IllegalArgumentException(sentence);
        });
  }
}
