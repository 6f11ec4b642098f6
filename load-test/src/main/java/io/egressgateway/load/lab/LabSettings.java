package io.egressgateway.load.lab;

import io.egressgateway.load.lab.process.Distribution;
import io.egressgateway.load.lab.process.RunState;
import java.nio.file.Path;

/**
 * What lab to build.
 *
 * @param directory for logs, keys and data; emptied at start, removed at the end
 * @param controllers how many members the control plane has, 1 to {@value #CONTROLLERS_MAX}
 */
public record LabSettings(
    Distribution distribution, Path directory, Topology topology, int controllers) {
  /** More would only compete for the processor. */
  public static final int CONTROLLERS_MAX = 5;

  /**
   * @throws IllegalArgumentException if the number of controllers is out of range
   */
  public LabSettings {
    if (controllers < 1 || controllers > CONTROLLERS_MAX) {
      throw new IllegalArgumentException(
          "%d controllers; the lab runs 1 to %d".formatted(controllers, CONTROLLERS_MAX));
    }
  }

  /** The guide's nodes and one controller, in the usual folder. */
  public static LabSettings guide() {
    return new LabSettings(Distribution.ofThisProcess(), RunState.DIRECTORY, Topology.guide(), 1);
  }

  /** With this many controllers. */
  public LabSettings withControllers(int number) {
    return new LabSettings(distribution, directory, topology, number);
  }

  /** In this folder. */
  public LabSettings in(Path otherDirectory) {
    return new LabSettings(distribution, otherDirectory, topology, controllers);
  }
}
