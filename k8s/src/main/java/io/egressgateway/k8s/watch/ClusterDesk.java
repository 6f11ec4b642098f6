package io.egressgateway.k8s.watch;

import akka.actor.typed.ActorRef;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.EgressPolicySpec;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Selection;
import io.egressgateway.k8s.status.ObjectRef;
import io.egressgateway.k8s.status.StatusWriter;
import io.egressgateway.k8s.translate.NodeFacts;
import io.egressgateway.policy.domain.SpecVersion;
import io.egressgateway.policy.entity.EntityDirectory;
import io.egressgateway.policy.entity.GatewayEntity;
import io.egressgateway.policy.entity.NumberingEntity;
import io.egressgateway.policy.entity.PolicyEntity;
import io.egressgateway.policy.entity.SpecRequest;
import io.egressgateway.policy.entity.StatusReport;
import java.util.List;
import java.util.Optional;
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
  private final NodeDesk nodes;
  private final OrderDesk orders;

  private final Gateways gateways = new Gateways();
  private final Policies policies = new Policies(gateways);
  private final PodIndex pods = new PodIndex();
  private final TreeMap<PolicyKey, LabelSelector> selectors = new TreeMap<>();
  private final TreeMap<GatewayName, SpecVersion> completed = new TreeMap<>();

  private final Outbox<GatewayName, GatewayEntity.Command> gatewayBox;
  private final Outbox<PolicyKey, PolicyEntity.Command> policyBox;
  private final Outbox<String, StatusWriter.Command> factBox;

  private final Dirty dirty = new Dirty();

  /** What has to be looked at again. */
  private static final class Dirty {
    private boolean gateways;
    private final TreeSet<PolicyKey.Namespaced> policies = new TreeSet<>();
    private final TreeSet<PolicyKey> endpoints = new TreeSet<>();

    boolean isEmpty() {
      return !gateways && policies.isEmpty() && endpoints.isEmpty();
    }
  }

  ClusterDesk(
      ClusterWatcherSettings settings, Receivers receivers, SpecPatches patches, OrderDesk orders) {
    this.receivers = receivers;
    this.patches = patches;
    this.orders = orders;
    this.nodes = new NodeDesk(settings, receivers);
    EntityDirectory entities = receivers.entities();
    this.gatewayBox = new Outbox<>((name, message) -> entities.gateway(name).tell(message));
    this.policyBox = new Outbox<>((key, message) -> entities.policy(key).tell(message));
    this.factBox = new Outbox<>((object, message) -> receivers.statusWriter().tell(message));
  }

  boolean isDirty() {
    return !dirty.isEmpty() || nodes.isDirty();
  }

  /** For the log: how much there is. */
  String summary() {
    return "gateways=%d policies=%d nodes=%d"
        .formatted(gateways.all().size(), policies.keys().size(), nodes.count());
  }

  /** Everything has been listed: from now on what is missing is gone. */
  void start() {
    nodes.start();
    dirty.gateways = true;
    dirty.policies.addAll(policies.keys());
  }

  // --- events -----------------------------------------------------------------------------------

  void onEvent(WatchEvent event) {
    switch (event) {
      case WatchEvent.PodUpserted(var pod) -> touch(pods.put(pod));
      case WatchEvent.PodDeleted(var uid) -> touch(pods.remove(uid));
      case WatchEvent.NodeUpserted(NodeFacts node) -> dirty.gateways |= nodes.put(node);
      case WatchEvent.NodeDeleted(NodeFacts.Id node) -> dirty.gateways |= nodes.onDeleted(node);
      case WatchEvent.NamespaceUpserted(var name, var labels) -> {
        policies.putNamespace(name, labels);
        markPoliciesOf(name);
      }
      case WatchEvent.NamespaceDeleted(var name) -> policies.removeNamespace(name);
      case WatchEvent.GatewayUpserted(GatewayObject gateway) -> {
        orders.put(gateway);
        changeGateways(() -> gateways.put(gateway));
      }
      case WatchEvent.GatewayDeleted(GatewayName name) -> onGatewayDeleted(name);
      case WatchEvent.PolicyUpserted(PolicyObject policy) -> {
        policies.put(policy);
        dirty.policies.add(policy.key());
      }
      case WatchEvent.PolicyDeleted(PolicyKey.Namespaced key) -> onPolicyDeleted(key);
      case WatchEvent.TunnelUpserted(NodeName name) -> nodes.putTunnel(name);
      case WatchEvent.TunnelDeleted(NodeName name) -> nodes.removeTunnel(name);
      case WatchEvent.Synced ignored -> {}
    }
  }

  private void touch(Touched touched) {
    nodes.touch(touched.nodes());
    dirty.endpoints.addAll(touched.policies());
  }

  private void markPoliciesOf(String namespace) {
    policies.keys().stream()
        .filter(key -> key.namespace().equals(namespace))
        .filter(key -> policies.find(key).filter(PolicyObject::namesNoGateway).isPresent())
        .forEach(dirty.policies::add);
  }

  /** Which gateways there are, and which is the default, matters to policies. */
  private void changeGateways(Runnable change) {
    SortedSet<GatewayName> before = gatewayNames();
    Optional<GatewayName> defaultBefore = gateways.clusterDefault();
    change.run();
    if (!before.equals(gatewayNames()) || !defaultBefore.equals(gateways.clusterDefault())) {
      dirty.policies.addAll(policies.keys());
    }
    dirty.gateways = true;
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
    forget(new ObjectRef.Gateway(name));
    gatewayBox.put(name, new GatewayEntity.Retire(receivers.reportTo()));
  }

  private void onPolicyDeleted(PolicyKey.Namespaced key) {
    policies.remove(key);
    dirty.policies.remove(key);
    selectors.remove(key);
    touch(pods.remove(key));
    forget(new ObjectRef.Policy(key));
    withdraw(key);
  }

  private void withdraw(PolicyKey key) {
    policyBox.put(key, new PolicyEntity.Withdraw(receivers.reportTo()));
  }

  private void forget(ObjectRef.Key object) {
    factBox.remove(violationsOf(object));
    factBox.remove(endpointsOf(object));
    receivers.statusWriter().tell(new StatusWriter.Forget(object));
  }

  // --- what entities say ------------------------------------------------------------------------

  void onNumbered(NumberingEntity.Reply reply) {
    nodes.onNumbered(reply);
    dirty.gateways = true;
  }

  void onReply(GatewayEntity.OrderReply reply) {
    orders.onReply(reply);
  }

  void onReport(StatusReport report) {
    receivers.statusWriter().tell(new StatusWriter.Report(report));
    switch (report) {
      case StatusReport.GatewayReport gateway -> onGatewayReport(gateway);
      case StatusReport.GatewayRetiring retiring -> withdrawMissing(retiring.users());
      case StatusReport.GatewayGone(GatewayName name) -> onGatewayGone(name);
      case StatusReport.NodeReport node -> dirty.gateways |= nodes.onReport(node);
      case StatusReport.NodeGone(NodeName name) -> nodes.onGone(name);
      case StatusReport.PolicyReport ignored -> {}
      case StatusReport.PolicyGone(PolicyKey key) -> {
        if (policies.find(key).isEmpty()) {
          policyBox.remove(key);
        }
      }
    }
  }

  private void onGatewayReport(StatusReport.GatewayReport report) {
    nodes.onReport(report);
    report.pools().placements().values().forEach(used -> withdrawMissing(used.policies()));
  }

  /** Deleted while nobody watched: only its gateway remembers such a policy. */
  private void withdrawMissing(SortedSet<PolicyKey> users) {
    users.stream().filter(key -> policies.find(key).isEmpty()).forEach(this::withdraw);
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

  /** Answers an entity that lacks its spec. */
  void answer(SpecRequest request) {
    switch (request) {
      case SpecRequest.OfPolicy(PolicyKey key) -> {
        if (policies.find(key).isEmpty()) {
          withdraw(key);
        }
        policyBox.resend(key);
      }
      case SpecRequest.OfGateway(GatewayName name) -> {
        if (gateways.find(name).isEmpty()) {
          gatewayBox.put(name, new GatewayEntity.Retire(receivers.reportTo()));
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
    policyBox.resend(slice);
    factBox.resend(slice);
    nodes.resync(slice);
    orders.resync(slice);
    gateways.all().stream()
        .filter(gateway -> gateway.isIncomplete() && slice.contains(gateway.name().toString()))
        .forEach(gateway -> patches.complete(gateway.name()));
    policies.keys().stream()
        .filter(key -> slice.contains(key.toString()))
        .forEach(this::chooseGateway);
  }

  /** Looks at everything that has changed and tells those whom it concerns. */
  void flush() {
    if (dirty.gateways) {
      gateways.all().forEach(this::flushGateway);
      orders.flush();
    }
    dirty.policies.forEach(key -> policies.find(key).ifPresent(this::flushPolicy));
    flushEndpoints();
    nodes.flush(gatewaySelectors(), pods);
    dirty.gateways = false;
    dirty.policies.clear();
    dirty.endpoints.clear();
  }

  private void flushGateway(GatewayObject gateway) {
    Standing<EgressGatewaySpec> standing = gateways.standing(gateway.name());
    ObjectRef object = ObjectRef.of(gateway.name(), gateway.version());
    factBox.put(
        violationsOf(object.key()), new StatusWriter.Violations(object, standing.violations()));
    if (gateway.lifecycle() == GatewayObject.Lifecycle.DELETING) {
      gatewayBox.put(gateway.name(), new GatewayEntity.Retire(receivers.reportTo()));
      return;
    }
    standing
        .inForce()
        .ifPresent(
            last ->
                nodes
                    .members(last.spec().nodeSelector())
                    .ifPresent(
                        members ->
                            gatewayBox.put(
                                gateway.name(),
                                new GatewayEntity.Apply(
                                    last.version(), last.spec(), members, receivers.reportTo()))));
    if (gateway.isIncomplete()
        && !gateway.version().equals(completed.put(gateway.name(), gateway.version()))) {
      patches.complete(gateway.name());
    }
  }

  private void flushPolicy(PolicyObject policy) {
    PolicyKey.Namespaced key = policy.key();
    Standing<EgressPolicySpec> standing = policies.judge(policy);
    ObjectRef object = ObjectRef.of(key, policy.version());
    factBox.put(
        violationsOf(object.key()), new StatusWriter.Violations(object, standing.violations()));
    dirty.endpoints.add(key);
    standing
        .inForce()
        .ifPresentOrElse(
            last -> {
              policyBox.put(
                  key, new PolicyEntity.Apply(last.version(), last.spec(), receivers.reportTo()));
              select(key, last.spec().selection());
            },
            () -> unselect(key));
    chooseGateway(key);
  }

  private void select(PolicyKey.Namespaced key, Selection selection) {
    switch (selection) {
      case Selection.Pods of -> {
        if (!of.podSelector().equals(selectors.put(key, of.podSelector()))) {
          touch(pods.put(key, of.podSelector()));
        }
      }
      // The translator refuses these, so none is in force.
      case Selection.Subnets ignored -> unselect(key);
    }
  }

  private void unselect(PolicyKey.Namespaced key) {
    if (selectors.remove(key) != null) {
      touch(pods.remove(key));
    }
  }

  private void chooseGateway(PolicyKey.Namespaced key) {
    policies
        .find(key)
        .filter(PolicyObject::namesNoGateway)
        .flatMap(ignored -> policies.fallback(key.namespace()))
        .ifPresent(gateway -> patches.choose(key, gateway));
  }

  private List<LabelSelector> gatewaySelectors() {
    return gateways.all().stream()
        .flatMap(gateway -> gateways.standing(gateway.name()).inForce().stream())
        .map(last -> last.spec().nodeSelector())
        .toList();
  }

  private void flushEndpoints() {
    for (PolicyKey key : dirty.endpoints) {
      policies
          .find(key)
          .ifPresent(
              policy ->
                  factBox.put(
                      endpointsOf(new ObjectRef.Policy(key)),
                      new StatusWriter.PolicyEndpoints(
                          key, policy.version().uid(), pods.endpointsOf(key))));
    }
  }

  private static String violationsOf(ObjectRef.Key object) {
    return "violations/" + object;
  }

  private static String endpointsOf(ObjectRef.Key object) {
    return "endpoints/" + object;
  }
}
