package io.egressgateway.load.lab.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A role of the product to run.
 *
 * @param name of the process and of its log file; unique in a lab
 * @param namespace path of the network namespace it lives in; this process's own if empty
 * @param arguments for the launcher: the role and its options
 * @param restart what happens when it ends by itself
 */
public record LabCommand(
    String name, Optional<Path> namespace, List<String> arguments, Restart restart) {

  /** What happens when a process ends by itself. */
  public enum Restart {
    /** As an init system does: started again after a second. */
    ALWAYS,
    /** It stays dead. */
    NEVER
  }

  /** Makes the list immutable. */
  public LabCommand {
    arguments = List.copyOf(arguments);
  }

  /** The whole command line. nsenter and the launcher exec, so that the process id is the JVM's. */
  List<String> commandLine(Distribution distribution) {
    List<String> line = new ArrayList<>();
    namespace.ifPresent(
        path -> {
          line.add("nsenter");
          line.add("--net=" + path);
        });
    line.add(distribution.launcher().toString());
    line.addAll(arguments);
    return line;
  }
}
