package io.egressgateway.load.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The columns of {@code kubectl get nodes}. */
final class NodeCells {
  private static final String ROLE = "node-role.kubernetes.io/";

  private NodeCells() {}

  static List<Column> columns() {
    return List.of(
        Column.of("Status", Cells.text(NodeCells::status)),
        Column.of("Roles", Cells.text(NodeCells::roles)),
        Column.of("Age", Cells.age("/metadata/creationTimestamp")),
        Column.of("Version", Cells.text(node -> fact(node, "kubeletVersion"))),
        Column.wide("Internal-IP", Cells.text(node -> address(node, "InternalIP"))),
        Column.wide("External-IP", Cells.text(node -> address(node, "ExternalIP"))),
        Column.wide("OS-Image", Cells.text(node -> known(fact(node, "osImage")))),
        Column.wide("Kernel-Version", Cells.text(node -> known(fact(node, "kernelVersion")))),
        Column.wide(
            "Container-Runtime", Cells.text(node -> known(fact(node, "containerRuntimeVersion")))));
  }

  private static String status(JsonNode node) {
    String ready =
        node.path("status")
            .path("conditions")
            .valueStream()
            .filter(condition -> condition.path("type").asText().equals("Ready"))
            .map(
                condition ->
                    condition.path("status").asText().equals("True") ? "Ready" : "NotReady")
            .findFirst()
            .orElse("Unknown");
    return node.path("spec").path("unschedulable").asBoolean(false)
        ? ready + ",SchedulingDisabled"
        : ready;
  }

  private static String roles(JsonNode node) {
    String roles =
        node.path("metadata")
            .path("labels")
            .propertyStream()
            .map(Map.Entry::getKey)
            .filter(label -> label.startsWith(ROLE))
            .map(label -> label.substring(ROLE.length()))
            .sorted()
            .collect(Collectors.joining(","));
    return roles.isEmpty() ? Cells.NONE : roles;
  }

  private static String address(JsonNode node, String type) {
    return node.path("status")
        .path("addresses")
        .valueStream()
        .filter(address -> address.path("type").asText().equals(type))
        .map(address -> address.path("address").asText())
        .findFirst()
        .orElse(Cells.NONE);
  }

  private static String fact(JsonNode node, String name) {
    return node.path("status").path("nodeInfo").path(name).asText("");
  }

  private static String known(String text) {
    return text.isEmpty() ? "<unknown>" : text;
  }
}
