package io.egressgateway.load.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.fault.Breakage;
import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.LabSettings;
import io.egressgateway.load.lab.LabSettings.ApiChoice;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.process.LabProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** One lab and scene for all tests of a class, and what every row of the matrix asserts. */
final class SharedScene {
  private static final int GATEWAYS = 4;
  private static final int LOG_LINES = 60;
  private static final Path KEPT = Path.of("target", "lab-logs");

  private final Lab lab;
  private final Scene scene;

  private SharedScene(Lab lab, Scene scene) {
    this.lab = lab;
    this.scene = scene;
  }

  static SharedScene start() throws Exception {
    return start(LabSettings.usual());
  }

  /** In a lab with these settings but for who is there. */
  static SharedScene start(LabSettings usual) throws Exception {
    LabSettings settings =
        usual.with(ApiChoice.EMBEDDED).with(Topology.of(GATEWAYS, 1)).withControllers(3);
    Lab lab = Lab.open(settings, System.out::println);
    try {
      return new SharedScene(lab, Scene.set(lab, System.out::println));
    } catch (Exception | AssertionError e) {
      System.out.println(lab.supervisor().logTails(LOG_LINES));
      lab.close();
      throw e;
    }
  }

  Scene scene() {
    return scene;
  }

  /** A row of the matrix. */
  @FunctionalInterface
  interface Row {
    void play(Scene scene) throws Exception;
  }

  /**
   * Plays a row, mends everything, and asserts what holds in every one: never two holders, never a
   * source that is not the policy's, and in the end packets flow and the kernels have nothing left
   * over.
   */
  void row(Row row) throws Exception {
    List<String> before = scene.violations();
    try {
      scene.awaitFlow();
      row.play(scene);
      scene.settle();
      awaitTidyKernels();
      assertThat(scene.violations()).isEqualTo(before);
    } catch (Exception | AssertionError e) {
      System.out.println(lab.supervisor().logTails(LOG_LINES));
      keepLogs();
      throw e;
    }
  }

  /** The lab's folder goes with the lab. */
  private void keepLogs() throws IOException {
    Files.createDirectories(KEPT);
    for (LabProcess process : lab.supervisor().processes().values()) {
      Files.copy(
          process.log(),
          KEPT.resolve(process.name() + ".log"),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Has the holder struck, waits for another one, mends, and says who was struck. */
  NodeName takeover(Takeover.Cause cause) throws Exception {
    Takeover.Observed seen = Takeover.watch(scene, cause);
    seen.breakage().mend();
    return seen.takeover().from();
  }

  /** What is broken must not move the address, nor cost a datagram or a lease. */
  void unmoved(Breakage breakage, Breakage.Interlude meanwhile) throws Exception {
    NodeName holder = scene.holder();
    Lapses lapses = Lapses.count(lab);
    long began = System.nanoTime();
    breakage.during(meanwhile);
    assertThat(scene.holder()).isEqualTo(holder);
    assertThat(Lapses.count(lab).since(lapses)).as("lapses").isZero();
    assertThat(scene.stream().lostSince(began)).as("datagrams lost").isZero();
  }

  private void awaitTidyKernels() throws Exception {
    SortedSet<IpAddress> held = new TreeSet<>(Set.of(scene.eip()));
    Patience.USUAL.await(
        "the egress IP to be in the holder's kernel, its gate open, and in no other",
        () -> {
          Map<NodeName, SortedSet<IpAddress>> wanted = Map.of(scene.holder(), held);
          boolean tidy =
              scene.kernels().prepared().equals(wanted) && scene.kernels().open().equals(wanted);
          return tidy ? Optional.of(wanted) : Optional.empty();
        });
  }

  /** Takes everything down. */
  void end() throws Exception {
    try {
      scene.close();
    } finally {
      lab.close();
    }
  }
}
