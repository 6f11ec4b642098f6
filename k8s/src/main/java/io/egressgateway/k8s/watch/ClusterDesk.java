package io.egressgateway.k8s.watch;

import akka.actor.typed.ActorRef;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.status.ObjectRef;
import io.egressgateway.k8s.status.StatusWriter;
import io.egressgateway.k8s.translate.NodeFacts;
import io.egressgateway.k8s.watch.WatchEvent.Source;
import io.egressgateway.policy.domain.Gateway;
import io.egressgateway.policy.domain.SpecVersion;
import io.egressgateway.policy.entity.EntityDirectory;
import io.egressgateway.policy.entity.GatewayEntity;
import io.egressgateway.policy.entity.NumberingEntity;
import io.egressgateway.policy.entity.SpecRequest;
import io.egressgateway.policy.entity.StatusReport;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the watcher knows and whom it tells: takes up events and reports, notes what they have an
 * effect on, and at the next flush tells those whom it concerns. Not thread-safe.
 */
final class ClusterDesk {

  /** Whom the desk talks to. */
  record Receivers(
      EntityDirectory entities,
      ActorRef<StatusWriter.Command> statusWriter,
      ActorRef<StatusReport> reportTo,
      ActorRef<NumberingEntity.Reply> numberTo) {}

  private final Receivers receivers;
  private final SpecPatches patches;
  private final ClusterInfoDesk clusterInfo;
  private final NodeDesk nodes;
  private final OrderDesk orders;
  private final PolicyDesk policies;

  private final Gateways gateways;
  private final TreeMap<GatewayName, SpecVersion> completed = new TreeMap<>();
  private final Absences<GatewayName> absences = new Absences<>(ignored -> Source.GATEWAYS);

  private final Outbox<GatewayName, GatewayEntity.Command> gatewayBox;
  private final Outbox<GatewayName, StatusWriter.Command> violationBox;

  /** Whether gateways have to be looked at again. */
  private boolean gatewaysDirty;

  ClusterDesk(
      ClusterWatcherSettings settings, Receivers receivers, SpecPatches patches, OrderDesk orders) {
    this.receivers = receivers;
    this.patches = patches;
    this.orders = orders;
    this.gateways = new Gateways(settings.tunnel().subnets().families());
    this.clusterInfo = new ClusterInfoDesk(receivers);
    this.nodes = new NodeDesk(settings, receivers, clusterInfo);
    EntityDirectory entities = receivers.entities();
    this.gatewayBox = new Outbox<>((name, message) -> entities.gateway(name).tell(message));
    this.violationBox = new Outbox<>((object, message) -> receivers.statusWriter().tell(message));
    this.policies = new PolicyDesk(receivers, patches, gateways);
  }

  boolean isDirty() {
    return gatewaysDirty || policies.isDirty() || nodes.isDirty();
  }

  /** For the log: how much there is. */
  String summary() {
    return "gateways=%d policies=%d nodes=%d"
        .formatted(gateways.all().size(), policies.count(), nodes.count());
  }

  /** How many objects there are whose entities are told of them. */
  int size() {
    return gateways.all().size() + policies.count() + nodes.count();
  }

  /** Everything has been listed. */
  void start() {
    gateways.start();
    nodes.start();
    gatewaysDirty = true;
    policies.start();
  }

  // --- events -----------------------------------------------------------------------------------

  void onEvent(WatchEvent event) {
    switch (event) {
      case WatchEvent.PodUpserted(var pod) -> policies.put(pod);
      case WatchEvent.PodDeleted(var uid) -> policies.removePod(uid);
      case WatchEvent.NodeUpserted(NodeFacts node) -> gatewaysDirty |= nodes.put(node);
      case WatchEvent.NodeDeleted(NodeFacts.Id node) -> gatewaysDirty |= nodes.onDeleted(node);
      case WatchEvent.NamespaceUpserted(var name, var labels) ->
          gatewaysDirty |= policies.putNamespace(name, labels);
      case WatchEvent.NamespaceDeleted(var name) -> {
        policies.removeNamespace(name);
        gatewaysDirty = true;
      }
      case WatchEvent.GatewayUpserted(GatewayObject gateway) -> {
        orders.put(gateway);
        changeGateways(() -> gateways.put(gateway));
      }
      case WatchEvent.GatewayDeleted(GatewayName name) -> onGatewayDeleted(name);
      case WatchEvent.PolicyUpserted(PolicyObject policy) -> policies.put(policy);
      case WatchEvent.PolicyDeleted(PolicyKey key) -> policies.onDeleted(key);
      case WatchEvent.TunnelUpserted(NodeName name) -> nodes.putTunnel(name);
      case WatchEvent.TunnelDeleted(NodeName name) -> nodes.removeTunnel(name);
      case WatchEvent.ClusterInfoUpserted(ClusterInfoObject info) ->
          changeCluster(() -> clusterInfo.put(info));
      case WatchEvent.ClusterInfoDeleted ignored -> {
        changeCluster(clusterInfo::remove);
        receivers.statusWriter().tell(new StatusWriter.Forget(new ObjectRef.ClusterInfo()));
      }
      case WatchEvent.PodNetworkUpserted(var network, var blocks) ->
          onPodNetwork(clusterInfo.putPods(network, blocks));
      case WatchEvent.PodNetworkDeleted(var network) ->
          onPodNetwork(clusterInfo.removePods(network));
      case WatchEvent.SpiderCoordinatorUpserted(var name, var hijacked) ->
          policies.putCoordinator(name, hijacked);
      case WatchEvent.SpiderCoordinatorDeleted(var name) -> policies.removeCoordinator(name);
      case WatchEvent.NetworksProbed(var found) -> changeCluster(() -> clusterInfo.put(found));
      case WatchEvent.Ignored ignored -> {}
      case WatchEvent.Listed(Source source) -> onListed(source);
    }
  }

  /** What is inside the cluster matters to every node. */
  private void changeCluster(Runnable change) {
    change.run();
    nodes.touchMesh();
  }

  /** Networks write their objects often, in general without news. */
  private void onPodNetwork(boolean news) {
    if (news) {
      nodes.touchMesh();
    }
  }

  /** Which gateways there are, and which is the default, matters to policies. */
  private void changeGateways(Runnable change) {
    SortedSet<GatewayName> before = gatewayNames();
    Optional<GatewayName> defaultBefore = gateways.clusterDefault();
    change.run();
    if (!before.equals(gatewayNames()) || !defaultBefore.equals(gateways.clusterDefault())) {
      policies.touchAll();
    }
    gatewaysDirty = true;
    nodes.touchMesh();
  }

  private SortedSet<GatewayName> gatewayNames() {
    return gateways.all().stream()
        .map(GatewayObject::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void onGatewayDeleted(GatewayName name) {
    changeGateways(() -> gateways.remove(name));
    completed.remove(name);
    orders.remove(name);
    violationBox.remove(name);
    receivers.statusWriter().tell(new StatusWriter.Forget(new ObjectRef.Gateway(name)));
    retire(name);
  }

  private void retire(GatewayName name) {
    gatewayBox.put(name, new GatewayEntity.Retire(receivers.reportTo()));
  }

  // --- what entities say ------------------------------------------------------------------------

  void onNumbered(NumberingEntity.Reply reply) {
    nodes.onNumbered(reply);
    gatewaysDirty = true;
  }

  void onReply(GatewayEntity.OrderReply reply) {
    orders.onReply(reply);
  }

  void onReport(StatusReport report) {
    receivers.statusWriter().tell(new StatusWriter.Report(report));
    switch (report) {
      case StatusReport.GatewayReport gateway -> onGatewayReport(gateway);
      case StatusReport.GatewayRetiring retiring -> policies.withdrawMissing(retiring.users());
      case StatusReport.GatewayGone(GatewayName name) -> onGatewayGone(name);
      case StatusReport.NodeReport node -> gatewaysDirty |= nodes.onReport(node);
      case StatusReport.NodeGone(NodeName name) -> nodes.onGone(name);
      case StatusReport.PolicyReport policy -> policies.onReport(policy);
      case StatusReport.PolicyGone(PolicyKey key) -> policies.onGone(key);
    }
  }

  private void onGatewayReport(StatusReport.GatewayReport report) {
    nodes.onReport(report);
    report.pools().placements().values().forEach(used -> policies.withdrawMissing(used.policies()));
  }

  private void onGatewayGone(GatewayName name) {
    nodes.onGone(name);
    if (gateways.find(name).isEmpty()) {
      gatewayBox.remove(name);
    } else if (isDeleting(name)) {
      patches.release(name);
    }
  }

  private boolean isDeleting(GatewayName name) {
    return gateways
        .find(name)
        .filter(gateway -> gateway.lifecycle() == GatewayObject.Lifecycle.DELETING)
        .isPresent();
  }

  /** What is to be listed again: entities speak of objects that have not been seen. */
  Set<Source> takeSecondLooks() {
    Set<Source> sources = EnumSet.noneOf(Source.class);
    sources.addAll(absences.takeSecondLooks());
    sources.addAll(policies.absences().takeSecondLooks());
    return sources;
  }

  private void onListed(Source source) {
    policies.onListed(source);
    absences.take(source).stream()
        .filter(name -> gateways.find(name).isEmpty())
        .forEach(this::retire);
  }

  /** Answers an entity that lacks its spec. */
  void answer(SpecRequest request) {
    switch (request) {
      case SpecRequest.OfPolicy(PolicyKey key) -> policies.answer(key);
      case SpecRequest.OfGateway(GatewayName name) -> {
        if (gateways.find(name).isEmpty() && gatewayBox.find(name).isEmpty()) {
          absences.add(name);
        }
        gatewayBox.resend(name);
      }
      case SpecRequest.OfNode(NodeName name) -> nodes.answer(name);
    }
  }

  // --- telling ----------------------------------------------------------------------------------

  /** Tells everything again to the receivers of the slice, and tries again what may have failed. */
  void resync(Outbox.Slice slice) {
    gatewayBox.resend(slice);
    violationBox.resend(slice);
    policies.resync(slice);
    clusterInfo.resync(slice);
    nodes.resync(slice);
    orders.resync(slice);
    gateways.all().stream()
        .filter(gateway -> lacks(gateway) && slice.contains(gateway.name()))
        .forEach(gateway -> patches.complete(gateway.name()));
  }

  /** A second has passed. */
  void tick() {
    policies.tick();
  }

  /** Looks at everything that has changed and tells those whom it concerns. */
  void flush() {
    gatewaysDirty |= nodes.changedNetworks().map(gateways::put).orElse(false);
    if (gatewaysDirty) {
      gateways.all().forEach(this::flushGateway);
      orders.flush();
    }
    nodes.touch(policies.flush());
    nodes.flush(gatewaySelectors(), policies.pods());
    gatewaysDirty = false;
  }

  private void flushGateway(GatewayObject gateway) {
    Standing<EgressGatewaySpec> standing = gateways.standing(gateway.name());
    ObjectRef object = ObjectRef.of(gateway.name(), gateway.version());
    violationBox.put(gateway.name(), new StatusWriter.Violations(object, standing.violations()));
    boolean isDeleting = isDeleting(gateway.name());
    standing
        .inForce()
        .ifPresentOrElse(
            last -> apply(gateway, last),
            () -> {
              if (isDeleting) {
                retire(gateway.name());
              }
            });
    if (lacks(gateway)
        && !gateway.version().equals(completed.put(gateway.name(), gateway.version()))) {
      patches.complete(gateway.name());
    }
  }

  /** Whether it is served, and we are to add something to it. */
  private boolean lacks(GatewayObject gateway) {
    return gateway.isIncomplete() && gateways.standing(gateway.name()).inForce().isPresent();
  }

  private void apply(GatewayObject gateway, Standing.InForce<EgressGatewaySpec> last) {
    Gateway.Prospect prospect =
        switch (gateway.lifecycle()) {
          case UNGUARDED, GUARDED -> Gateway.Prospect.STAYS;
          case DELETING -> Gateway.Prospect.RETIRES;
        };
    nodes
        .members(last.spec().nodeSelector())
        .ifPresent(
            members ->
                gatewayBox.put(
                    gateway.name(),
                    new GatewayEntity.Apply(
                        last.version(),
                        forTenants(last.spec()),
                        members,
                        receivers.reportTo(),
                        prospect)));
  }

  private EgressGatewaySpec forTenants(EgressGatewaySpec spec) {
    return spec.withTenants(spec.tenants().among(policies.namespaces()));
  }

  private List<LabelSelector> gatewaySelectors() {
    return gateways.all().stream()
        .flatMap(gateway -> gateways.standing(gateway.name()).inForce().stream())
        .map(last -> last.spec().nodeSelector())
        .toList();
  }
}
