package io.egressgateway.k8s.egctl;

import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.EgressPolicySpec;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Labels;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.crd.EgressClusterInfo;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.EgressPolicyResource;
import io.egressgateway.k8s.crd.StatusCondition;
import io.egressgateway.k8s.egctl.Explanation.Answer;
import io.egressgateway.k8s.egctl.NameArgument.PodName;
import io.egressgateway.k8s.inspect.PlacementDocument;
import io.egressgateway.k8s.translate.ClusterInfoTranslator;
import io.egressgateway.k8s.translate.ClusterNetworks;
import io.egressgateway.k8s.translate.DefaultGateway;
import io.egressgateway.k8s.translate.GatewayAge;
import io.egressgateway.k8s.translate.GatewayTranslator;
import io.egressgateway.k8s.translate.PodFacts;
import io.egressgateway.k8s.translate.PodTranslator;
import io.egressgateway.k8s.translate.PolicyTranslator;
import io.egressgateway.k8s.translate.Translation;
import io.egressgateway.k8s.translate.Violation;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gathers what an explanation needs, from the Kubernetes API and a controller. */
record Explainer(Cluster cluster, ControllerLine controller) {

  /** Why the policy has its egress IPs, and why each is where it is. */
  Explanation policy(PolicyKey key) throws EgctlException {
    PolicyView policy =
        PolicyView.all(cluster).stream()
            .filter(view -> view.key().equals(key))
            .findFirst()
            .orElseThrow(() -> new EgctlException(key + " does not exist"));
    List<Answer> answers = new ArrayList<>();
    List<PlacementDocument> placements = new ArrayList<>();
    switch (translated(policy)) {
      case Translation.Invalid<EgressPolicySpec>(List<Violation> violations) -> {
        answers.add(new Answer("how it is", policy.outcome(policy.addresses())));
        violations.forEach(
            violation -> answers.add(new Answer("what is wrong", violation.toString())));
      }
      case Translation.Valid<EgressPolicySpec>(EgressPolicySpec spec) -> {
        SortedSet<IpAddress> addresses = policy.addresses(spec);
        answers.add(new Answer("how it is", policy.outcome(addresses)));
        for (IpAddress address : addresses) {
          answers.add(
              new Answer(
                  "why " + NodeAddressSlot.describe(address),
                  EipExplanations.whyThis(spec.request(), spec.gateway().toString())));
          PlacementDocument placement = controller.placement(cluster, spec.gateway(), address);
          placements.add(placement);
          answers.addAll(EipExplanations.answers(placement, controller.history(cluster, address)));
        }
      }
    }
    return new Explanation(key.toString(), answers, placements);
  }

  /** Why the egress IP is where it is. */
  Explanation eip(IpAddress address) throws EgctlException {
    GatewayName gateway = gatewayOf(address);
    PlacementDocument placement = controller.placement(cluster, gateway, address);
    return new Explanation(
        NodeAddressSlot.describe(address) + " of EgressGateway " + gateway,
        EipExplanations.answers(placement, controller.history(cluster, address)),
        List.of(placement));
  }

  private GatewayName gatewayOf(IpAddress address) throws EgctlException {
    List<EgressGateway> gateways = cluster.gateways();
    Stream<String> holders =
        gateways.stream()
            .filter(gateway -> GatewayView.of(gateway).holder(address).isPresent())
            .map(gateway -> gateway.getMetadata().getName());
    Stream<String> users =
        PolicyView.all(cluster).stream()
            .filter(policy -> policy.addresses().contains(address))
            .flatMap(policy -> policy.gateway().stream());
    return Stream.concat(holders, users)
        .findFirst()
        .map(GatewayName::new)
        .orElseThrow(
            () ->
                new EgctlException(
                    "no policy has "
                        + address
                        + "; 'egctl get eips' lists those in use, and 'egctl"
                        + " history eip "
                        + address
                        + "' says what became of it"));
  }

  /** Which policies select the pod. */
  Explanation pod(PodName name, @Nullable IpAddress destination) throws EgctlException {
    Optional<PodFacts> facts = facts(name);
    return new Explanation(
        "pod "
            + name
            + facts.map(pod -> " (" + pod.addresses() + " on " + pod.node() + ")").orElse(""),
        facts
            .map(pod -> selecting(PolicyView.all(cluster), pod, Optional.ofNullable(destination)))
            .orElse(List.of(PodExplanations.UNSELECTABLE)),
        List.of());
  }

  /**
   * The pod; nothing if no policy can select it.
   *
   * @throws EgctlException if it does not exist
   */
  Optional<PodFacts> facts(PodName name) throws EgctlException {
    Pod pod = cluster.client().pods().inNamespace(name.namespace()).withName(name.name()).get();
    if (pod == null) {
      throw new EgctlException("pod " + name + " does not exist");
    }
    return PodTranslator.translate(pod);
  }

  /** The policies that select the pod, and the one that the destination falls to. */
  List<Answer> selecting(List<PolicyView> policies, PodFacts pod, Optional<IpAddress> destination) {
    SortedMap<PolicyKey, PodExplanations.Candidate> candidates = new TreeMap<>();
    for (PolicyView policy : policies) {
      if (translated(policy)
          instanceof Translation.Valid<EgressPolicySpec>(EgressPolicySpec spec)) {
        SortedSet<IpAddress> addresses = policy.addresses(spec);
        candidates.put(
            policy.key(),
            new PodExplanations.Candidate(spec, addresses, policy.outcome(addresses)));
      }
    }
    return PodExplanations.answers(
        new PodExplanations.Question(pod, labels(pod.id().namespace()), spared(), destination),
        candidates);
  }

  /** The gateway of a policy, if there is such a policy and it is valid. */
  Optional<GatewayName> gatewayOf(List<PolicyView> policies, String policy) {
    return policies.stream()
        .filter(view -> view.key().toString().equals(policy))
        .findFirst()
        .map(this::translated)
        .flatMap(
            translation ->
                translation instanceof Translation.Valid<EgressPolicySpec>(EgressPolicySpec spec)
                    ? Optional.of(spec.gateway())
                    : Optional.empty());
  }

  private Translation<EgressPolicySpec> translated(PolicyView policy) {
    return PolicyTranslator.translate(policy.resource(), fallback(policy));
  }

  private Optional<String> fallback(PolicyView policy) {
    if (!PolicyTranslator.namesNoGateway(policy.resource())) {
      return Optional.empty();
    }
    Labels labels =
        policy.key() instanceof PolicyKey.Namespaced namespaced
            ? labels(namespaced.namespace())
            : Labels.empty();
    return DefaultGateway.of(labels, this::clusterDefault);
  }

  private Optional<GatewayName> clusterDefault() {
    Map<GatewayAge, EgressGatewaySpec> good = new TreeMap<>();
    for (EgressGateway gateway : cluster.gateways()) {
      if (GatewayTranslator.translate(gateway)
          instanceof Translation.Valid<EgressGatewaySpec>(EgressGatewaySpec spec)) {
        good.put(GatewayAge.of(gateway), spec);
      }
    }
    return DefaultGateway.ofCluster(good);
  }

  private Labels labels(String namespace) {
    return Optional.ofNullable(cluster.client().namespaces().withName(namespace).get())
        .map(found -> found.getMetadata().getLabels())
        .map(Labels::of)
        .orElse(Labels.empty());
  }

  /**
   * What the status of the cluster's EgressClusterInfo lists, and what its spec does not give up.
   */
  private CidrSet spared() {
    Optional<EgressClusterInfo> info =
        Optional.ofNullable(
            cluster
                .client()
                .resources(EgressClusterInfo.class)
                .withName(EgressClusterInfo.SINGLETON)
                .get());
    CidrSet listed =
        info.map(EgressClusterInfo::getStatus)
            .map(status -> ClusterInfoTranslator.networks(status).all())
            .orElse(CidrSet.empty());
    return info.map(EgressClusterInfo::getSpec)
            .map(EgressClusterInfo.Spec::spareLinkLocal)
            .orElse(true)
        ? listed.plus(ClusterNetworks.LINK_LOCAL)
        : listed;
  }

  /** A policy of either kind, and what its status says. */
  record PolicyView(
      PolicyKey key,
      EgressPolicyResource resource,
      Optional<String> gateway,
      EgressPolicy.@Nullable Status status) {

    /** Reasons of a policy that was given an egress IP which no node holds just now. */
    private static final Set<String> WITHOUT_HOLDER =
        Set.of("NoEligibleNode", "Programming", "Moving", "EgressIpConflict");

    static List<PolicyView> all(Cluster cluster) {
      List<PolicyView> all = new ArrayList<>();
      cluster
          .policies()
          .forEach(
              policy ->
                  all.add(
                      new PolicyView(
                          new PolicyKey.Namespaced(
                              policy.getMetadata().getNamespace(), policy.getMetadata().getName()),
                          policy,
                          Optional.ofNullable(policy.getSpec())
                              .map(EgressPolicy.Spec::egressGatewayName),
                          policy.getStatus())));
      cluster
          .clusterPolicies()
          .forEach(
              policy ->
                  all.add(
                      new PolicyView(
                          new PolicyKey.ClusterScoped(policy.getMetadata().getName()),
                          policy,
                          Optional.ofNullable(policy.getSpec())
                              .map(spec -> spec.egressGatewayName()),
                          policy.getStatus())));
      return all;
    }

    SortedSet<IpAddress> addresses() {
      EgressPolicy.Eip eip = status == null ? null : status.eip();
      return eip == null
          ? new TreeSet<>()
          : Stream.of(Optional.ofNullable(eip.ipv4()), Optional.ofNullable(eip.ipv6()))
              .flatMap(Optional::stream)
              .flatMap(text -> IpAddress.parse(text).stream())
              .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The same, with the gateway's slot for the node's own address. */
    SortedSet<IpAddress> addresses(EgressPolicySpec spec) {
      if (!(spec.request() instanceof EgressIpRequest.NodeAddress)) {
        return addresses();
      }
      return isServed()
          ? new TreeSet<>(List.of(NodeAddressSlot.of(spec.gateway())))
          : new TreeSet<>();
    }

    /**
     * A node's own address is in no status: whether the gateway gave it is in what goes with it.
     */
    private boolean isServed() {
      return node().isPresent()
          || ready().map(StatusCondition::reason).filter(WITHOUT_HOLDER::contains).isPresent();
    }

    /**
     * What the status says, for people.
     *
     * @param addresses that the policy has
     */
    String outcome(SortedSet<IpAddress> addresses) {
      String egress =
          addresses.isEmpty()
              ? "no egress IP"
              : addresses.stream().map(NodeAddressSlot::describe).collect(Collectors.joining(", "));
      return egress
          + node().map(node -> " on " + node).orElse("")
          + ready().map(ready -> " (" + ready.reason() + ": " + ready.message() + ")").orElse("");
    }

    Optional<String> node() {
      return Optional.ofNullable(status).map(EgressPolicy.Status::node);
    }

    Optional<StatusCondition> ready() {
      return Optional.ofNullable(status)
          .map(EgressPolicy.Status::conditions)
          .flatMap(
              conditions ->
                  conditions.stream()
                      .filter(condition -> condition.type().equals("Ready"))
                      .findFirst());
    }
  }
}
