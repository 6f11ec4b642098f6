package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpPool;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.EgressClusterPolicy;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressGateway.IpPools;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.translate.GatewayTranslator;
import io.egressgateway.k8s.translate.PolicyTranslator;
import io.egressgateway.k8s.translate.Translation;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills in what a user may leave out of a spec, and guards gateways by our finalizer. Every method
 * returns at once and may be repeated: what is there already is not written again, and what fails
 * is for the caller to ask for again.
 */
final class SpecPatches {

  private static final Logger LOG = LoggerFactory.getLogger(SpecPatches.class);

  private final KubernetesClient client;
  private final Executor executor;
  private final Set<String> inFlight = ConcurrentHashMap.newKeySet();

  /**
   * @param executor may be blocked
   */
  SpecPatches(KubernetesClient client, Executor executor) {
    this.client = client;
    this.executor = executor;
  }

  /** Adds our finalizer and the default addresses. */
  void complete(GatewayName gateway) {
    edit("EgressGateway/" + gateway, gateway(gateway), SpecPatches::completed);
  }

  /** Takes our finalizer away. */
  void release(GatewayName gateway) {
    edit(
        "EgressGateway/" + gateway,
        gateway(gateway),
        object -> {
          object.removeFinalizer(ApiGroup.GATEWAY_FINALIZER);
          return object;
        });
  }

  /** Names the gateway in a policy that names none. */
  void choose(PolicyKey policy, GatewayName gateway) {
    switch (policy) {
      case PolicyKey.Namespaced key ->
          edit(
              key.toString(),
              client
                  .resources(EgressPolicy.class)
                  .inNamespace(key.namespace())
                  .withName(key.name()),
              object -> withGateway(object, gateway));
      case PolicyKey.ClusterScoped key ->
          edit(
              key.toString(),
              client.resources(EgressClusterPolicy.class).withName(key.name()),
              object -> withGateway(object, gateway));
    }
  }

  private Resource<EgressGateway> gateway(GatewayName gateway) {
    return client.resources(EgressGateway.class).withName(gateway.value());
  }

  private <T> void edit(String object, Resource<T> resource, UnaryOperator<T> change) {
    if (inFlight.add(object)) {
      executor.execute(
          () -> {
            try {
              resource.edit(change);
            } catch (KubernetesClientException failure) {
              // Somebody else was faster, or the object is gone: what is next comes as an event.
              LOG.info("defaults not written object={} cause=\"{}\"", object, failure.getMessage());
            } finally {
              inFlight.remove(object);
            }
          });
    }
  }

  private static EgressGateway completed(EgressGateway gateway) {
    if (!gateway.isMarkedForDeletion()) {
      gateway.addFinalizer(ApiGroup.GATEWAY_FINALIZER);
    }
    EgressGateway.Spec spec = gateway.getSpec();
    if (spec != null && spec.ippools() != null) {
      switch (GatewayTranslator.translate(gateway)) {
        case Translation.Valid<EgressGatewaySpec> valid ->
            gateway.setSpec(
                new EgressGateway.Spec(
                    spec.allowedNamespaces(),
                    spec.clusterDefault(),
                    spec.connectionReplication(),
                    spec.failOpen(),
                    completed(spec.ippools(), valid.spec()),
                    spec.nodeSelector(),
                    spec.onWitnessLoss()));
        case Translation.Invalid<EgressGatewaySpec> ignored -> {}
      }
    }
    return gateway;
  }

  private static IpPools completed(IpPools written, EgressGatewaySpec checked) {
    return new IpPools(
        written.ipv4(),
        orLowest(written.ipv4DefaultEIP(), checked.ipv4()),
        written.ipv6(),
        orLowest(written.ipv6DefaultEIP(), checked.ipv6()));
  }

  private static @Nullable String orLowest(@Nullable String named, IpPool pool) {
    boolean isNamed = named != null && !named.isEmpty();
    return isNamed || pool.isEmpty() ? named : pool.ranges().getFirst().first().toString();
  }

  private static EgressPolicy withGateway(EgressPolicy policy, GatewayName gateway) {
    EgressPolicy.Spec spec = policy.getSpec();
    if (spec != null && PolicyTranslator.namesNoGateway(policy)) {
      policy.setSpec(spec.withGateway(gateway.value()));
    }
    return policy;
  }

  private static EgressClusterPolicy withGateway(EgressClusterPolicy policy, GatewayName gateway) {
    EgressClusterPolicy.Spec spec = policy.getSpec();
    if (spec != null && PolicyTranslator.namesNoGateway(policy)) {
      policy.setSpec(spec.withGateway(gateway.value()));
    }
    return policy;
  }
}
