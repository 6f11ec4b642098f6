package io.egressgateway.load.lab;

import static java.util.Objects.requireNonNull;

import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.StatusCondition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gateways and policies in one line each, and what their statuses say. */
public record ApiObjects(KubernetesClient client) {
  /** A gateway of these addresses. */
  public void createGateway(String name, String spec) {
    create("EgressGateway", "{name: " + name + "}", spec, EgressGateway.class);
  }

  /** A policy for the application that has its name. */
  public void createPolicy(String namespace, String name, String spec) {
    create(
        "EgressPolicy",
        "{name: %s, namespace: %s}".formatted(name, namespace),
        "{%s, appliedTo: {podSelector: {matchLabels: {app: %s}}}}".formatted(spec, name),
        EgressPolicy.class);
  }

  private <T extends HasMetadata> void create(
      String kind, String metadata, String spec, Class<T> type) {
    client
        .resource(
            Serialization.unmarshal(
                "apiVersion: %s\nkind: %s\nmetadata: %s\nspec: %s"
                    .formatted(ApiGroup.API_VERSION, kind, metadata, spec),
                type))
        .create();
  }

  public Resource<EgressGateway> gateway(String name) {
    return client.resources(EgressGateway.class).withName(name);
  }

  public Resource<EgressPolicy> policy(String namespace, String name) {
    return client.resources(EgressPolicy.class).inNamespace(namespace).withName(name);
  }

  public List<EgressPolicy> policies(String namespace) {
    return client.resources(EgressPolicy.class).inNamespace(namespace).list().getItems();
  }

  public Optional<EgressGateway.Status> gatewayStatus(String name) {
    return Optional.ofNullable(gateway(name).get()).map(EgressGateway::getStatus);
  }

  /** Names of the nodes that the gateway's status lists, in order. */
  public List<String> nodes(String gateway) {
    return gatewayStatus(gateway)
        .map(EgressGateway.Status::nodeList)
        .map(list -> list.stream().map(EgressGateway.NodeStatus::name).sorted().toList())
        .orElse(List.of());
  }

  /** What the gateway's status says of the usage of its pools. */
  public Optional<EgressGateway.IpUsage> usage(String gateway) {
    return gatewayStatus(gateway).map(EgressGateway.Status::ipUsage);
  }

  /** The addresses of IPv4 that the policies have, without repetition. */
  public static TreeSet<String> addresses(List<EgressPolicy> policies) {
    TreeSet<String> addresses = new TreeSet<>();
    policies.forEach(policy -> address(policy).ifPresent(addresses::add));
    return addresses;
  }

  public static Optional<String> address(EgressPolicy policy) {
    return Optional.ofNullable(policy.getStatus())
        .map(EgressPolicy.Status::eip)
        .map(EgressPolicy.Eip::ipv4)
        .filter(address -> !address.isEmpty());
  }

  /** Reason and message of the Ready condition, as {@code reason: message}. */
  public Optional<String> ready(Resource<? extends HasMetadata> resource) {
    return switch (resource.get()) {
      case EgressGateway gateway ->
          Optional.ofNullable(gateway.getStatus()).flatMap(status -> ready(status.conditions()));
      case EgressPolicy policy -> ready(policy);
      case null, default -> Optional.empty();
    };
  }

  public static Optional<String> ready(EgressPolicy policy) {
    return Optional.ofNullable(policy.getStatus()).flatMap(status -> ready(status.conditions()));
  }

  private static Optional<String> ready(@Nullable List<StatusCondition> conditions) {
    return Stream.ofNullable(conditions)
        .flatMap(List::stream)
        .filter(condition -> condition.type().equals("Ready"))
        .map(condition -> condition.reason() + ": " + condition.message())
        .findFirst();
  }

  /** Waits until the Ready condition says so. */
  public void awaitReady(Resource<? extends HasMetadata> resource, String words) throws Exception {
    AtomicReference<String> last = new AtomicReference<>("nothing");
    try {
      Patience.USUAL.await(
          "the Ready condition to say '" + words + "'",
          () -> {
            Optional<String> said = ready(resource);
            said.ifPresent(last::set);
            return said.filter(text -> text.contains(words));
          });
    } catch (TimeoutException e) {
      TimeoutException explained = new TimeoutException(e.getMessage() + "; it says " + last);
      explained.initCause(e);
      throw explained;
    }
  }

  /** The gateway that the policy names. */
  public String gatewayOf(String namespace, String policy) {
    String named = requireNonNull(policy(namespace, policy).get()).getSpec().egressGatewayName();
    return named == null ? "" : named;
  }
}
