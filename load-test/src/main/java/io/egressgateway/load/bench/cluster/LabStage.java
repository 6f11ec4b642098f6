package io.egressgateway.load.bench.cluster;

import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.LabRun;
import io.egressgateway.load.lab.LabSettings;
import io.egressgateway.load.lab.guide.GuideCluster;
import java.util.function.Consumer;

/**
 * A lab with the guide's gateway and pods, but no policy yet.
 *
 * @param progress receives what goes on
 */
record LabStage(Lab lab, GuideCluster cluster, Consumer<String> progress) {

  /** What is done in a lab. */
  @FunctionalInterface
  interface Scene<T> {
    T play(LabStage stage) throws Exception;
  }

  /** Builds the usual lab, has the scene played and removes the lab, on a signal too. */
  static <T> T set(Consumer<String> progress, Scene<T> scene) throws Exception {
    return set(LabSettings.usual(), progress, scene);
  }

  /** The same in a lab with these settings. */
  static <T> T set(LabSettings settings, Consumer<String> progress, Scene<T> scene)
      throws Exception {
    return LabRun.play(settings, progress, lab -> scene.play(build(lab, progress)));
  }

  private static LabStage build(Lab lab, Consumer<String> progress) throws Exception {
    progress.accept(
        "building the lab: %d nodes, %d controller(s)"
            .formatted(lab.settings().topology().nodes().size(), lab.settings().controllers()));
    GuideCluster cluster = GuideCluster.start(lab);
    progress.accept("the mesh stands; creating the guide's gateway and pods");
    cluster.createGateway();
    cluster.createPods();
    return new LabStage(lab, cluster, progress);
  }
}
