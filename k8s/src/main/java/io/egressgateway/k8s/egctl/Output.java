package io.egressgateway.k8s.egctl;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The form in which a command shows what it found out. */
final class Output {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description =
          "table, wide (with all columns that there are), json or yaml (default:"
              + " ${DEFAULT-VALUE}).")
  private Format format = Format.TABLE;

  Format format() {
    return format;
  }

  static void print(CommandLine command, List<String> lines) {
    PrintWriter out = command.getOut();
    lines.forEach(out::println);
    out.flush();
  }

  static void complain(CommandLine command, String message) {
    PrintWriter err = command.getErr();
    err.println("egctl: " + message);
    err.flush();
  }
}
