package io.egressgateway.k8s.admission;

import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.Labels;
import io.egressgateway.k8s.crd.EgressClusterInfo;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.reflector.CustomObjects;
import io.egressgateway.k8s.reflector.ObjectId;
import io.egressgateway.k8s.reflector.Reflector;
import io.egressgateway.k8s.reflector.ReflectorListener;
import io.egressgateway.k8s.reflector.ReflectorTiming;
import io.egressgateway.k8s.translate.ClusterInfoTranslator;
import io.egressgateway.k8s.translate.ClusterNetworks;
import io.egressgateway.k8s.translate.DefaultGateway;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Facts as they are reflected, a moment late. Thread-safe. */
final class FactCache implements ClusterFacts, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FactCache.class);

  private final ConcurrentSkipListMap<GatewayName, Known> gateways = new ConcurrentSkipListMap<>();
  private final Map<String, String> namespaces = new ConcurrentHashMap<>();
  private volatile ClusterNetworks networks = ClusterNetworks.unknown();
  private final Set<IpFamily> tunnelled;
  private final Set<String> unlisted = ConcurrentHashMap.newKeySet();
  private final List<Reflector<?>> reflectors;

  private FactCache(KubernetesClient client, Set<IpFamily> tunnelled) {
    this.tunnelled = tunnelled;
    ReflectorTiming timing = ReflectorTiming.standard();
    this.reflectors =
        List.of(
            Reflector.of(
                new CustomObjects<>(client, EgressGateway.class),
                this.<EgressGateway>listener(
                    "gateways",
                    gateway -> gateways.put(name(gateway), Known.of(gateway)),
                    gateway -> gateways.remove(new GatewayName(gateway.name()))),
                timing),
            Reflector.of(
                client.namespaces(),
                this.<Namespace>listener(
                    "namespaces", this::put, namespace -> namespaces.remove(namespace.name())),
                timing),
            Reflector.of(
                new CustomObjects<>(client, EgressClusterInfo.class),
                this.<EgressClusterInfo>listener(
                    "cluster infos",
                    this::put,
                    info -> ifTheOne(info.name(), ClusterNetworks::unknown)),
                timing));
  }

  /**
   * Starts to watch; returns at once.
   *
   * @param tunnelled the families that the tunnel carries
   */
  static FactCache start(KubernetesClient client, Set<IpFamily> tunnelled) {
    FactCache cache = new FactCache(client, tunnelled);
    cache.reflectors.forEach(Reflector::start);
    return cache;
  }

  /** Whether everything has been listed once. Before, nothing can be judged. */
  boolean isListed() {
    return unlisted.isEmpty();
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
    reflectors.forEach(Reflector::close);
  }

  private static GatewayName name(EgressGateway gateway) {
    return new GatewayName(gateway.getMetadata().getName());
  }

  private void put(EgressClusterInfo info) {
    EgressClusterInfo.Status status = info.getStatus();
    ifTheOne(
        info.getMetadata().getName(),
        () -> status == null ? ClusterNetworks.unknown() : ClusterInfoTranslator.networks(status));
  }

  private void ifTheOne(String info, Supplier<ClusterNetworks> says) {
    if (info.equals(EgressClusterInfo.SINGLETON)) {
      networks = says.get();
    }
  }

  private void put(Namespace object) {
    String namespace = object.getMetadata().getName();
    Map<String, String> labels = object.getMetadata().getLabels();
    DefaultGateway.ofNamespace(labels == null ? Labels.empty() : Labels.of(labels))
        .ifPresentOrElse(
            label -> namespaces.put(namespace, label), () -> namespaces.remove(namespace));
  }

  private <T> ReflectorListener<T> listener(
      String kind, Consumer<T> upserted, Consumer<ObjectId> deleted) {
    unlisted.add(kind);
    return new Listener<>(upserted, deleted, () -> unlisted.remove(kind));
  }

  private record Listener<T>(Consumer<T> upsert, Consumer<ObjectId> delete, Runnable onListed)
      implements ReflectorListener<T> {
    @Override
    public void upserted(T object) {
      upsert.accept(object);
    }

    @Override
    public void deleted(ObjectId object) {
      delete.accept(object);
    }

    @Override
    public void listed() {
      onListed.run();
    }

    /** The watcher says it, who watches the same. */
    @Override
    public void doubted(int missing, int known) {}

    @Override
    public void failed(Throwable cause) {
      LOG.warn(
          "watch failed source=admission remedy=\"check the API server, the CRDs and the RBAC"
              + " rules\" cause=\"{}\"",
          cause.toString());
    }
  }
}
