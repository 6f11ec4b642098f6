package io.egressgateway.load.bench.cluster;

import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.load.bench.api.Clients;
import io.egressgateway.load.lab.Patience;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Creates and deletes many policies at once and watches their statuses. */
final class PolicyHerd implements AutoCloseable {
  private static final Patience PATIENCE =
      new Patience(Duration.ofMinutes(20), Duration.ofMillis(20));
  private static final Duration WORD_EVERY = Duration.ofSeconds(10);

  private final KubernetesClient client;
  private final Set<String> assigned = ConcurrentHashMap.newKeySet();
  private final SharedIndexInformer<EgressPolicy> informer;

  private PolicyHerd(KubernetesClient client) {
    this.client = client;
    this.informer =
        client
            .resources(EgressPolicy.class)
            .inNamespace(ScaleObjects.NAMESPACE)
            .inform(new Statuses(assigned));
  }

  /** Watches from now on. */
  static PolicyHerd watch(KubernetesClient client) {
    return new PolicyHerd(client);
  }

  /** Notes who has an egress IP, by its status. */
  private record Statuses(Set<String> assigned) implements ResourceEventHandler<EgressPolicy> {
    @Override
    public void onAdd(EgressPolicy policy) {
      look(policy);
    }

    @Override
    public void onUpdate(EgressPolicy before, EgressPolicy policy) {
      look(policy);
    }

    @Override
    public void onDelete(EgressPolicy policy, boolean finalStateUnknown) {
      assigned.remove(policy.getMetadata().getName());
    }

    private void look(EgressPolicy policy) {
      EgressPolicy.Status status = policy.getStatus();
      if (status != null
          && status.node() != null
          && status.eip() != null
          && status.eip().ipv4() != null) {
        assigned.add(policy.getMetadata().getName());
      }
    }
  }

  /**
   * How long it took from the first creation.
   *
   * @param number of the policies
   * @param created until the API had taken the last one
   * @param assigned until the last one's status named its egress IP and node
   */
  record Took(int number, Duration created, Duration assigned) {}

  /**
   * Creates policies.
   *
   * @param policy by its number
   */
  Took create(int number, IntFunction<EgressPolicy> policy, Consumer<String> progress)
      throws Exception {
    int before = assigned.size();
    long began = System.nanoTime();
    Clients.each(number, i -> client.resource(policy.apply(i)).create());
    Duration created = Duration.ofNanos(System.nanoTime() - began);
    long[] word = {System.nanoTime()};
    PATIENCE.await(
        "%d policies to have egress IPs".formatted(number),
        () -> {
          int done = assigned.size() - before;
          if (System.nanoTime() - word[0] > WORD_EVERY.toNanos()) {
            word[0] = System.nanoTime();
            progress.accept("%d of %d policies have an egress IP".formatted(done, number));
          }
          return Optional.of(done).filter(n -> n >= number);
        });
    return new Took(number, created, Duration.ofNanos(System.nanoTime() - began));
  }

  /**
   * Deletes policies and waits until the gateway has none of their egress IPs.
   *
   * @param policy by its number
   */
  void delete(int number, IntFunction<EgressPolicy> policy) throws Exception {
    Clients.each(number, i -> client.resource(policy.apply(i)).delete());
    PATIENCE.await(
        "the egress IPs of %d policies to be free".formatted(number),
        () -> usage().filter(usage -> usage.ipv4Free() == usage.ipv4Total()));
  }

  private Optional<EgressGateway.IpUsage> usage() {
    return Optional.ofNullable(
            client.resources(EgressGateway.class).withName(ScaleObjects.GATEWAY).get().getStatus())
        .map(EgressGateway.Status::ipUsage);
  }

  @Override
  public void close() {
    informer.close();
  }
}
