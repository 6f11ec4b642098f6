package io.egressgateway.load.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** The columns of deployments, replica sets, daemon sets, stateful sets and services. */
final class WorkloadCells {
  private static final Column AGE = Column.of("Age", Cells.age("/metadata/creationTimestamp"));

  private WorkloadCells() {}

  static List<Column> deployment() {
    return List.of(
        Column.of("Ready", Cells.text(workload -> readyOf(workload, "replicas"))),
        Column.of("Up-to-date", status("updatedReplicas")),
        Column.of("Available", status("availableReplicas")),
        AGE,
        Column.wide("Containers", Cells.text(workload -> containers(workload, "name"))),
        Column.wide("Images", Cells.text(workload -> containers(workload, "image"))),
        Column.wide("Selector", Cells.text(WorkloadCells::selector)));
  }

  static List<Column> replicaSet() {
    return List.of(
        Column.of("Desired", spec("replicas")),
        Column.of("Current", status("replicas")),
        Column.of("Ready", status("readyReplicas")),
        AGE,
        Column.wide("Containers", Cells.text(workload -> containers(workload, "name"))),
        Column.wide("Images", Cells.text(workload -> containers(workload, "image"))),
        Column.wide("Selector", Cells.text(WorkloadCells::selector)));
  }

  static List<Column> statefulSet() {
    return List.of(Column.of("Ready", Cells.text(workload -> readyOf(workload, "replicas"))), AGE);
  }

  static List<Column> daemonSet() {
    return List.of(
        Column.of("Desired", status("desiredNumberScheduled")),
        Column.of("Current", status("currentNumberScheduled")),
        Column.of("Ready", status("numberReady")),
        Column.of("Up-to-date", status("updatedNumberScheduled")),
        Column.of("Available", status("numberAvailable")),
        AGE);
  }

  static List<Column> service() {
    return List.of(
        Column.of(
            "Type", Cells.text(service -> service.path("spec").path("type").asText("ClusterIP"))),
        Column.of("Cluster-IP", Cells.textAt("spec", "clusterIP")),
        Column.of("External-IP", Cells.text(service -> Cells.NONE)),
        Column.of("Port(s)", Cells.text(WorkloadCells::ports)),
        AGE,
        Column.wide(
            "Selector",
            Cells.text(service -> Cells.labels(service.path("spec").path("selector")))));
  }

  private static Column.Cell spec(String field) {
    return Cells.number(workload -> workload.path("spec").path(field).asInt(1));
  }

  private static Column.Cell status(String field) {
    return Cells.number(workload -> workload.path("status").path(field).asInt(0));
  }

  private static String readyOf(JsonNode workload, String field) {
    return workload.path("status").path("readyReplicas").asInt(0)
        + "/"
        + workload.path("spec").path(field).asInt(1);
  }

  private static String containers(JsonNode workload, String field) {
    return Cells.join(
        workload.path("spec").path("template").path("spec").path("containers"), field);
  }

  private static String selector(JsonNode workload) {
    return Cells.labels(workload.path("spec").path("selector").path("matchLabels"));
  }

  private static String ports(JsonNode service) {
    List<String> ports =
        service
            .path("spec")
            .path("ports")
            .valueStream()
            .map(port -> port.path("port").asText() + "/" + port.path("protocol").asText("TCP"))
            .toList();
    return ports.isEmpty() ? Cells.NONE : String.join(",", ports);
  }
}
