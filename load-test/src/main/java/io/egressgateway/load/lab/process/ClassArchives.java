package io.egressgateway.load.lab.process;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Has the first process of each role write the archive of its classes when it ends, and all others
 * only use it: writing takes a second of processor time, once is enough. Not thread-safe.
 */
final class ClassArchives {
  private static final String VARIABLE = "EGRESSGATEWAY_CLASS_ARCHIVE";

  private final Set<String> roles = new HashSet<>();

  void prepare(LabCommand command, Map<String, String> environment) {
    environment.put(VARIABLE, roles.add(command.arguments().getFirst()) ? "write" : "use");
  }
}
