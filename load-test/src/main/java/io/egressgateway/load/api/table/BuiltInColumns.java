package io.egressgateway.load.api.table;

import io.egressgateway.load.api.store.ResourceType;
import java.util.ArrayList;
import java.util.List;

/** The columns of the built-in kinds; those not named here have NAME and AGE. */
final class BuiltInColumns {
  private static final Column NAME = Column.of("Name", Cells.textAt("metadata", "name"));
  private static final Column AGE = Column.of("Age", Cells.age("/metadata/creationTimestamp"));

  private BuiltInColumns() {}

  static List<Column> of(ResourceType type) {
    return switch (type.qualifiedName()) {
      case "events" -> EventCells.columns();
      case "pods" -> named(PodCells.columns());
      case "nodes" -> named(NodeCells.columns());
      case "namespaces" ->
          named(List.of(Column.of("Status", Cells.textAt("status", "phase")), AGE));
      case "services" -> named(WorkloadCells.service());
      case "deployments.apps" -> named(WorkloadCells.deployment());
      case "replicasets.apps" -> named(WorkloadCells.replicaSet());
      case "statefulsets.apps" -> named(WorkloadCells.statefulSet());
      case "daemonsets.apps" -> named(WorkloadCells.daemonSet());
      case "configmaps" ->
          named(List.of(Column.of("Data", Cells.number(map -> map.path("data").size())), AGE));
      case "secrets" ->
          named(
              List.of(
                  Column.of("Type", Cells.textAt("type")),
                  Column.of("Data", Cells.number(secret -> secret.path("data").size())),
                  AGE));
      case "leases.coordination.k8s.io" ->
          named(List.of(Column.of("Holder", Cells.textAt("spec", "holderIdentity")), AGE));
      case "customresourcedefinitions.apiextensions.k8s.io" ->
          named(List.of(Column.of("Created At", Cells.textAt("metadata", "creationTimestamp"))));
      default -> named(List.of(AGE));
    };
  }

  static List<Column> named(List<Column> columns) {
    List<Column> all = new ArrayList<>();
    all.add(NAME);
    all.addAll(columns);
    return List.copyOf(all);
  }
}
