package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.EgressPolicySpec;
import io.egressgateway.core.model.Labels;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Selection;
import io.egressgateway.k8s.crd.EndpointSliceResource;
import io.egressgateway.k8s.status.ObjectRef;
import io.egressgateway.k8s.status.StatusWriter;
import io.egressgateway.k8s.translate.PodFacts;
import io.egressgateway.k8s.watch.ClusterDesk.Receivers;
import io.egressgateway.k8s.watch.WatchEvent.Source;
import io.egressgateway.policy.domain.SpecVersion;
import io.egressgateway.policy.entity.PolicyEntity;
import io.egressgateway.policy.entity.StatusReport;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The part of the desk that is about policies: their specs, and the pods that they select. */
final class PolicyDesk {

  /**
   * The pods of a policy that has more than fit into a slice are told no more than once a second:
   * each time costs as much as there are pods, and nothing but what people read waits for it.
   */
  static final int PROMPT_ENDPOINTS_MAX = EndpointSliceResource.ENDPOINTS_MAX;

  /**
   * Policies whose specs are told before the engine has answered others: enough for it to decide on
   * many together, and few enough for it to answer before anybody repeats a question.
   */
  static final int TOLD_AT_ONCE = 128;

  /** Seconds after which one that has not been answered stands in nobody's way any more. */
  private static final int ANSWER_SECONDS = 5;

  private final Receivers receivers;
  private final SpecPatches patches;
  private final Policies policies;
  private final PodIndex pods = new PodIndex();
  private final TreeMap<PolicyKey, Selection> selections = new TreeMap<>();
  private final Outbox<PolicyKey, PolicyEntity.Command> policyBox;
  private final Turnstile<PolicyKey> turnstile;
  private final Outbox<PolicyKey, StatusWriter.Command> violationBox;
  private final Outbox<PolicyKey, StatusWriter.Command> remarkBox;
  private final Outbox<PolicyKey, StatusWriter.Command> endpointBox;
  private HijackedDestinations hijacked = HijackedDestinations.none();
  private final Absences<PolicyKey> absences = new Absences<>(PolicyDesk::source);

  /** What has to be looked at again. */
  private static final class Dirty {
    private final TreeSet<PolicyKey> policies = new TreeSet<>();
    private final TreeSet<PolicyKey> endpoints = new TreeSet<>();

    /** As {@code endpoints}, at the next second. */
    private final TreeSet<PolicyKey> manyEndpoints = new TreeSet<>();

    private final TreeSet<NodeName> nodes = new TreeSet<>();
  }

  private final Dirty dirty = new Dirty();

  /** Whether what is seen is new, and was not there before anybody watched. */
  private boolean started;

  PolicyDesk(Receivers receivers, SpecPatches patches, Gateways gateways) {
    this.receivers = receivers;
    this.patches = patches;
    this.policies = new Policies(gateways);
    this.turnstile = new Turnstile<>(TOLD_AT_ONCE, ANSWER_SECONDS, this::tell);
    this.policyBox = new Outbox<>((key, message) -> turnstile.come(key));
    this.violationBox = new Outbox<>((object, message) -> receivers.statusWriter().tell(message));
    this.remarkBox = new Outbox<>((object, message) -> receivers.statusWriter().tell(message));
    this.endpointBox = new Outbox<>((object, message) -> receivers.statusWriter().tell(message));
  }

  boolean isDirty() {
    return !dirty.policies.isEmpty() || !dirty.endpoints.isEmpty() || !dirty.nodes.isEmpty();
  }

  int count() {
    return policies.keys().size();
  }

  PodIndex pods() {
    return pods;
  }

  // --- events -----------------------------------------------------------------------------------

  void put(PodFacts pod) {
    touch(pods.put(pod));
  }

  void removePod(String uid) {
    touch(pods.remove(uid));
  }

  private void touch(Touched touched) {
    dirty.nodes.addAll(touched.nodes());
    dirty.endpoints.addAll(touched.policies());
  }

  /** Takes up the labels of the namespace; whether they are news. */
  boolean putNamespace(String name, Labels labels) {
    touch(pods.putNamespace(name, labels));
    boolean news = policies.putNamespace(name, labels);
    if (news) {
      dirty.policies.addAll(policies.keysOf(name));
    }
    return news;
  }

  SortedMap<String, Labels> namespaces() {
    return policies.namespaces();
  }

  void removeNamespace(String name) {
    touch(pods.removeNamespace(name));
    policies.removeNamespace(name);
  }

  /** Everything has been listed. */
  void start() {
    started = true;
    touchAll();
  }

  void put(PolicyObject policy) {
    PolicyKey key = policy.key();
    if (started && !policies.find(key).map(PolicyObject::version).equals(version(policy))) {
      await(key, version(policy));
    }
    policies.put(policy);
    dirty.policies.add(key);
  }

  private static Optional<SpecVersion> version(PolicyObject policy) {
    return Optional.of(policy.version());
  }

  private void await(PolicyKey key, Optional<SpecVersion> version) {
    receivers.statusWriter().tell(new StatusWriter.Awaited(key, version));
  }

  void onDeleted(PolicyKey key) {
    policies.remove(key);
    dirty.policies.remove(key);
    unselect(key);
    violationBox.remove(key);
    remarkBox.remove(key);
    endpointBox.remove(key);
    receivers.statusWriter().tell(new StatusWriter.Forget(new ObjectRef.Policy(key)));
    await(key, Optional.empty());
    withdraw(key);
  }

  void putCoordinator(String name, CidrSet destinations) {
    hijack(hijacked.with(name, destinations));
  }

  void removeCoordinator(String name) {
    hijack(hijacked.without(name));
  }

  private void hijack(HijackedDestinations now) {
    if (!now.equals(hijacked)) {
      hijacked = now;
      touchAll();
    }
  }

  /** What is true of all policies has changed: which gateways there are, or which is default. */
  void touchAll() {
    dirty.policies.addAll(policies.keys());
  }

  // --- what entities say ------------------------------------------------------------------------

  /** Deleted while nobody watched: only its gateway remembers such a policy. */
  void withdrawMissing(SortedSet<PolicyKey> users) {
    users.stream().filter(key -> policies.find(key).isEmpty()).forEach(this::miss);
  }

  private void miss(PolicyKey key) {
    if (policyBox.find(key).isEmpty()) {
      absences.add(key);
    }
  }

  Absences<PolicyKey> absences() {
    return absences;
  }

  /** Withdraws what two lists have not shown. */
  void onListed(Source source) {
    absences.take(source).stream()
        .filter(key -> policies.find(key).isEmpty())
        .forEach(this::withdraw);
  }

  private static Source source(PolicyKey key) {
    return switch (key) {
      case PolicyKey.Namespaced ignored -> Source.POLICIES;
      case PolicyKey.ClusterScoped ignored -> Source.CLUSTER_POLICIES;
    };
  }

  private void withdraw(PolicyKey key) {
    policyBox.put(key, new PolicyEntity.Withdraw(receivers.reportTo()));
  }

  void onReport(StatusReport.PolicyReport report) {
    if (!report.awaitsMore()) {
      turnstile.done(report.policy());
    }
  }

  void onGone(PolicyKey key) {
    if (policies.find(key).isEmpty()) {
      policyBox.remove(key);
      turnstile.forget(key);
      await(key, Optional.empty());
    } else {
      turnstile.done(key);
    }
  }

  /** Answers a policy that lacks its spec. */
  void answer(PolicyKey key) {
    if (policies.find(key).isEmpty()) {
      miss(key);
    }
    if (policyBox.find(key).isPresent()) {
      turnstile.come(key);
    }
  }

  // --- telling ----------------------------------------------------------------------------------

  /** Tells everything again to the receivers of the slice, and tries again what may have failed. */
  void resync(Outbox.Slice slice) {
    policyBox.receivers(slice).forEach(turnstile::comeAgain);
    violationBox.resend(slice);
    remarkBox.resend(slice);
    endpointBox.resend(slice);
    policies.keys().stream().filter(slice::contains).forEach(this::chooseGateway);
    dirty.manyEndpoints.forEach(this::tellEndpoints);
    dirty.manyEndpoints.clear();
  }

  private void tell(PolicyKey key) {
    policyBox.find(key).ifPresent(message -> receivers.entities().policy(key).tell(message));
  }

  /** A second has passed. */
  void tick() {
    turnstile.tick();
  }

  /** Tells those whom changes concern; returns the nodes whose pods, or their policies, changed. */
  SortedSet<NodeName> flush() {
    dirty.policies.forEach(key -> policies.find(key).ifPresent(this::flush));
    dirty.policies.clear();
    for (PolicyKey key : dirty.endpoints) {
      if (pods.count(key) > PROMPT_ENDPOINTS_MAX) {
        dirty.manyEndpoints.add(key);
      } else {
        tellEndpoints(key);
      }
    }
    dirty.endpoints.clear();
    SortedSet<NodeName> nodes = Collections.unmodifiableSortedSet(new TreeSet<>(dirty.nodes));
    dirty.nodes.clear();
    return nodes;
  }

  private void flush(PolicyObject policy) {
    PolicyKey key = policy.key();
    Standing<EgressPolicySpec> standing = policies.judge(policy);
    ObjectRef object = ObjectRef.of(key, policy.version());
    violationBox.put(key, new StatusWriter.Violations(object, standing.violations()));
    if (!standing.violations().isEmpty()) {
      await(key, Optional.empty());
    }
    dirty.endpoints.add(key);
    standing
        .inForce()
        .ifPresentOrElse(
            last -> {
              policyBox.put(
                  key, new PolicyEntity.Apply(last.version(), last.spec(), receivers.reportTo()));
              select(key, last.spec().selection());
              remarkBox.put(
                  key,
                  new StatusWriter.Remark(
                      object.key(),
                      policy.namesDestinations()
                          ? hijacked.missing(last.spec().destinations())
                          : Optional.empty()));
            },
            () -> unselect(key));
    chooseGateway(key);
  }

  private void select(PolicyKey key, Selection selection) {
    if (!selection.equals(selections.put(key, selection))) {
      touch(pods.put(key, selection));
    }
  }

  private void unselect(PolicyKey key) {
    if (selections.remove(key) != null) {
      touch(pods.remove(key));
    }
  }

  private void chooseGateway(PolicyKey key) {
    policies
        .find(key)
        .filter(PolicyObject::namesNoGateway)
        .flatMap(ignored -> policies.choice(key))
        .ifPresent(gateway -> patches.choose(key, gateway));
  }

  private void tellEndpoints(PolicyKey key) {
    policies
        .find(key)
        .ifPresent(
            policy ->
                endpointBox.put(
                    key,
                    new StatusWriter.PolicyEndpoints(
                        key, policy.version().uid(), pods.endpointsOf(key))));
  }
}
