package io.egressgateway.k8s.egctl;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Commands for fish, which picocli does not speak: one {@code complete} for each thing offered. */
record FishCompletion(String program, List<String> lines) {

  /** For the command line that begins with this command. */
  static List<String> of(CommandSpec root) {
    FishCompletion completion = new FishCompletion(root.name(), new ArrayList<>());
    completion.lines.add("complete -c " + root.name() + " -f");
    completion.add(root, List.of());
    return List.copyOf(completion.lines);
  }

  /**
   * What may follow a command.
   *
   * @param path names of the commands that lead to it
   */
  private void add(CommandSpec command, List<String> path) {
    String here = condition(command, path);
    for (Map.Entry<String, CommandLine> each : command.subcommands().entrySet()) {
      CommandSpec sub = each.getValue().getCommandSpec();
      offer(here, "-a " + each.getKey() + " -d " + quoted(about(sub)));
      List<String> longer = new ArrayList<>(path);
      longer.add(each.getKey());
      add(sub, longer);
    }
    for (OptionSpec option : command.options()) {
      offer(here, option(option));
    }
    command.positionalParameters().stream()
        .map(FishCompletion::values)
        .filter(values -> !values.isEmpty())
        .forEach(values -> offer(here, "-a " + quoted(values)));
  }

  private void offer(String here, String what) {
    lines.add("complete -c " + program + " -n " + quoted(here) + " " + what);
  }

  /** Which fish runs to see whether the line has come to the command, and no further. */
  private static String condition(CommandSpec command, List<String> path) {
    String after =
        path.stream()
            .map(name -> "__fish_seen_subcommand_from " + name)
            .collect(Collectors.joining("; and "));
    String notBefore =
        command.subcommands().isEmpty()
            ? ""
            : "not __fish_seen_subcommand_from " + String.join(" ", command.subcommands().keySet());
    return after + (after.isEmpty() || notBefore.isEmpty() ? "" : "; and ") + notBefore;
  }

  private static String option(OptionSpec option) {
    String names =
        Arrays.stream(option.names())
            .map(
                name ->
                    name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1))
            .collect(Collectors.joining(" "));
    String description =
        option.description().length == 0
            ? ""
            : option.description()[0].replace(
                "${DEFAULT-VALUE}", String.valueOf(option.defaultValueString(true)));
    String values = values(option);
    String argument =
        option.arity().max() == 0
            ? ""
            : values.isEmpty() ? (isFile(option) ? " -rF" : " -x") : " -xa " + quoted(values);
    return names + argument + " -d " + quoted(description);
  }

  private static String values(ArgSpec argument) {
    return argument.completionCandidates() == null
        ? ""
        : StreamSupport.stream(argument.completionCandidates().spliterator(), false)
            .collect(Collectors.joining(" "));
  }

  private static boolean isFile(ArgSpec argument) {
    return Path.class.isAssignableFrom(argument.type());
  }

  private static String about(CommandSpec command) {
    String[] description = command.usageMessage().description();
    return description.length == 0 ? "" : description[0];
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
