package io.egressgateway.policy.link;

import com.typesafe.config.Config;
import io.egressgateway.core.tls.TlsFiles;
import java.time.Duration;

/**
 * Where agents are served.
 *
 * @param host address to listen on
 * @param port TCP port to listen on, 0 for any that is free
 * @param tls who the server is and whom it trusts, read again when they change
 * @param limits what one agent may cost
 */
public record AgentLinkSettings(String host, int port, TlsFiles tls, Limits limits) {

  /**
   * @param inboundBytesMax size of one message of an agent
   * @param attachInterval how often a session tells the node's entity that it is there
   * @param keepAlive after this much silence the connection is probed
   * @param keepAliveTimeout a connection that does not answer the probe for this long is dead
   */
  public record Limits(
      int inboundBytesMax,
      Duration attachInterval,
      Duration keepAlive,
      Duration keepAliveTimeout) {}

  /** Reads {@code egressgateway.agent-link}; certificates are named by the operator. */
  public static AgentLinkSettings from(Config config, TlsFiles tls) {
    Config link = config.getConfig("egressgateway.agent-link");
    return new AgentLinkSettings(
        link.getString("host"),
        link.getInt("port"),
        tls,
        new Limits(
            Math.toIntExact(link.getBytes("inbound-message-max")),
            link.getDuration("attach-interval"),
            link.getDuration("keep-alive"),
            link.getDuration("keep-alive-timeout")));
  }
}
