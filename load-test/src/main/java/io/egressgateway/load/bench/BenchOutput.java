package io.egressgateway.load.bench;

import io.egressgateway.load.bench.report.Bench;
import io.egressgateway.load.bench.report.FindingsPrinter;
import io.egressgateway.load.bench.report.JsonPrinter;
import io.egressgateway.load.bench.report.TablePrinter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** How findings are printed, and the order of things around a benchmark. */
final class BenchOutput {
  @Option(
      names = "--json",
      description = "Print one JSON object per row; progress goes to standard error anyway.")
  private boolean json;

  /** Runs these in order and prints what each found; goes on after a failure. */
  int run(List<Bench> benches) {
    FindingsPrinter printer = json ? new JsonPrinter(System.out) : new TablePrinter(System.out);
    int exitCode = CommandLine.ExitCode.OK;
    for (Bench bench : benches) {
      exitCode = Math.max(exitCode, run(bench, printer));
    }
    return exitCode;
  }

  private static int run(Bench bench, FindingsPrinter printer) {
    Optional<String> missing = bench.missing();
    if (missing.isPresent()) {
      return failed(bench, missing.get());
    }
    try {
      printer.print(bench.run(line -> System.err.println(bench.name() + ": " + line)));
      return CommandLine.ExitCode.OK;
    } catch (Exception e) {
      return failed(bench, Optional.ofNullable(e.getMessage()).orElseGet(e::toString));
    }
  }

  private static int failed(Bench bench, String reason) {
    System.err.printf("egressgateway bench %s: %s%n", bench.name(), reason);
    return CommandLine.ExitCode.SOFTWARE;
  }
}
