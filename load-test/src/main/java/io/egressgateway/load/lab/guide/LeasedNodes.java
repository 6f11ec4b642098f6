package io.egressgateway.load.lab.guide;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.net.HttpProbe;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * Whether the gateway nodes can be given egress IPs. Statuses of the API do not tell: a tunnel
 * stays Ready for a while after its node has died. What is asked instead is each node's agent,
 * which is gone with its node and is ready again when it has applied its plan and has a lease, and
 * the controllers, how the gateway finds the node's lease.
 */
final class LeasedNodes {
  private static final Patience PATIENCE =
      new Patience(Duration.ofMinutes(3), Duration.ofMillis(100));

  private static final List<String> USABLE = List.of("leased", "held_down");

  private final Lab lab;
  private final String gateway;

  LeasedNodes(Lab lab, String gateway) {
    this.lab = lab;
    this.gateway = gateway;
  }

  /** Waits until these nodes can be given addresses of the gateway. */
  void await(List<NodeName> nodes) throws Exception {
    List<String> lacking = new ArrayList<>();
    try {
      PATIENCE.await(
          "every gateway node to have a lease",
          () -> {
            lacking.clear();
            lacking.addAll(lacking(nodes));
            return Optional.of(nodes).filter(all -> lacking.isEmpty());
          });
    } catch (TimeoutException e) {
      throw Patience.explained(e, e.getMessage() + ": " + lacking);
    }
  }

  private List<String> lacking(List<NodeName> nodes) {
    List<String> lacking = new ArrayList<>();
    for (NodeName node : nodes) {
      agentLacks(node).ifPresent(lacking::add);
    }
    // An agent that is not ready has no lease that a controller could know.
    return lacking.isEmpty() ? gatewayLacks(nodes) : lacking;
  }

  private Optional<String> agentLacks(NodeName node) {
    try {
      LabNode place = lab.settings().topology().node(node);
      HttpProbe.Answer answer = lab.probes().agent(place, "/readyz");
      return answer.status() == HttpURLConnection.HTTP_OK
          ? Optional.empty()
          : Optional.of("%s is not ready: %s".formatted(node, answer.body().strip()));
    } catch (IOException notListening) {
      return Optional.of(String.valueOf(notListening.getMessage()));
    }
  }

  private List<String> gatewayLacks(List<NodeName> nodes) {
    List<String> told = new ArrayList<>();
    for (int i = 0; i < lab.settings().controllers(); i++) {
      try {
        told.addAll(lab.probes().controller(i, "/metrics").body().lines().toList());
      } catch (IOException notListening) {
        return List.of(String.valueOf(notListening.getMessage()));
      }
    }
    return nodes.stream()
        .filter(node -> USABLE.stream().noneMatch(standing -> told.contains(line(node, standing))))
        .map(
            node ->
                told.stream()
                    .filter(line -> line.startsWith(line(node)))
                    .findFirst()
                    .orElse("no controller knows of gateway node " + node))
        .toList();
  }

  private String line(NodeName node) {
    return "egressgateway_gateway_nodes{gateway=\"%s\",node=\"%s\",".formatted(gateway, node);
  }

  private String line(NodeName node, String standing) {
    return line(node) + "standing=\"%s\"} 1.0".formatted(standing);
  }
}
