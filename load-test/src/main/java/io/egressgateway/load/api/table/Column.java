package io.egressgateway.load.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/** One column of a table: its definition and how a cell is made. */
record Column(String name, String type, int priority, Cell cell) {

  /** Makes a cell: a JSON scalar, a null for an empty one. */
  @FunctionalInterface
  interface Cell {
    JsonNode of(JsonNode object, Instant now);
  }

  /** A column that is always shown. */
  static Column of(String name, Cell cell) {
    return new Column(name, "string", 0, cell);
  }

  /** A column that {@code -o wide} shows. */
  static Column wide(String name, Cell cell) {
    return new Column(name, "string", 1, cell);
  }
}
