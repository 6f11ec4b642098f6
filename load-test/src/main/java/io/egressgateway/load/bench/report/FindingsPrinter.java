package io.egressgateway.load.bench.report;

/** Prints what was found. */
public sealed interface FindingsPrinter permits TablePrinter, JsonPrinter {
  /** Prints it at once. */
  void print(Findings findings);
}
