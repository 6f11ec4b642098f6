package io.egressgateway.load.lab;

import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.load.lab.process.Distribution;
import io.egressgateway.load.lab.process.RunState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What lab to build.
 *
 * @param distribution what runs in it
 * @param directory for logs, keys and data; emptied at start, removed at the end
 * @param api which Kubernetes API
 * @param environment what a process of this name has in its environment besides this one's
 */
public record LabSettings(
    Distribution distribution,
    Path directory,
    ApiChoice api,
    Cluster cluster,
    Function<String, Map<String, String>> environment) {
  /** More would only compete for the processor. */
  public static final int CONTROLLERS_MAX = 5;

  /** Which Kubernetes API a lab has. */
  public enum ApiChoice {
    /** The real one where KUBEBUILDER_ASSETS names it, else the embedded one. */
    FROM_ENVIRONMENT,
    /** Our own, in this process. */
    EMBEDDED,
    /** kube-apiserver and etcd; it is an error if KUBEBUILDER_ASSETS does not name them. */
    REAL
  }

  /**
   * Who is there.
   *
   * @param controllers how many members the control plane has, 1 to {@value #CONTROLLERS_MAX}
   * @param profile the leases of its gateway nodes
   * @param controlStaleTimeout after how long controllers dismiss a node that they do not hear;
   *     empty means never
   */
  public record Cluster(
      Topology topology,
      int controllers,
      LeaseProfile profile,
      Optional<Duration> controlStaleTimeout) {
    /**
     * @throws IllegalArgumentException if the number of controllers is out of range
     */
    public Cluster {
      if (controllers < 1 || controllers > CONTROLLERS_MAX) {
        throw new IllegalArgumentException(
            "%d controllers; the lab runs 1 to %d".formatted(controllers, CONTROLLERS_MAX));
      }
    }

    /** The guide's nodes, two more workers, and one controller. */
    public static Cluster guide() {
      return new Cluster(Topology.guide(), 1, LeaseProfile.DEFAULT, Optional.empty());
    }
  }

  /** The guide's cluster, the API from the environment, in the usual folder. */
  public static LabSettings usual() {
    return new LabSettings(
        Distribution.ofThisProcess(),
        RunState.DIRECTORY,
        ApiChoice.FROM_ENVIRONMENT,
        Cluster.guide(),
        process -> Map.of());
  }

  /** With this many controllers. */
  public LabSettings withControllers(int number) {
    return with(new Cluster(topology(), number, profile(), controlStaleTimeout()));
  }

  /** With these nodes. */
  public LabSettings with(Topology topology) {
    return with(new Cluster(topology, controllers(), profile(), controlStaleTimeout()));
  }

  /** With these leases. */
  public LabSettings with(LeaseProfile profile) {
    return with(new Cluster(topology(), controllers(), profile, controlStaleTimeout()));
  }

  /** With controllers that dismiss a node that they have not heard for so long. */
  public LabSettings withControlStaleTimeout(Duration timeout) {
    return with(new Cluster(topology(), controllers(), profile(), Optional.of(timeout)));
  }

  private LabSettings with(Cluster other) {
    return new LabSettings(distribution, directory, api, other, environment);
  }

  /** With this API. */
  public LabSettings with(ApiChoice choice) {
    return new LabSettings(distribution, directory, choice, cluster, environment);
  }

  /** In this folder. */
  public LabSettings in(Path otherDirectory) {
    return new LabSettings(distribution, otherDirectory, api, cluster, environment);
  }

  /** With this in the environment of processes, by their names. */
  public LabSettings withEnvironment(Function<String, Map<String, String>> ofProcess) {
    return new LabSettings(distribution, directory, api, cluster, ofProcess);
  }

  /** The nodes. */
  public Topology topology() {
    return cluster.topology();
  }

  /** The leases of its gateway nodes. */
  public LeaseProfile profile() {
    return cluster.profile();
  }

  /** After how long controllers dismiss a node that they do not hear. */
  public Optional<Duration> controlStaleTimeout() {
    return cluster.controlStaleTimeout();
  }

  /** How many members the control plane has. */
  public int controllers() {
    return cluster.controllers();
  }
}
