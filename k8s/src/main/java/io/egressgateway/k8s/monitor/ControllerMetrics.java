package io.egressgateway.k8s.monitor;

import static io.egressgateway.core.monitor.MetricFamily.counter;
import static io.egressgateway.core.monitor.MetricFamily.gauge;
import static io.egressgateway.core.monitor.MetricFamily.histogram;

import io.egressgateway.core.monitor.MetricFamily;
import java.util.List;

/**
 * All metrics of a controller. Those of the cluster's objects are served by the member that has the
 * watcher, those of what entities do by the member that has the entity: sum over all.
 */
public final class ControllerMetrics {
  static final MetricFamily EIP_HELD =
      gauge(
          "egressgateway_eip_held",
          "1 for each egress IP in use and the node that owns it; 0, without a node, if none does.",
          "gateway",
          "eip",
          "node");

  static final MetricFamily POLICY_EIP =
      gauge(
          "egressgateway_policy_eip",
          "1 for each policy and each of its egress IPs.",
          "policy",
          "gateway",
          "eip");

  static final MetricFamily POOL =
      gauge(
          "egressgateway_pool_addresses",
          "Addresses of a gateway's pool that are used or free.",
          "gateway",
          "family",
          "state");

  static final MetricFamily CONDITIONS =
      gauge(
          "egressgateway_conditions",
          "Objects by what their status says of them.",
          "kind",
          "type",
          "status",
          "reason");

  static final MetricFamily NODES =
      gauge("egressgateway_nodes", "Nodes by the phase of their EgressTunnel.", "phase");

  static final MetricFamily MEMBER_STANDINGS =
      gauge(
          "egressgateway_gateway_nodes",
          "1 for each node that a gateway's selector matches and how its lease stands, as the"
              + " gateway knows: leased and held_down can be given egress IPs, silent, leaving,"
              + " unleased, uplink_down and unknown cannot.",
          "gateway",
          "node",
          "standing");

  static final MetricFamily ASSIGNMENTS =
      counter(
          "egressgateway_eip_assignments_total",
          "Egress IPs that were given to a node, by the proof that nobody else held them.",
          "proof");

  static final MetricFamily DENIALS =
      counter(
          "egressgateway_sessions_denied_total",
          "Times that a node's egress IPs were to move because no controller heard its agent,"
              + " though it renewed its lease.",
          "node");

  static final MetricFamily TAKEOVERS =
      histogram(
          "egressgateway_eip_takeover_seconds",
          "From the holder's session being known to be over to another node's answering.");

  static final MetricFamily POLICY_DATAPATH =
      histogram(
          "egressgateway_policy_datapath_seconds",
          "From a policy's new spec being seen to its egress IPs being in the kernel of the node"
              + " that holds them; specs that are refused are not counted.");

  static final MetricFamily POLICIES_PENDING =
      gauge(
          "egressgateway_policies_pending",
          "Policies whose newest spec was seen and is not in place yet, without refused ones.");

  static final MetricFamily POLICIES_PENDING_SECONDS =
      gauge(
          "egressgateway_policies_pending_seconds",
          "For how long the one of them that has waited longest waits; 0 if none does.");

  static final MetricFamily JOURNAL_WRITES =
      histogram(
          "egressgateway_journal_write_seconds",
          "From a decision on an egress IP to its being in the journal.");

  static final MetricFamily STATUS_WRITES =
      counter(
          "egressgateway_status_writes_total",
          "Statuses written to the Kubernetes API: settled, gone or failed.",
          "outcome");

  static final MetricFamily API_REQUESTS =
      counter(
          "egressgateway_kubernetes_requests_total",
          "Requests to the Kubernetes API; WATCH is a watch that was begun or begun again, code 0 a"
              + " connection that failed.",
          "method",
          "code");

  static final MetricFamily WATCHER =
      gauge(
          "egressgateway_controller_watcher",
          "1 for how far the cluster's watcher is on this member, or that it is elsewhere.",
          "step");

  static final MetricFamily AGENT_SESSIONS =
      gauge("egressgateway_controller_agent_sessions", "Agents that are linked to this member.");

  static final MetricFamily WITNESSES =
      gauge(
          "egressgateway_controller_witnesses",
          "Witnesses that this member knows, and that it reaches.",
          "state");

  static final MetricFamily MEMBERS =
      gauge(
          "egressgateway_controller_members",
          "Controllers as this one sees them: up, other or unreachable.",
          "state");

  static final MetricFamily DEGRADED =
      gauge(
          "egressgateway_controller_degraded",
          "1 for each way in which this member does less than it should: cluster, journal,"
              + " kubernetes or witnesses.",
          "mode");

  static final MetricFamily FAILOVER_BLOCKED =
      gauge(
          "egressgateway_controller_failover_blocked",
          "1 for what keeps this member from moving the egress IPs of a node that dies, as the"
              + " condition FailoverBlocked names it.",
          "reason");

  static final MetricFamily CERTIFICATE =
      gauge(
          "egressgateway_controller_certificate_not_after_seconds",
          "When the controller's certificate ends, in seconds since 1970; 0 if its file is"
              + " unusable.");

  /** In the order of the documentation. */
  public static final List<MetricFamily> ALL =
      List.of(
          EIP_HELD,
          POLICY_EIP,
          POOL,
          CONDITIONS,
          NODES,
          MEMBER_STANDINGS,
          ASSIGNMENTS,
          DENIALS,
          TAKEOVERS,
          POLICY_DATAPATH,
          POLICIES_PENDING,
          POLICIES_PENDING_SECONDS,
          JOURNAL_WRITES,
          STATUS_WRITES,
          API_REQUESTS,
          WATCHER,
          AGENT_SESSIONS,
          WITNESSES,
          MEMBERS,
          DEGRADED,
          FAILOVER_BLOCKED,
          CERTIFICATE);

  private ControllerMetrics() {}
}
