package io.egressgateway.load.bench.report;

import java.util.List;

/**
 * Everything that a benchmark found.
 *
 * @param bench its name
 * @param rows in the order of printing
 * @param remarks how it was measured, and against what each number is a ratio
 */
public record Findings(String bench, List<Row> rows, List<String> remarks) {
  /** Makes the lists immutable. */
  public Findings {
    rows = List.copyOf(rows);
    remarks = List.copyOf(remarks);
  }
}
