package io.egressgateway.load.bench.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;

/** One object per row, each on a line of its own, for programs. */
public final class JsonPrinter implements FindingsPrinter {
  private static final double PLACES = 1e6;

  private final PrintStream out;

  /** Prints to this stream. */
  public JsonPrinter(PrintStream out) {
    this.out = out;
  }

  @Override
  public void print(Findings findings) {
    for (Row row : findings.rows()) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      object.put("bench", findings.bench()).put("row", row.name());
      row.cells().forEach(cell -> object.put(cell.jsonName(), rounded(cell.value())));
      row.verdicts().forEach(verdict -> object.withArray("bars").add(json(verdict)));
      out.println(object);
    }
  }

  private static ObjectNode json(Verdict verdict) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("of", verdict.column())
        .put("bar", verdict.bar().text())
        .put("reached", verdict.isReached());
  }

  private static double rounded(double value) {
    return Math.round(value * PLACES) / PLACES;
  }
}
