package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Labels;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.translate.NodeFacts;
import io.egressgateway.k8s.translate.PodCidrMode;
import io.egressgateway.k8s.translate.PodFacts;

/**
 * Something that happened in the Kubernetes API. Events of one object come in their order, and
 * every change may be told more than once.
 */
public sealed interface WatchEvent {

  /** What is listed and watched. */
  enum Source {
    PODS,
    NODES,
    NAMESPACES,
    GATEWAYS,
    POLICIES,
    CLUSTER_POLICIES,
    TUNNELS,
    CLUSTER_INFOS,
    CALICO_POOLS,
    CILIUM_NODES,
    SPIDER_POOLS,
    SPIDER_COORDINATORS,
    PROBES
  }

  /** A pod that policies can select is there, or has changed. */
  record PodUpserted(PodFacts pod) implements WatchEvent {}

  /** The pod is gone, or is none that policies can select. */
  record PodDeleted(String uid) implements WatchEvent {}

  /** A node is there, or has changed. */
  record NodeUpserted(NodeFacts node) implements WatchEvent {}

  /** The node object is gone. */
  record NodeDeleted(NodeFacts.Id node) implements WatchEvent {}

  /** A namespace is there, or has changed. */
  record NamespaceUpserted(String name, Labels labels) implements WatchEvent {}

  /** The namespace is gone. */
  record NamespaceDeleted(String name) implements WatchEvent {}

  /** A gateway is there, or has changed. */
  record GatewayUpserted(GatewayObject gateway) implements WatchEvent {}

  /** The gateway object is gone. */
  record GatewayDeleted(GatewayName gateway) implements WatchEvent {}

  /** A policy is there, or has changed. */
  record PolicyUpserted(PolicyObject policy) implements WatchEvent {}

  /** The policy object is gone. */
  record PolicyDeleted(PolicyKey policy) implements WatchEvent {}

  /** The EgressTunnel of this name is there. */
  record TunnelUpserted(NodeName node) implements WatchEvent {}

  /** The EgressTunnel of this name is gone. */
  record TunnelDeleted(NodeName node) implements WatchEvent {}

  /** The EgressClusterInfo that counts is there, or has changed. */
  record ClusterInfoUpserted(ClusterInfoObject info) implements WatchEvent {}

  /** The EgressClusterInfo that counts is gone. */
  record ClusterInfoDeleted() implements WatchEvent {}

  /** A network takes addresses of pods from these blocks. */
  record PodNetworkUpserted(PodNetworkId network, CidrSet blocks) implements WatchEvent {}

  /** It does not any more. */
  record PodNetworkDeleted(PodNetworkId network) implements WatchEvent {}

  /**
   * A part of a network for pods.
   *
   * @param owner who hands out the addresses
   * @param name of the pool or node
   */
  record PodNetworkId(PodCidrMode owner, String name) {}

  /** Spiderpool leads pods on underlay networks by way of their nodes to these destinations. */
  record SpiderCoordinatorUpserted(String name, CidrSet hijacked) implements WatchEvent {}

  /** The coordinator is gone. */
  record SpiderCoordinatorDeleted(String name) implements WatchEvent {}

  /** Was looked for, since no object says it that could be watched. */
  record NetworksProbed(NetworkProbe.Found found) implements WatchEvent {}

  /** Something that does not matter here. */
  record Ignored() implements WatchEvent {}

  /** Every object of a list has been told: of the first one, or of another one after a gap. */
  record Listed(Source source) implements WatchEvent {}
}
