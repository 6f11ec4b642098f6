package io.egressgateway.load.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.load.lab.LabSettings.ApiChoice;
import io.egressgateway.load.lab.guide.GuideCluster;
import io.egressgateway.load.lab.kube.PodPlacement;
import io.egressgateway.load.lab.net.NetNamespace;
import io.egressgateway.load.lab.process.LabBusyException;
import io.egressgateway.load.lab.process.LabProcess;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The lab without the product: pods run, and leave with their node's address. */
final class LabIT {
  private static final LabSettings SETTINGS = LabSettings.usual().with(ApiChoice.EMBEDDED);

  private static Lab cluster() throws Exception {
    Lab lab = Lab.open(SETTINGS, LabWitness::event);
    try {
      lab.buildNetwork();
      lab.startServer();
      lab.startApi();
      lab.startKubelet();
    } catch (Exception e) {
      lab.close();
      throw e;
    }
    return lab;
  }

  @Test
  void podsLeaveWithTheirNodesAddressAndNothingIsLeftBehind() throws Exception {
    List<Long> pids = new ArrayList<>();
    try (Lab lab = cluster()) {
      GuideCluster guide = new GuideCluster(lab);
      guide.createPods();
      pids.addAll(lab.supervisor().processes().values().stream().map(LabProcess::pid).toList());
      for (PodPlacement pod : List.of(guide.matchedPod(), guide.unmatchedPod())) {
        try (PodExec inside = lab.exec(pod)) {
          guide.awaitSource(inside, pod.node().underlay());
        }
      }
      assertThat(lab.supervisor().process(Lab.SERVER_NAME).output())
          .contains(guide.matchedPod().node().underlay().toString());
    }
    LabWitness.expectNone(pids);
  }

  @Test
  void deletedPodsAreReplacedAndTheirNamespacesRemoved() throws Exception {
    try (Lab lab = cluster()) {
      GuideCluster guide = new GuideCluster(lab);
      guide.createPods();
      PodPlacement first = guide.matchedPod();
      lab.client().pods().inNamespace("default").withName(first.key().name()).delete();
      PodPlacement second =
          Patience.USUAL.await(
              "another pod in place of " + first.key(),
              () ->
                  lab.kubelet().pods().values().stream()
                      .filter(pod -> pod.key().name().startsWith("test-app-"))
                      .filter(pod -> !pod.uid().equals(first.uid()))
                      .findFirst());
      assertThat(second.address()).isNotEqualTo(first.address());
      Patience.USUAL.await(
          "the first pod's namespace to go",
          () -> Optional.of(first).filter(pod -> Files.notExists(pod.netNamespace().path())));
      try (PodExec inside = lab.exec(second)) {
        guide.awaitSource(inside, second.node().underlay());
      }
    }
  }

  @Test
  void aSecondLabIsRefusedAndTheLeftoversOfAKilledOneAreRemoved() throws Exception {
    try (Lab lab = Lab.open(SETTINGS, LabWitness::event)) {
      lab.buildNetwork();
      assertThatThrownBy(() -> Lab.open(SETTINGS, LabWitness::event))
          .isInstanceOf(LabBusyException.class)
          .hasMessageContaining("another lab");
    }
    Files.createDirectories(NetNamespace.DIRECTORY);
    Files.createFile(NetNamespace.DIRECTORY.resolve(NetNamespace.PREFIX + "killed-halfway"));
    try (Lab lab = Lab.open(SETTINGS, LabWitness::event)) {
      assertThat(NetNamespace.DIRECTORY.resolve(NetNamespace.PREFIX + "killed-halfway"))
          .doesNotExist();
      assertThat(lab.supervisor().processes()).isEmpty();
    }
    LabWitness.expectNone(List.of());
  }
}
