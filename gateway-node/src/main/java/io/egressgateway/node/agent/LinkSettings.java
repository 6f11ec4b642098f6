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
   * @param backoff delays after failed attempts in a row; each is shortened at random by up to half
   * @param silence a controller that does not answer a ping for this long is given up
   */
  public record Retry(Backoff backoff, Duration silence, RandomGenerator random) {

    Duration after(int failures) {
      long most = backoff.after(failures).toNanos();
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
