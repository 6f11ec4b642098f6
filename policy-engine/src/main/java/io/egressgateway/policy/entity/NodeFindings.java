package io.egressgateway.policy.entity;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PortShortage;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What an agent found wrong in its node's kernel. It is said, and moves nothing.
 *
 * @param collisions what others have in the datapath's way, each with the remedy
 * @param shortages destinations to which egress IPs of the node have no port left
 */
public record NodeFindings(SortedSet<String> collisions, SortedSet<PortShortage> shortages) {
  /** Nothing. */
  public static final NodeFindings NONE = new NodeFindings(new TreeSet<>(), new TreeSet<>());

  /** The type of the condition that says that an egress IP has no port left. */
  public static final String PORTS_EXHAUSTED = "PortsExhausted";

  private static final String NO_PORT_LEFT = "NoPortLeft";
  private static final String CONSEQUENCE =
      ": new ones are dropped, none leaves with another address; give these pods more egress IPs, by"
          + " several policies, or have them keep connections";

  private static final int NAMED_MAX = 5;
  private static final int IPPROTO_TCP = 6;
  private static final int IPPROTO_UDP = 17;
  private static final int IPPROTO_SCTP = 132;

  public NodeFindings {
    collisions = Collections.unmodifiableSortedSet(new TreeSet<>(collisions));
    shortages = Collections.unmodifiableSortedSet(new TreeSet<>(shortages));
  }

  private static Optional<NodeFindings> said(NodeReports.Situation situation) {
    return situation.agent() == NodeReports.Agent.SILENT
        ? Optional.empty()
        : situation.facts().map(AgentFacts::findings);
  }

  /** Empty if nothing is in the way, or if the agent that said otherwise is silent by now. */
  static Optional<Condition> collision(NodeName node, NodeReports.Situation situation) {
    return said(situation)
        .map(NodeFindings::collisions)
        .filter(found -> !found.isEmpty())
        .map(
            found ->
                new Condition(
                    "DatapathCollision",
                    Condition.Status.TRUE,
                    "InTheWay",
                    "on node %s others have what the datapath needs for itself: %s%s"
                        .formatted(
                            node,
                            found.stream().limit(NAMED_MAX).collect(Collectors.joining("; ")),
                            more(found, " in the way"))));
  }

  /** Empty if there are ports, or if the agent that said otherwise is silent by now. */
  static Optional<Condition> portShortage(NodeReports.Situation situation) {
    return said(situation)
        .map(NodeFindings::shortages)
        .filter(found -> !found.isEmpty())
        .map(
            found ->
                new Condition(
                    PORTS_EXHAUSTED,
                    Condition.Status.TRUE,
                    NO_PORT_LEFT,
                    "no port is left for another connection %s%s"
                            .formatted(
                                found.stream()
                                    .limit(NAMED_MAX)
                                    .map(NodeFindings::text)
                                    .collect(Collectors.joining(", ")),
                                more(found, " destinations"))
                        + CONSEQUENCE));
  }

  /**
   * The same for an object whose egress IPs these are. Destinations come and go, and an egress IP
   * may have a thousand policies: they are named in one place, at the node.
   *
   * @param exhausted egress IPs that have no port left for some destination, and where each is; not
   *     empty
   */
  public static Condition portShortage(SortedMap<IpAddress, NodeName> exhausted) {
    return new Condition(
        PORTS_EXHAUSTED,
        Condition.Status.TRUE,
        NO_PORT_LEFT,
        "no port is left for another connection %s%s, to destinations that the status of the node's EgressTunnel names"
                .formatted(
                    exhausted.entrySet().stream()
                        .limit(NAMED_MAX)
                        .map(
                            place ->
                                "from %s on node %s".formatted(place.getKey(), place.getValue()))
                        .collect(Collectors.joining(", ")),
                    more(exhausted.keySet(), " egress IPs"))
            + CONSEQUENCE);
  }

  private static String text(PortShortage shortage) {
    return "from %s to %s port %d (%s)"
        .formatted(
            shortage.eip(),
            shortage.destination(),
            shortage.port(),
            switch (shortage.protocol()) {
              case IPPROTO_TCP -> "TCP";
              case IPPROTO_UDP -> "UDP";
              case IPPROTO_SCTP -> "SCTP";
              default -> "protocol " + shortage.protocol();
            });
  }

  private static String more(Collection<?> found, String what) {
    int more = found.size() - NAMED_MAX;
    return more > 0 ? " and %d more%s".formatted(more, what) : "";
  }
}
