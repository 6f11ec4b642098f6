package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.k8s.status.ObjectRef;
import io.egressgateway.k8s.status.StatusWriter;
import io.egressgateway.k8s.translate.ClusterNetworks;
import io.egressgateway.k8s.translate.NodeFacts;
import io.egressgateway.k8s.watch.ClusterDesk.Receivers;
import io.egressgateway.policy.domain.NumberSpace;
import io.egressgateway.policy.entity.NodeEntity;
import io.egressgateway.policy.entity.NumberingEntity;
import io.egressgateway.policy.entity.StatusReport;
import io.egressgateway.policy.plan.Eligibility;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The part of the desk that is about nodes: their numbers, the mesh, their pods. */
final class NodeDesk {

  private final Receivers receivers;
  private final MeshPlanner mesh;
  private final ClusterInfoDesk inside;
  private final Nodes nodes;
  private final TreeMap<GatewayName, SortedSet<NodeName>> holders = new TreeMap<>();
  private final Outbox<NodeName, NodeEntity.Command> inventoryBox;
  private final Outbox<NodeName, NodeEntity.Command> endpointBox;
  private final Outbox<String, StatusWriter.Command> factBox;

  /** What has to be looked at again. */
  private static final class Dirty {
    private boolean numbers;
    private boolean mesh;
    private final TreeSet<NodeName> endpoints = new TreeSet<>();
  }

  private final Dirty dirty = new Dirty();

  /** Whether every node that was listed at the start has had its answer about a number. */
  private boolean numbered;

  NodeDesk(ClusterWatcherSettings settings, Receivers receivers, ClusterInfoDesk inside) {
    this.receivers = receivers;
    this.inside = inside;
    this.mesh = new MeshPlanner(settings);
    this.nodes = new Nodes(settings.cordon());
    this.inventoryBox =
        new Outbox<>((name, message) -> receivers.entities().node(name).tell(message));
    this.endpointBox =
        new Outbox<>((name, message) -> receivers.entities().node(name).tell(message));
    this.factBox = new Outbox<>((object, message) -> receivers.statusWriter().tell(message));
  }

  boolean isDirty() {
    return dirty.numbers || dirty.mesh || !dirty.endpoints.isEmpty();
  }

  int count() {
    return nodes.all().size();
  }

  /** Everything has been listed: a tunnel without a node is of a node that is gone. */
  void start() {
    removeOrphans(Outbox.Slice.everything());
    dirty.mesh = true;
  }

  private void removeOrphans(Outbox.Slice slice) {
    nodes.orphans().stream().filter(slice::contains).forEach(this::remove);
  }

  /** Takes up the node; whether that is news for its gateways. */
  boolean put(NodeFacts node) {
    // Kubelets write often what does not matter here.
    boolean news = nodes.put(node);
    if (news) {
      dirty.numbers = true;
      dirty.mesh = true;
    }
    return news;
  }

  /** Takes up that the node object is gone; whether that is news for its gateways. */
  boolean onDeleted(NodeFacts.Id node) {
    boolean current = nodes.find(node.name()).filter(known -> known.id().equals(node)).isPresent();
    if (current) {
      nodes.remove(node.name());
      remove(node.name());
      dirty.mesh = true;
    }
    return current;
  }

  void putTunnel(NodeName node) {
    nodes.putTunnel(node);
  }

  /** Takes up that the node has no tunnel any more, which is wrong as long as the node is there. */
  void removeTunnel(NodeName node) {
    nodes.removeTunnel(node);
    if (nodes.contains(node)) {
      receivers.statusWriter().tell(new StatusWriter.Missing(new ObjectRef.Tunnel(node)));
    }
  }

  private void remove(NodeName name) {
    endpointBox.remove(name);
    inventoryBox.put(name, new NodeEntity.Remove(receivers.reportTo()));
  }

  private void requestNumbers() {
    nodes.unnumbered().stream()
        .map(name -> new NumberingEntity.Assign(name.value(), receivers.numberTo()))
        .forEach(receivers.entities().numbering(NumberSpace.NODE)::tell);
  }

  void onNumbered(NumberingEntity.Reply reply) {
    switch (reply) {
      case NumberingEntity.Numbered numbered ->
          nodes.putNumber(new NodeName(numbered.name()), new NodeNumber(numbered.number()));
      case NumberingEntity.Exhausted exhausted ->
          nodes.putExhausted(new NodeName(exhausted.name()));
    }
    dirty.mesh = true;
  }

  /** Takes up how the node is; whether that is news for its gateways. */
  boolean onReport(StatusReport.NodeReport report) {
    return nodes.putPhase(report.node(), report.phase());
  }

  /** Takes up who holds the gateway's addresses. */
  void onReport(StatusReport.GatewayReport report) {
    SortedSet<NodeName> holding =
        report.pools().placements().values().stream()
            .flatMap(placement -> placement.holding().holder().stream())
            .collect(Collectors.toCollection(TreeSet::new));
    if (!holding.equals(holders.put(report.gateway(), holding))) {
      dirty.mesh = true;
    }
  }

  void onGone(GatewayName gateway) {
    holders.remove(gateway);
  }

  void onGone(NodeName name) {
    if (!nodes.contains(name)) {
      inventoryBox.remove(name);
      nodes.forgetNumber(name);
      receivers.entities().numbering(NumberSpace.NODE).tell(new NumberingEntity.Free(name.value()));
      receivers.statusWriter().tell(new StatusWriter.Forget(new ObjectRef.Tunnel(name)));
    }
  }

  /** Answers a node that lacks its inventory. */
  void answer(NodeName name) {
    if (nodes.contains(name)) {
      inventoryBox.resend(name);
      endpointBox.resend(name);
    } else {
      inventoryBox.remove(name);
      remove(name);
    }
  }

  /** The nodes that a selector matches, once it is known whether they can be part of the mesh. */
  Optional<SortedMap<NodeName, Eligibility>> members(LabelSelector selector) {
    return nodes.members(selector);
  }

  /** Tells everything again; a tunnel that could not be deleted is asked for again. */
  void resync(Outbox.Slice slice) {
    inventoryBox.resend(slice);
    removeOrphans(slice);
    endpointBox.resend(slice);
    factBox.resend(slice);
    requestNumbers();
  }

  /** The pods of these nodes, or what selects them, have changed. */
  void touch(Collection<NodeName> changed) {
    dirty.endpoints.addAll(changed);
  }

  /** Selectors of gateways, or what is inside the cluster, have changed. */
  void touchMesh() {
    dirty.mesh = true;
  }

  /** What is inside the cluster; absent if that cannot have changed since the last flush. */
  Optional<ClusterNetworks> changedNetworks() {
    return dirty.mesh ? Optional.of(networks()) : Optional.empty();
  }

  private ClusterNetworks networks() {
    return inside.networks(nodes.all());
  }

  /**
   * Tells nodes what is new to them.
   *
   * @param gatewaySelectors of all gateways
   */
  void flush(List<LabelSelector> gatewaySelectors, PodIndex pods) {
    if (dirty.numbers) {
      requestNumbers();
    }
    if (dirty.mesh && isNumbered()) {
      flushMesh(gatewaySelectors);
    }
    for (NodeName node : dirty.endpoints) {
      if (nodes.contains(node)) {
        endpointBox.put(node, new NodeEntity.Endpoints(pods.endpointsOn(node)));
      }
    }
    dirty.numbers = false;
    dirty.mesh = false;
    dirty.endpoints.clear();
  }

  /**
   * After a start, numbers come one by one. Nodes that were told of the first few would take the
   * rest for gone, and drop the packets to egress IPs there. Who comes later has been nobody's
   * peer.
   */
  private boolean isNumbered() {
    numbered = numbered || nodes.areNumbered();
    return numbered;
  }

  private void flushMesh(List<LabelSelector> gatewaySelectors) {
    TreeSet<NodeName> gatewayNodes = new TreeSet<>();
    holders.values().forEach(gatewayNodes::addAll);
    nodes.all().stream()
        .filter(
            node -> gatewaySelectors.stream().anyMatch(selector -> selector.matches(node.labels())))
        .map(node -> node.id().name())
        .forEach(gatewayNodes::add);
    mesh.inventories(
            new MeshPlanner.Seen(nodes.all(), nodes.numbers(), inside.tell(networks())),
            gatewayNodes)
        .forEach(
            (name, inventory) -> {
              inventoryBox.put(name, new NodeEntity.Observe(inventory, receivers.reportTo()));
              dirty.endpoints.add(name);
            });
    factBox.put("NotReadyNodes", new StatusWriter.NotReadyNodes(nodes.notReady()));
  }
}
