package io.egressgateway.load.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.load.lab.LabSettings.ApiChoice;
import io.egressgateway.load.lab.guide.GuideCluster;
import io.egressgateway.load.lab.guide.GuideObjects.PolicyStatus;
import io.egressgateway.load.lab.process.LabProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Three controllers, and kill -9 of one process after the other: no packet leaves with another
 * source meanwhile, and afterwards decisions are taken as before. An agent that is killed loses its
 * lease, so that its egress IP may be on another node afterwards.
 */
final class RestartIT {
  private static final LabSettings SETTINGS =
      LabSettings.usual().with(ApiChoice.EMBEDDED).withControllers(3);
  private static final int ANSWERS_AFTER_RESTART = 20;

  private final List<Long> pids = new ArrayList<>();

  @Test
  void afterACrashOfAnyProcessPacketsKeepTheirSourceAndDecisionsGoOn() throws Exception {
    try (Lab lab = Lab.open(SETTINGS, LabWitness::event)) {
      LabWitness.explaining(lab, () -> crashAndDecide(lab));
      lab.supervisor().processes().values().forEach(process -> pids.add(process.pid()));
    }
    LabWitness.expectNone(pids);
  }

  private void crashAndDecide(Lab lab) throws Exception {
    GuideCluster guide = GuideCluster.start(lab);
    guide.createGateway();
    guide.createPods();
    try (PodExec matched = lab.exec(guide.matchedPod());
        PodExec other = lab.exec(guide.unmatchedPod())) {
      guide.createPolicy(matched);
      PolicyStatus before = status(guide);
      try (SourceWatch watch = new SourceWatch(matched)) {
        crash(List.of(lab.controllers().get(2), lab.controllers().get(0)), lab, guide, watch);
        assertThat(watch.unanswered()).as("without an answer while controllers died").isZero();
        crash(agents(lab, guide, before), lab, guide, watch);
        assertThat(watch.seen().keySet()).isEqualTo(Set.of(before.eip()));
      }
      assertThat(status(guide).eip()).isEqualTo(before.eip());
      guide.createOtherPolicy(other);
      assertThat(matched.sourceAddress(GuideCluster.ANSWER_PATIENCE)).contains(before.eip());
    }
  }

  private static List<LabProcess> agents(Lab lab, GuideCluster guide, PolicyStatus status) {
    return List.of(
        lab.supervisor().process("agent-" + status.holder()),
        lab.supervisor().process("agent-" + guide.matchedPod().node().name()));
  }

  private void crash(List<LabProcess> victims, Lab lab, GuideCluster guide, SourceWatch watch)
      throws Exception {
    for (LabProcess victim : victims) {
      pids.add(victim.pid());
      victim.crash();
      Patience.USUAL.await(
          victim.name() + " to be started again",
          () ->
              Optional.of(lab.supervisor().process(victim.name()))
                  .filter(again -> again.pid() != victim.pid()));
      guide.awaitControllers();
      guide.awaitMesh();
      watch.awaitAnswers(ANSWERS_AFTER_RESTART);
    }
  }

  private static PolicyStatus status(GuideCluster guide) throws Exception {
    return Patience.USUAL.await(
        "the policy's status",
        () -> guide.objects().policyStatus(GuideCluster.NAMESPACE, GuideCluster.POLICY));
  }
}
