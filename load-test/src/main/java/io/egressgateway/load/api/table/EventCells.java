package io.egressgateway.load.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;

/** The columns of {@code kubectl get events}. */
final class EventCells {
  private EventCells() {}

  /** An event's own NAME comes last and only with {@code -o wide}. */
  static List<Column> columns() {
    return List.of(
        Column.of(
            "Last Seen",
            Cells.age(
                "/series/lastObservedTime",
                "/lastTimestamp",
                "/eventTime",
                "/firstTimestamp",
                "/metadata/creationTimestamp")),
        Column.of("Type", Cells.textAt("type")),
        Column.of("Reason", Cells.textAt("reason")),
        Column.of("Object", Cells.text(EventCells::subject)),
        Column.wide(
            "Subobject", Cells.text(event -> event.at("/involvedObject/fieldPath").asText(""))),
        Column.wide("Source", Cells.text(EventCells::source)),
        Column.of("Message", Cells.text(event -> event.path("message").asText("").strip())),
        Column.wide(
            "First Seen",
            Cells.age("/firstTimestamp", "/eventTime", "/metadata/creationTimestamp")),
        Column.wide("Count", Cells.text(event -> event.path("count").asText("1"))),
        Column.wide("Name", Cells.textAt("metadata", "name")));
  }

  private static String subject(JsonNode event) {
    JsonNode subject = event.path("involvedObject");
    return subject.path("kind").asText("").toLowerCase(Locale.ROOT)
        + "/"
        + subject.path("name").asText("");
  }

  private static String source(JsonNode event) {
    return event.at("/source/component").asText(event.path("reportingComponent").asText(""));
  }
}
