package io.egressgateway.load.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.store.CustomDefinition;
import io.egressgateway.load.api.store.Json;
import io.egressgateway.load.api.store.PrinterColumn;
import io.egressgateway.load.api.store.ResourceType;
import java.time.Instant;
import java.util.List;

/**
 * Renders {@code meta.k8s.io/v1 Table} documents.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables">Receiving
 *     resources as Tables</a>
 */
public final class TableRenderer {
  /** What each row carries beside its cells: the query parameter {@code includeObject}. */
  public enum RowObject {
    /** Nothing. */
    NONE,
    /** Its metadata, the default. */
    METADATA,
    /** All of it. */
    OBJECT
  }

  private final List<Column> columns;
  private final RowObject rowObject;

  private TableRenderer(List<Column> columns, RowObject rowObject) {
    this.columns = columns;
    this.rowObject = rowObject;
  }

  /** The renderer for one resource. */
  public static TableRenderer of(ResourceType type, RowObject rowObject) {
    List<Column> columns =
        type.custom().map(TableRenderer::customColumns).orElseGet(() -> BuiltInColumns.of(type));
    return new TableRenderer(columns, rowObject);
  }

  /** A table of the objects; {@code revision} is the list's. */
  public ObjectNode render(List<? extends JsonNode> objects, long revision, Instant now) {
    ObjectNode table = Json.object();
    table.put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    table.putObject("metadata").put("resourceVersion", Long.toString(revision));
    ArrayNode definitions = table.putArray("columnDefinitions");
    for (Column column : columns) {
      definitions
          .addObject()
          .put("name", column.name())
          .put("type", column.type())
          .put("format", column.name().equals("Name") ? "name" : "")
          .put("description", "")
          .put("priority", column.priority());
    }
    ArrayNode rows = table.putArray("rows");
    for (JsonNode object : objects) {
      ObjectNode row = rows.addObject();
      ArrayNode cells = row.putArray("cells");
      columns.forEach(column -> cells.add(column.cell().of(object, now)));
      addObject(row, object);
    }
    return table;
  }

  private void addObject(ObjectNode row, JsonNode object) {
    switch (rowObject) {
      case NONE -> {}
      case METADATA -> {
        ObjectNode partial = row.putObject("object");
        partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", object.path("metadata"));
      }
      case OBJECT -> row.set("object", object);
    }
  }

  private static List<Column> customColumns(CustomDefinition definition) {
    if (definition.columns().isEmpty()) {
      return BuiltInColumns.named(
          List.of(Column.of("Age", Cells.age("/metadata/creationTimestamp"))));
    }
    return BuiltInColumns.named(
        definition.columns().stream().map(TableRenderer::customColumn).toList());
  }

  private static Column customColumn(PrinterColumn column) {
    JsonPath path = JsonPath.parse(column.jsonPath());
    Column.Cell cell =
        (object, now) ->
            path.find(object).stream()
                .findFirst()
                .map(value -> customCell(column, value, now))
                .orElse(NullNode.getInstance());
    return new Column(column.name(), column.type(), column.priority(), cell);
  }

  private static JsonNode customCell(PrinterColumn column, JsonNode value, Instant now) {
    if (column.type().equals("date")) {
      return Json.object().textNode(Age.of(value.asText(), now));
    }
    if (column.type().equals("string") && !value.isTextual()) {
      return Json.object().textNode(value.isValueNode() ? value.asText() : value.toString());
    }
    return value;
  }
}
