package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Generation;
import io.egressgateway.core.model.Labels;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.EgressClusterInfo;
import io.egressgateway.k8s.crd.EgressClusterPolicy;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.EgressPolicyResource;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.k8s.reflector.CustomObjects;
import io.egressgateway.k8s.reflector.ObjectId;
import io.egressgateway.k8s.reflector.Reflector;
import io.egressgateway.k8s.reflector.ReflectorListener;
import io.egressgateway.k8s.reflector.ReflectorTiming;
import io.egressgateway.k8s.status.SeenPolicies;
import io.egressgateway.k8s.translate.ClusterInfoTranslator;
import io.egressgateway.k8s.translate.GatewayTranslator;
import io.egressgateway.k8s.translate.NodeFacts;
import io.egressgateway.k8s.translate.NodeTranslator;
import io.egressgateway.k8s.translate.PodCidrMode;
import io.egressgateway.k8s.translate.PodNetworkTranslator;
import io.egressgateway.k8s.translate.PodTranslator;
import io.egressgateway.k8s.watch.GatewayObject.Lifecycle;
import io.egressgateway.k8s.watch.WatchEvent.Source;
import io.egressgateway.policy.domain.SpecVersion;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import java.net.HttpURLConnection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reflects what the entities' specs are made from. Failures are retried for ever: without the API
 * nothing new is decided, and what has been decided stays.
 */
final class KubernetesSource implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KubernetesSource.class);

  /** Kinds of networks that a cluster may have or not; if they come later, they are found. */
  private static final Set<Source> OPTIONAL =
      EnumSet.of(
          Source.CALICO_POOLS,
          Source.CILIUM_NODES,
          Source.SPIDER_POOLS,
          Source.SPIDER_COORDINATORS);

  private static final Set<Integer> NO_SUCH_KIND =
      Set.of(HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_FORBIDDEN);

  private final Consumer<WatchEvent> sink;
  private final Consumer<HasMetadata> unreadable;
  private final ReflectorTiming timing;
  private final ConcurrentMap<PolicyKey, EgressPolicyResource> policies = new ConcurrentHashMap<>();
  private final Map<Source, Reflector<?>> reflectors = new EnumMap<>(Source.class);

  private KubernetesSource(
      KubernetesClient client,
      ReflectorTiming timing,
      Consumer<WatchEvent> sink,
      Consumer<HasMetadata> unreadable) {
    this.sink = sink;
    this.unreadable = unreadable;
    this.timing = timing;
    reflect(
        Source.NAMESPACES,
        client.namespaces(),
        new Events<>(
            namespace -> namespaceUpserted(namespace.getMetadata()),
            namespace -> new WatchEvent.NamespaceDeleted(namespace.name())));
    reflect(
        Source.NODES,
        client.nodes(),
        new Events<>(
            node -> new WatchEvent.NodeUpserted(NodeTranslator.translate(node)),
            node ->
                new WatchEvent.NodeDeleted(
                    new NodeFacts.Id(new NodeName(node.name()), node.uid()))));
    reflect(
        Source.GATEWAYS,
        new CustomObjects<>(client, EgressGateway.class),
        new Events<>(
            gateway -> new WatchEvent.GatewayUpserted(gateway(gateway)),
            gateway -> new WatchEvent.GatewayDeleted(new GatewayName(gateway.name()))));
    reflect(
        Source.POLICIES,
        new CustomObjects<>(client, EgressPolicy.class),
        new Events<>(
            this::policyUpserted,
            policy -> policyDeleted(new PolicyKey.Namespaced(policy.namespace(), policy.name()))));
    reflect(
        Source.CLUSTER_POLICIES,
        new CustomObjects<>(client, EgressClusterPolicy.class),
        new Events<>(
            this::policyUpserted,
            policy -> policyDeleted(new PolicyKey.ClusterScoped(policy.name()))));
    reflect(
        Source.CLUSTER_INFOS,
        new CustomObjects<>(client, EgressClusterInfo.class),
        new Events<>(
            info -> ifSingleton(info.getMetadata().getName(), () -> clusterInfoUpserted(info)),
            info -> ifSingleton(info.name(), WatchEvent.ClusterInfoDeleted::new)));
    reflect(
        Source.CALICO_POOLS,
        client.genericKubernetesResources(NetworkKinds.CALICO_POOLS),
        podNetworks(PodCidrMode.CALICO, PodNetworkTranslator::calico));
    reflect(
        Source.CILIUM_NODES,
        client.genericKubernetesResources(NetworkKinds.CILIUM_NODES),
        podNetworks(PodCidrMode.CILIUM, PodNetworkTranslator::cilium));
    reflect(
        Source.SPIDER_POOLS,
        client.genericKubernetesResources(NetworkKinds.SPIDER_POOLS),
        podNetworks(PodCidrMode.SPIDERPOOL, PodNetworkTranslator::spiderpool));
    reflect(
        Source.SPIDER_COORDINATORS,
        client.genericKubernetesResources(NetworkKinds.SPIDER_COORDINATORS),
        new Events<>(
            KubernetesSource::coordinatorUpserted,
            coordinator -> new WatchEvent.SpiderCoordinatorDeleted(coordinator.name())));
    reflect(
        Source.TUNNELS,
        new CustomObjects<>(client, EgressTunnel.class),
        new Events<>(
            tunnel -> new WatchEvent.TunnelUpserted(new NodeName(tunnel.getMetadata().getName())),
            tunnel -> new WatchEvent.TunnelDeleted(new NodeName(tunnel.name()))));
    reflect(
        Source.PODS,
        client.pods().inAnyNamespace(),
        new Events<>(KubernetesSource::podUpserted, pod -> new WatchEvent.PodDeleted(pod.uid())));
  }

  /**
   * Starts to watch; returns at once.
   *
   * @param sink receives events on other threads; must not block
   * @param unreadable receives objects that do not fit their kind's schema; must not block
   */
  static KubernetesSource start(
      KubernetesClient client,
      ReflectorTiming timing,
      Consumer<WatchEvent> sink,
      Consumer<HasMetadata> unreadable) {
    KubernetesSource source = new KubernetesSource(client, timing, sink, unreadable);
    source.reflectors.values().forEach(Reflector::start);
    return source;
  }

  /** Of this watch; it shows nothing new after {@link #close}. */
  SeenPolicies policies() {
    return policy -> Optional.ofNullable(policies.get(policy));
  }

  /** Lists them once more after a while; {@link WatchEvent.Listed} says when that is done. */
  void lookAgain(Source source) {
    Optional.ofNullable(reflectors.get(source)).ifPresent(Reflector::lookAgain);
  }

  @Override
  public void close() {
    reflectors.values().forEach(Reflector::close);
  }

  /** What an upserted and what a deleted object mean. */
  private record Events<T>(
      Function<T, WatchEvent> upserted, Function<ObjectId, WatchEvent> deleted) {}

  private <T extends HasMetadata, L extends KubernetesResourceList<T>> void reflect(
      Source source, FilterWatchListDeletable<T, L, ?> objects, Events<T> events) {
    reflectors.put(source, Reflector.of(objects, new Delivery<>(source, events), timing));
  }

  private <T extends HasMetadata> void reflect(
      Source source, CustomObjects<T> objects, Events<T> events) {
    reflectors.put(source, Reflector.of(objects, new Delivery<>(source, events), timing));
  }

  /** Hands on what a reflector says. */
  private final class Delivery<T> implements ReflectorListener<T> {
    private final Source source;
    private final Events<T> events;

    Delivery(Source source, Events<T> events) {
      this.source = source;
      this.events = events;
    }

    @Override
    public void upserted(T object) {
      sink.accept(events.upserted().apply(object));
    }

    @Override
    public void deleted(ObjectId object) {
      sink.accept(events.deleted().apply(object));
    }

    @Override
    public void unreadable(HasMetadata object) {
      unreadable.accept(object);
    }

    @Override
    public void listed() {
      sink.accept(new WatchEvent.Listed(source));
    }

    @Override
    public void doubted(int missing, int known) {
      LOG.warn(
          "list doubted source={} missing={} known={} remedy=\"nothing is given up before another"
              + " list says the same; check the API server and its store\"",
          source,
          missing,
          known);
    }

    @Override
    public void failed(Throwable cause) {
      if (OPTIONAL.contains(source) && saysNoSuchKind(cause)) {
        LOG.debug("no such kind source={} cause=\"{}\"", source, cause.toString());
        listed();
      } else {
        LOG.warn(
            "watch failed source={} remedy=\"check the API server, the CRDs and the RBAC"
                + " rules\" cause=\"{}\"",
            source,
            cause.toString());
      }
    }
  }

  private static boolean saysNoSuchKind(Throwable cause) {
    return cause instanceof KubernetesClientException refusal
        && NO_SUCH_KIND.contains(refusal.getCode());
  }

  private static WatchEvent podUpserted(Pod pod) {
    return PodTranslator.translate(pod)
        .<WatchEvent>map(WatchEvent.PodUpserted::new)
        .orElseGet(() -> new WatchEvent.PodDeleted(pod.getMetadata().getUid()));
  }

  private static WatchEvent namespaceUpserted(ObjectMeta namespace) {
    Map<String, String> labels = namespace.getLabels();
    return new WatchEvent.NamespaceUpserted(
        namespace.getName(), labels == null ? Labels.empty() : Labels.of(labels));
  }

  private static GatewayObject gateway(EgressGateway gateway) {
    return new GatewayObject(
        new GatewayName(gateway.getMetadata().getName()),
        version(gateway),
        String.valueOf(gateway.getMetadata().getCreationTimestamp()),
        lifecycle(gateway),
        GatewayTranslator.translate(gateway),
        GatewayOrders.read(gateway.getMetadata().getAnnotations()));
  }

  private static Lifecycle lifecycle(EgressGateway gateway) {
    if (gateway.isMarkedForDeletion()) {
      return Lifecycle.DELETING;
    }
    return gateway.hasFinalizer(ApiGroup.GATEWAY_FINALIZER)
        ? Lifecycle.GUARDED
        : Lifecycle.UNGUARDED;
  }

  private WatchEvent policyUpserted(EgressPolicyResource policy) {
    PolicyKey key = policyKey(policy);
    policies.put(key, policy);
    return new WatchEvent.PolicyUpserted(new PolicyObject(key, version(policy), policy));
  }

  private WatchEvent policyDeleted(PolicyKey key) {
    policies.remove(key);
    return new WatchEvent.PolicyDeleted(key);
  }

  private static PolicyKey policyKey(EgressPolicyResource policy) {
    ObjectMeta metadata = policy.getMetadata();
    return switch (policy) {
      case EgressPolicy ignored ->
          new PolicyKey.Namespaced(metadata.getNamespace(), metadata.getName());
      case EgressClusterPolicy ignored -> new PolicyKey.ClusterScoped(metadata.getName());
    };
  }

  private static WatchEvent ifSingleton(String name, Supplier<WatchEvent> meaning) {
    return EgressClusterInfo.SINGLETON.equals(name) ? meaning.get() : new WatchEvent.Ignored();
  }

  private static WatchEvent clusterInfoUpserted(EgressClusterInfo info) {
    return new WatchEvent.ClusterInfoUpserted(
        new ClusterInfoObject(version(info), ClusterInfoTranslator.translate(info)));
  }

  private static Events<GenericKubernetesResource> podNetworks(
      PodCidrMode owner, Function<GenericKubernetesResource, CidrSet> blocks) {
    return new Events<>(
        part ->
            new WatchEvent.PodNetworkUpserted(
                new WatchEvent.PodNetworkId(owner, part.getMetadata().getName()),
                blocks.apply(part)),
        part -> new WatchEvent.PodNetworkDeleted(new WatchEvent.PodNetworkId(owner, part.name())));
  }

  private static WatchEvent coordinatorUpserted(GenericKubernetesResource coordinator) {
    String name = coordinator.getMetadata().getName();
    Object listed = Objects.requireNonNullElse(coordinator.get("spec", "hijackCIDR"), List.of());
    return new WatchEvent.SpiderCoordinatorUpserted(name, HijackedDestinations.read(name, listed));
  }

  /** A server that keeps no generation (a test's) says nothing: every change is a first one. */
  private static SpecVersion version(HasMetadata object) {
    Long generation = object.getMetadata().getGeneration();
    return new SpecVersion(
        object.getMetadata().getUid(), new Generation(generation == null ? 0 : generation));
  }
}
