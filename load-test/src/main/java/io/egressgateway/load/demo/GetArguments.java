package io.egressgateway.load.demo;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What follows {@code kubectl get}, as far as the guide uses it.
 *
 * @param kind lower case
 */
record GetArguments(String kind, Optional<String> name, Scope scope, Format format) {
  /** Which namespaces. */
  enum Scope {
    DEFAULT,
    ALL
  }

  /** How to print. */
  enum Format {
    TABLE,
    WIDE,
    YAML
  }

  boolean allNamespaces() {
    return scope == Scope.ALL;
  }

  static GetArguments parse(List<String> arguments) {
    GetArguments parsed =
        new GetArguments(
            arguments.getFirst().toLowerCase(Locale.ROOT),
            Optional.empty(),
            Scope.DEFAULT,
            Format.TABLE);
    for (String argument : arguments.subList(1, arguments.size())) {
      parsed =
          switch (argument) {
            case "-A" -> new GetArguments(parsed.kind, parsed.name, Scope.ALL, parsed.format);
            case "-o" -> parsed;
            case "yaml" -> parsed.in(Format.YAML);
            case "-owide", "wide" -> parsed.in(Format.WIDE);
            default ->
                new GetArguments(parsed.kind, Optional.of(argument), parsed.scope, parsed.format);
          };
    }
    return parsed;
  }

  private GetArguments in(Format other) {
    return new GetArguments(kind, name, scope, other);
  }
}
