package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.EgressPolicySpec;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Labels;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.translate.DefaultGateway;
import io.egressgateway.k8s.translate.PolicyTranslator;
import io.egressgateway.k8s.translate.Translation;
import io.egressgateway.k8s.translate.UnknownGateway;
import io.egressgateway.k8s.translate.Violation;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The policies of the API, judged with the defaults and gateways there are. Not thread-safe. */
final class Policies {

  private final Gateways gateways;
  private final TreeMap<PolicyKey, PolicyObject> objects = new TreeMap<>();
  private final TreeMap<PolicyKey, Standing<EgressPolicySpec>> standings = new TreeMap<>();
  private final Map<String, TreeSet<PolicyKey>> byNamespace = new HashMap<>();
  private final TreeMap<String, Labels> namespaces = new TreeMap<>();

  Policies(Gateways gateways) {
    this.gateways = gateways;
  }

  void put(PolicyObject policy) {
    objects.put(policy.key(), policy);
    if (policy.key() instanceof PolicyKey.Namespaced key) {
      byNamespace.computeIfAbsent(key.namespace(), unused -> new TreeSet<>()).add(key);
    }
  }

  void remove(PolicyKey policy) {
    objects.remove(policy);
    standings.remove(policy);
    if (policy instanceof PolicyKey.Namespaced key) {
      byNamespace.computeIfPresent(
          key.namespace(),
          (namespace, keys) -> {
            keys.remove(key);
            return keys.isEmpty() ? null : keys;
          });
    }
  }

  /** Takes up the labels of the namespace; whether they are news. */
  boolean putNamespace(String name, Labels labels) {
    return !labels.equals(namespaces.put(name, labels));
  }

  /** The labels of each namespace. */
  SortedMap<String, Labels> namespaces() {
    return Collections.unmodifiableSortedMap(namespaces);
  }

  void removeNamespace(String name) {
    namespaces.remove(name);
  }

  SortedSet<PolicyKey> keys() {
    return Collections.unmodifiableSortedSet(objects.navigableKeySet());
  }

  Optional<PolicyObject> find(PolicyKey key) {
    return Optional.ofNullable(objects.get(key));
  }

  /** The policies of the namespace. */
  List<PolicyKey> keysOf(String namespace) {
    return List.copyOf(byNamespace.getOrDefault(namespace, new TreeSet<>()));
  }

  /** Judges the policy anew, with the gateways and labels there are now. */
  Standing<EgressPolicySpec> judge(PolicyObject policy) {
    Translation<EgressPolicySpec> alone =
        PolicyTranslator.translate(
            policy.resource(), DefaultGateway.of(labels(policy.key()), gateways::clusterDefault));
    Standing<EgressPolicySpec> standing =
        standings
            .getOrDefault(policy.key(), Standing.unknown())
            .after(policy.version(), withKnownGateway(policy.key(), alone));
    standings.put(policy.key(), standing);
    return standing;
  }

  /**
   * The gateway to write into a policy that names none. One that does not exist is not written: a
   * policy's gateway cannot be changed, so the label could not be corrected any more.
   */
  Optional<GatewayName> choice(PolicyKey policy) {
    return DefaultGateway.of(labels(policy), gateways::clusterDefault)
        .flatMap(GatewayName::parse)
        .filter(gateways::exists);
  }

  private Labels labels(PolicyKey policy) {
    return switch (policy) {
      case PolicyKey.Namespaced namespaced ->
          namespaces.getOrDefault(namespaced.namespace(), Labels.empty());
      case PolicyKey.ClusterScoped ignored -> Labels.empty();
    };
  }

  private Translation<EgressPolicySpec> withKnownGateway(
      PolicyKey policy, Translation<EgressPolicySpec> alone) {
    return alone instanceof Translation.Valid<EgressPolicySpec> valid
            && !gateways.exists(valid.spec().gateway())
        ? new Translation.Invalid<>(List.of(unknownGateway(policy, valid.spec().gateway())))
        : alone;
  }

  private Violation unknownGateway(PolicyKey policy, GatewayName name) {
    return UnknownGateway.violation(
        name,
        gateways.all().stream().map(GatewayObject::name).toList(),
        DefaultGateway.ofNamespace(labels(policy)));
  }
}
