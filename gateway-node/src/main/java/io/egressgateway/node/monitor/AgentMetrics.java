package io.egressgateway.node.monitor;

import static io.egressgateway.core.monitor.MetricFamily.counter;
import static io.egressgateway.core.monitor.MetricFamily.gauge;
import static io.egressgateway.core.monitor.MetricFamily.histogram;
import static io.egressgateway.core.monitor.MetricFamily.tally;

import io.egressgateway.core.monitor.MetricFamily;
import java.util.List;

/** All metrics of an agent. */
public final class AgentMetrics {
  static final MetricFamily INFO =
      gauge(
          "egressgateway_agent_build", "Always 1; the labels say who this is.", "node", "version");

  static final MetricFamily LINKED =
      gauge("egressgateway_agent_controller_linked", "1 if a controller is linked, else 0.");

  static final MetricFamily LINK_LOSSES =
      counter(
          "egressgateway_agent_link_losses_total",
          "Links to controllers that ended, and attempts that failed.");

  static final MetricFamily PLAN_APPLIES =
      histogram(
          "egressgateway_agent_plan_apply_seconds",
          "From a plan's receipt to its being in the kernel for certain.");

  static final MetricFamily PLAN_FAILURES =
      counter(
          "egressgateway_agent_plan_failures_total",
          "Attempts to bring the kernel to the plan that the kernel refused.",
          "operation");

  static final MetricFamily PLAN_PENDING =
      gauge(
          "egressgateway_agent_plan_pending_seconds",
          "For how long a plan waits to be in the kernel; 0 if none does.");

  static final MetricFamily PLAN_ENTRIES =
      gauge(
          "egressgateway_agent_plan_entries",
          "Entries of the newest plan: peers, pods, rules, routes (egress IPs known), held.",
          "kind");

  static final MetricFamily DRIFT_REPAIRS =
      tally(
          "egressgateway_drift_repairs_total",
          "Objects of ours that somebody else had changed in the kernel and that were put right.",
          "kind");

  static final MetricFamily LEASE_STANDING =
      gauge(
          "egressgateway_agent_lease_standing",
          "1 for what the agent says of its lease; no value if it needs none.",
          "standing");

  static final MetricFamily LEASE_REMAINING =
      gauge(
          "egressgateway_agent_lease_remaining_seconds",
          "Until the kernel closes all gates if nothing renews the lease; 0 without a lease.");

  static final MetricFamily EIP_OPEN =
      gauge(
          "egressgateway_agent_eip_open",
          "1 for each egress IP that this node answers for and sends from.",
          "eip");

  static final MetricFamily EIP_PACKETS =
      tally(
          "egressgateway_agent_eip_packets_total",
          "Packets sent with an egress IP and received for it, as the kernel counts them; looked at"
              + " every ten seconds, as are the next five.",
          "eip",
          "direction");

  static final MetricFamily EIP_BYTES =
      tally(
          "egressgateway_agent_eip_bytes_total",
          "The bytes of these packets, with IP headers.",
          "eip",
          "direction");

  static final MetricFamily EIP_CONNECTIONS =
      tally(
          "egressgateway_agent_eip_connections_total",
          "Connections begun with an egress IP; one whose first packet comes again counts again"
              + " unless it is known.",
          "eip");

  static final MetricFamily EIP_PORTS =
      gauge(
          "egressgateway_agent_eip_ports_used",
          "Ports of an egress IP that are in use for one destination, of that where most are; of"
              + " 64512.",
          "eip");

  static final MetricFamily EIP_PORT_SHORTAGE =
      gauge(
          "egressgateway_agent_eip_port_shortage",
          "1 for each egress IP with a destination to which it has no port left.",
          "eip");

  static final MetricFamily EIP_REFUSED =
      tally(
          "egressgateway_agent_eip_connections_refused_total",
          "First packets that were dropped while their egress IP had no port left for some"
              + " destination; if several egress IPs have none at once, an upper bound for each.",
          "eip");

  static final MetricFamily COLLISIONS =
      gauge(
          "egressgateway_agent_collisions",
          "What others have in the kernel that takes our packets, marks, tables or tunnel.");

  static final MetricFamily CONFLICTS =
      counter(
          "egressgateway_agent_eip_conflicts_total",
          "Times that a foreign machine was seen to claim an egress IP.",
          "eip");

  static final MetricFamily CLOCK_RATE =
      gauge(
          "egressgateway_agent_clock_rate_ppm",
          "How far the clock that is synchronised runs off the hardware's, measured over half a"
              + " minute; leases rely on ±1000.");

  static final MetricFamily DEGRADED =
      gauge(
          "egressgateway_agent_degraded",
          "1 for each way in which this node does less than it should: controllers, kernel, lease"
              + " or uplink.",
          "mode");

  static final MetricFamily CERTIFICATE =
      gauge(
          "egressgateway_agent_certificate_not_after_seconds",
          "When the agent's certificate ends, in seconds since 1970; 0 if its file is unusable.");

  static final MetricFamily PATH_LOST =
      gauge(
          "egressgateway_agent_tunnel_path_lost",
          "1 for each gateway node that this node uses and does not reach through the tunnel.",
          "peer");

  static final MetricFamily TUNNEL_PACKETS =
      tally(
          "egressgateway_agent_tunnel_packets_total",
          "Packets of the tunnel device as the kernel counts them: received or sent.",
          "direction");

  static final MetricFamily TUNNEL_BYTES =
      tally(
          "egressgateway_agent_tunnel_bytes_total",
          "Bytes of the tunnel device as the kernel counts them: received or sent.",
          "direction");

  static final MetricFamily TUNNEL_DROPS =
      tally(
          "egressgateway_agent_tunnel_drops_total",
          "Packets that the tunnel device lost: errors and drops, received or sent.",
          "direction");

  static final MetricFamily REPLICATED =
      gauge(
          "egressgateway_agent_replicated_connections",
          "Connections of this node's egress IPs that another node was told of (told), or was not"
              + " because there are too many (left_out), and of other nodes' egress IPs that this one"
              + " could go on with (kept).",
          "state");

  static final MetricFamily REPLICATION_DROPS =
      tally(
          "egressgateway_agent_replication_drops_total",
          "Connections of other nodes' egress IPs that this node let go because it was told of too"
              + " many.");

  static final MetricFamily REPLICATION_BYTES =
      tally(
          "egressgateway_agent_replication_bytes_total",
          "Bytes of connections that this node has told others of.");

  static final MetricFamily REPLICATION_LAG =
      gauge(
          "egressgateway_agent_replication_lag_seconds",
          "For how long the connection that has waited longest waits for another node to be told of"
              + " it; 0 if none was left over by the last round.");

  /** In the order of the documentation. */
  public static final List<MetricFamily> ALL =
      List.of(
          INFO,
          LINKED,
          LINK_LOSSES,
          PLAN_APPLIES,
          PLAN_FAILURES,
          PLAN_PENDING,
          PLAN_ENTRIES,
          DRIFT_REPAIRS,
          LEASE_STANDING,
          LEASE_REMAINING,
          EIP_OPEN,
          EIP_PACKETS,
          EIP_BYTES,
          EIP_CONNECTIONS,
          EIP_PORTS,
          EIP_PORT_SHORTAGE,
          EIP_REFUSED,
          CONFLICTS,
          CLOCK_RATE,
          DEGRADED,
          CERTIFICATE,
          PATH_LOST,
          COLLISIONS,
          TUNNEL_PACKETS,
          TUNNEL_BYTES,
          TUNNEL_DROPS,
          REPLICATED,
          REPLICATION_DROPS,
          REPLICATION_BYTES,
          REPLICATION_LAG);

  private AgentMetrics() {}
}
