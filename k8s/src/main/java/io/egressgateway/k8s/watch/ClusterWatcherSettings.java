package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.plan.TunnelSettings;
import io.egressgateway.k8s.reflector.ReflectorTiming;
import java.time.Duration;

/**
 * What the watcher has to know that Kubernetes does not tell.
 *
 * @param tunnel what all tunnel devices have in common
 * @param uplinks where they differ
 * @param clusterCidrs destinations inside the cluster besides those of nodes, their pods and the
 *     tunnel; the service addresses, above all
 * @param cordon what cordoning a node means for its gateways
 * @param timing when messages are sent
 */
public record ClusterWatcherSettings(
    TunnelSettings tunnel,
    UplinkRules uplinks,
    CidrSet clusterCidrs,
    Cordon cordon,
    Timing timing) {

  /** What cordoning a node means for the gateways that it is a member of. */
  public enum Cordon {
    /** It keeps its egress IPs and gets no more. */
    KEEPS_EGRESS_IPS,
    /** Nothing: cordoning is about pods. */
    IGNORED
  }

  /**
   * When messages are sent.
   *
   * @param rest after changes were told; those of this time are told together at its end
   * @param resyncInterval in which everything is told again once, evenly spread; longer where that
   *     would be more than a hundred objects a second
   * @param reflectors of listing and watching
   */
  public record Timing(Duration rest, Duration resyncInterval, ReflectorTiming reflectors) {

    /** Ten milliseconds, ten seconds. */
    public static Timing standard() {
      return new Timing(Duration.ofMillis(10), Duration.ofSeconds(10), ReflectorTiming.standard());
    }
  }
}
