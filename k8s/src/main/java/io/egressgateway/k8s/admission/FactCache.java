package io.egressgateway.k8s.admission;

import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.Labels;
import io.egressgateway.k8s.crd.EgressClusterInfo;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.translate.ClusterInfoTranslator;
import io.egressgateway.k8s.translate.ClusterNetworks;
import io.egressgateway.k8s.translate.DefaultGateway;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Facts as informers tell them, a moment late. Thread-safe. */
final class FactCache implements ClusterFacts, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FactCache.class);

  private final ConcurrentSkipListMap<GatewayName, Known> gateways = new ConcurrentSkipListMap<>();
  private final Map<String, String> namespaces = new ConcurrentHashMap<>();
  private volatile ClusterNetworks networks = ClusterNetworks.unknown();
  private final Set<IpFamily> tunnelled;
  private final List<SharedIndexInformer<?>> informers;

  private FactCache(KubernetesClient client, Set<IpFamily> tunnelled) {
    this.tunnelled = tunnelled;
    this.informers =
        List.of(
            watched(
                client.resources(EgressGateway.class),
                gateway -> gateways.put(name(gateway), Known.of(gateway)),
                gateway -> gateways.remove(name(gateway))),
            watched(client.namespaces(), this::put, this::remove),
            watched(client.resources(EgressClusterInfo.class), this::put, this::remove));
  }

  /**
   * Starts to watch; returns at once.
   *
   * @param tunnelled the families that the tunnel carries
   */
  static FactCache start(KubernetesClient client, Set<IpFamily> tunnelled) {
    FactCache cache = new FactCache(client, tunnelled);
    cache.informers.forEach(SharedIndexInformer::start);
    return cache;
  }

  /** Whether everything has been listed once. Before, nothing can be judged. */
  boolean isListed() {
    return informers.stream().allMatch(SharedIndexInformer::hasSynced);
  }

  @Override
  public Set<IpFamily> tunnelled() {
    return tunnelled;
  }

  @Override
  public SortedMap<GatewayName, Known> gateways() {
    return Collections.unmodifiableSortedMap(gateways);
  }

  @Override
  public Optional<String> namespaceDefault(String namespace) {
    return Optional.ofNullable(namespaces.get(namespace));
  }

  @Override
  public ClusterNetworks networks() {
    return networks;
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::close);
  }

  private static GatewayName name(EgressGateway gateway) {
    return new GatewayName(gateway.getMetadata().getName());
  }

  private void put(EgressClusterInfo info) {
    if (isTheOne(info)) {
      EgressClusterInfo.Status status = info.getStatus();
      networks =
          status == null ? ClusterNetworks.unknown() : ClusterInfoTranslator.networks(status);
    }
  }

  private void remove(EgressClusterInfo info) {
    if (isTheOne(info)) {
      networks = ClusterNetworks.unknown();
    }
  }

  private static boolean isTheOne(EgressClusterInfo info) {
    return info.getMetadata().getName().equals(EgressClusterInfo.SINGLETON);
  }

  private void put(Namespace namespace) {
    Map<String, String> labels = namespace.getMetadata().getLabels();
    DefaultGateway.ofNamespace(labels == null ? Labels.empty() : Labels.of(labels))
        .ifPresentOrElse(
            label -> namespaces.put(namespace.getMetadata().getName(), label),
            () -> remove(namespace));
  }

  private void remove(Namespace namespace) {
    namespaces.remove(namespace.getMetadata().getName());
  }

  private static <T extends HasMetadata> SharedIndexInformer<T> watched(
      Informable<T> objects, Consumer<T> upserted, Consumer<T> deleted) {
    SharedIndexInformer<T> informer = objects.runnableInformer(0);
    informer.addEventHandler(new Handler<>(upserted, deleted));
    informer.exceptionHandler(
        (started, failure) -> {
          LOG.warn(
              "watch failed source=admission remedy=\"check the API server, the CRDs and the RBAC"
                  + " rules\" cause=\"{}\"",
              failure.toString());
          return true;
        });
    return informer;
  }

  private record Handler<T>(Consumer<T> upserted, Consumer<T> deleted)
      implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
      upserted.accept(object);
    }

    @Override
    public void onUpdate(T before, T after) {
      upserted.accept(after);
    }

    @Override
    public void onDelete(T object, boolean finalStateUnknown) {
      deleted.accept(object);
    }
  }
}
