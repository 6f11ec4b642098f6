package io.egressgateway.load.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.egressgateway.load.api.store.Json;
import java.util.List;

/** The columns of {@code kubectl get pods}. */
final class PodCells {
  private PodCells() {}

  static List<Column> columns() {
    return List.of(
        Column.of("Ready", Cells.text(PodCells::ready)),
        Column.of("Status", Cells.text(PodCells::status)),
        Column.of("Restarts", Cells.text(PodCells::restarts)),
        Column.of("Age", Cells.age("/metadata/creationTimestamp")),
        Column.wide("IP", Cells.textAt("status", "podIP")),
        Column.wide("Node", Cells.textAt("spec", "nodeName")),
        Column.wide("Nominated Node", Cells.textAt("status", "nominatedNodeName")),
        Column.wide("Readiness Gates", Cells.text(pod -> Cells.NONE)));
  }

  private static String ready(JsonNode pod) {
    long ready =
        pod.path("status")
            .path("containerStatuses")
            .valueStream()
            .filter(container -> container.path("ready").asBoolean(false))
            .count();
    return ready + "/" + pod.path("spec").path("containers").size();
  }

  private static String status(JsonNode pod) {
    if (pod.path("metadata").has("deletionTimestamp")) {
      return "Terminating";
    }
    for (JsonNode container : pod.path("status").path("containerStatuses")) {
      JsonNode state = container.path("state");
      String reason =
          state
              .path("waiting")
              .path("reason")
              .asText(state.path("terminated").path("reason").asText(""));
      if (!reason.isEmpty()) {
        return reason;
      }
    }
    return Json.text(pod, "status", "reason")
        .or(() -> Json.text(pod, "status", "phase"))
        .orElse("Unknown");
  }

  private static String restarts(JsonNode pod) {
    return Integer.toString(
        pod.path("status")
            .path("containerStatuses")
            .valueStream()
            .mapToInt(container -> container.path("restartCount").asInt(0))
            .sum());
  }
}
