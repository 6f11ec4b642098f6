package io.egressgateway.node.agent;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.tls.TlsFiles;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How the agent reaches the controllers.
 *
 * @param controllers any of them will do; tried in turn; at least one
 * @param tls this agent's credentials
 * @param identity who this agent is
 * @param retry between attempts
 */
public record LinkSettings(
    List<Endpoint> controllers, TlsFiles tls, Identity identity, Retry retry) {

  /** Where a controller listens. */
  public record Endpoint(String host, int port) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /**
   * @param bootId changes with every boot of the node
   * @param incarnation grows with every start of the agent within a boot
   */
  public record Identity(NodeName node, String bootId, long incarnation, String version) {}

  /**
   * @param backoff delays after rounds of failed attempts in a row; each is shortened at random by
   *     up to half
   * @param silence a controller that does not answer a ping for this long is given up
   */
  public record Retry(Backoff backoff, Duration silence, RandomGenerator random) {
    /** Agents of a controller that is gone do not all knock at the next one's door at once. */
    private static final Duration HOP_MAX = Duration.ofMillis(50);

    /**
     * The delay before the next attempt: short as long as there is a controller that was not tried.
     *
     * @param failures in a row, at least one
     * @param controllers how many there are to try
     */
    Duration after(int failures, int controllers) {
      if (failures % controllers != 0) {
        return Duration.ofNanos((long) (random.nextDouble() * HOP_MAX.toNanos()));
      }
      long most = backoff.after(failures / controllers).toNanos();
      return Duration.ofNanos(most - (long) (random.nextDouble() * most / 2));
    }
  }

  public LinkSettings {
    controllers = List.copyOf(controllers);
    if (controllers.isEmpty()) {
      throw new IllegalArgumentException("the agent needs the address of at least one controller");
    }
  }
}
