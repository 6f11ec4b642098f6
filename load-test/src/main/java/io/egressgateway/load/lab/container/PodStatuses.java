package io.egressgateway.load.lab.container;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A pod's status as its kubelet writes it. Pure. */
final class PodStatuses {
  private PodStatuses() {}

  /**
   * The status.
   *
   * @param startedAt when the pod came to its node, as Kubernetes writes times
   * @param init in order; the next starts when the one before has succeeded
   * @param containers none of them has started before all of init have succeeded
   */
  static PodStatus status(
      PodFacts facts,
      String startedAt,
      List<ContainerReport> init,
      List<ContainerReport> containers) {
    boolean initialized = init.stream().allMatch(ContainerReport::succeeded);
    boolean ready = initialized && containers.stream().allMatch(ContainerReport::ready);
    SortedMap<String, Boolean> conditions = new TreeMap<>();
    conditions.put("PodScheduled", true);
    conditions.put("Initialized", initialized);
    conditions.put("ContainersReady", ready);
    conditions.put("Ready", ready);
    PodStatusBuilder status =
        new PodStatusBuilder()
            .withPhase(phase(initialized, containers))
            .withHostIP(facts.hostAddress())
            .withPodIP(facts.address())
            .addNewPodIP(facts.address())
            .withStartTime(startedAt)
            .withInitContainerStatuses(init.stream().map(PodStatuses::container).toList())
            .withContainerStatuses(containers.stream().map(PodStatuses::container).toList());
    conditions.forEach(
        (type, holds) ->
            status
                .addNewCondition()
                .withType(type)
                .withStatus(holds ? "True" : "False")
                .withLastTransitionTime(startedAt)
                .endCondition());
    return status.build();
  }

  private static String phase(boolean initialized, List<ContainerReport> containers) {
    if (!initialized) {
      return "Pending";
    }
    if (containers.stream().allMatch(ContainerReport::ended)) {
      return containers.stream().allMatch(ContainerReport::succeeded) ? "Succeeded" : "Failed";
    }
    return "Running";
  }

  private static ContainerStatus container(ContainerReport report) {
    ContainerStatusBuilder status =
        new ContainerStatusBuilder()
            .withName(report.name())
            .withImage(report.image())
            .withImageID("lab://" + report.image())
            .withReady(report.ready() || report.succeeded())
            .withRestartCount(report.restarts());
    switch (report.phase()) {
      case ContainerReport.Phase.Waiting(String reason) ->
          status.withNewState().withNewWaiting().withReason(reason).endWaiting().endState();
      case ContainerReport.Phase.Running(String since, var readiness) ->
          status.withStarted(true).withNewState().withNewRunning(since).endState();
      case ContainerReport.Phase.Ended(int code) ->
          status
              .withNewState()
              .withNewTerminated()
              .withExitCode(code)
              .withReason(code == 0 ? "Completed" : "Error")
              .endTerminated()
              .endState();
    }
    return status.build();
  }
}
