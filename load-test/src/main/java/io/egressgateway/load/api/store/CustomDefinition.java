package io.egressgateway.load.api.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What a CustomResourceDefinition adds to a type.
 *
 * @param schema the served version's {@code openAPIV3Schema}; must not be changed
 * @param columns its {@code additionalPrinterColumns}
 */
public record CustomDefinition(JsonNode schema, List<PrinterColumn> columns) {

  /** Copies the list. */
  public CustomDefinition {
    columns = List.copyOf(columns);
  }
}
