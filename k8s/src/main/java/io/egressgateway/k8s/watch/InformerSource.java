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
import io.egressgateway.k8s.status.SeenPolicies;
import io.egressgateway.k8s.translate.ClusterInfoTranslator;
import io.egressgateway.k8s.translate.GatewayTranslator;
import io.egressgateway.k8s.translate.NodeTranslator;
import io.egressgateway.k8s.translate.PodTranslator;
import io.egressgateway.k8s.watch.GatewayObject.Lifecycle;
import io.egressgateway.k8s.watch.WatchEvent.Source;
import io.egressgateway.policy.domain.SpecVersion;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists and watches what the entities' specs are made from. Failures are retried for ever: without
 * the API nothing new is decided, and what has been decided stays.
 */
final class InformerSource implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(InformerSource.class);

  /** Pods and the like are listed in pages, so that no answer has to fit into memory as a whole. */
  private static final long LIST_PAGE_MAX = 500;

  static final ResourceDefinitionContext CALICO_POOLS =
      new ResourceDefinitionContext.Builder()
          .withGroup("crd.projectcalico.org")
          .withVersion("v1")
          .withKind("IPPool")
          .withPlural("ippools")
          .withNamespaced(false)
          .build();

  private static final Set<Integer> NO_SUCH_KIND =
      Set.of(HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_FORBIDDEN);

  private final Consumer<WatchEvent> sink;
  private final List<Watched<?>> watched;
  private final SeenPolicies policies;

  private InformerSource(KubernetesClient client, Consumer<WatchEvent> sink) {
    this.sink = sink;
    Watched<Pod> pods =
        watched(Source.PODS, client.pods().inAnyNamespace().withLimit(LIST_PAGE_MAX), podEvents());
    pods.informer().itemStore(new TrimmedPods());
    Watched<EgressPolicy> policies =
        watched(
            Source.POLICIES,
            client.resources(EgressPolicy.class).inAnyNamespace().withLimit(LIST_PAGE_MAX),
            policyEvents());
    Watched<EgressClusterPolicy> clusterPolicies =
        watched(
            Source.CLUSTER_POLICIES,
            client.resources(EgressClusterPolicy.class).withLimit(LIST_PAGE_MAX),
            policyEvents());
    this.policies = new InformedPolicies(policies.informer(), clusterPolicies.informer());
    this.watched =
        List.of(
            watched(
                Source.NAMESPACES,
                client.namespaces(),
                new Events<>(
                    namespace -> namespaceUpserted(namespace.getMetadata()),
                    namespace ->
                        new WatchEvent.NamespaceDeleted(namespace.getMetadata().getName()))),
            watched(
                Source.NODES,
                client.nodes().withLimit(LIST_PAGE_MAX),
                new Events<>(
                    node -> new WatchEvent.NodeUpserted(NodeTranslator.translate(node)),
                    node -> new WatchEvent.NodeDeleted(NodeTranslator.translate(node).id()))),
            watched(
                Source.GATEWAYS,
                client.resources(EgressGateway.class),
                new Events<>(
                    gateway -> new WatchEvent.GatewayUpserted(gateway(gateway)),
                    gateway -> new WatchEvent.GatewayDeleted(gatewayName(gateway)))),
            policies,
            clusterPolicies,
            watched(
                Source.CLUSTER_INFOS,
                client.resources(EgressClusterInfo.class),
                new Events<>(
                    info -> clusterInfo(info, InformerSource::clusterInfoUpserted),
                    info -> clusterInfo(info, gone -> new WatchEvent.ClusterInfoDeleted()))),
            watched(
                Source.CALICO_POOLS,
                client.genericKubernetesResources(CALICO_POOLS),
                new Events<>(
                    pool ->
                        new WatchEvent.CalicoPoolUpserted(
                            pool.getMetadata().getName(), blocks(pool)),
                    pool -> new WatchEvent.CalicoPoolDeleted(pool.getMetadata().getName())),
                InformerSource::onNoPools),
            watched(
                Source.TUNNELS,
                client.resources(EgressTunnel.class),
                new Events<>(
                    tunnel -> new WatchEvent.TunnelUpserted(nodeName(tunnel)),
                    tunnel -> new WatchEvent.TunnelDeleted(nodeName(tunnel)))),
            pods);
  }

  /**
   * Starts to watch; returns at once.
   *
   * @param sink receives events on the client's threads; must not block
   */
  static InformerSource start(KubernetesClient client, Consumer<WatchEvent> sink) {
    InformerSource source = new InformerSource(client, sink);
    source.watched.forEach(Watched::start);
    return source;
  }

  /** Of this watch; it shows nothing new after {@link #close}. */
  SeenPolicies policies() {
    return policies;
  }

  private record InformedPolicies(
      SharedIndexInformer<EgressPolicy> namespaced,
      SharedIndexInformer<EgressClusterPolicy> clusterScoped)
      implements SeenPolicies {
    @Override
    public Optional<EgressPolicyResource> find(PolicyKey policy) {
      return Optional.ofNullable(
          switch (policy) {
            case PolicyKey.Namespaced key ->
                namespaced
                    .getIndexer()
                    .getByKey(Cache.namespaceKeyFunc(key.namespace(), key.name()));
            case PolicyKey.ClusterScoped key ->
                clusterScoped.getIndexer().getByKey(Cache.namespaceKeyFunc(null, key.name()));
          });
    }
  }

  @Override
  public void close() {
    watched.forEach(each -> each.informer().close());
  }

  /** What an upserted and what a deleted object mean. */
  record Events<T>(Function<T, WatchEvent> upserted, Function<T, WatchEvent> deleted) {}

  /** An informer, and who waits until its initial list has been delivered. */
  private record Watched<T extends HasMetadata>(
      SharedIndexInformer<T> informer, SyncBarrier barrier) {
    void start() {
      // A failed start is retried by the informer and ends in this stage, too.
      informer
          .start()
          .thenRun(
              () ->
                  barrier.listed(
                      informer.getStore().list().stream()
                          .map(object -> object.getMetadata().getUid())
                          .toList()));
    }
  }

  private <T extends HasMetadata> Watched<T> watched(
      Source source, Informable<T> objects, Events<T> events) {
    return watched(
        source,
        objects,
        events,
        (barrier, failure) ->
            LOG.warn(
                "watch failed source={} remedy=\"check the API server, the CRDs and the RBAC"
                    + " rules\" cause=\"{}\"",
                source,
                failure.toString()));
  }

  /** What to do about a failure, after which the informer tries again. */
  private interface OnFailure extends BiConsumer<SyncBarrier, Throwable> {}

  private <T extends HasMetadata> Watched<T> watched(
      Source source, Informable<T> objects, Events<T> events, OnFailure onFailure) {
    SyncBarrier barrier = new SyncBarrier(() -> sink.accept(new WatchEvent.Synced(source)));
    SharedIndexInformer<T> informer = objects.runnableInformer(0);
    informer.addEventHandler(new Delivery<>(events, sink, barrier));
    informer.exceptionHandler(
        (started, failure) -> {
          onFailure.accept(barrier, failure);
          return true;
        });
    return new Watched<>(informer, barrier);
  }

  /** A cluster without Calico has no such kind; if it comes later, the informer finds it. */
  private static void onNoPools(SyncBarrier barrier, Throwable failure) {
    boolean none =
        Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
            .anyMatch(
                cause ->
                    cause instanceof KubernetesClientException refusal
                        && NO_SUCH_KIND.contains(refusal.getCode()));
    if (none) {
      LOG.debug("no pools of Calico cause=\"{}\"", failure.toString());
      barrier.listed(List.of());
    } else {
      LOG.warn("watch failed source={} cause=\"{}\"", Source.CALICO_POOLS, failure.toString());
    }
  }

  /** Hands on what an informer says. */
  record Delivery<T extends HasMetadata>(
      Events<T> events, Consumer<WatchEvent> sink, SyncBarrier barrier)
      implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
      deliver(object, events.upserted());
    }

    /** After a gap, an object that is gone and another of its name look like one that changed. */
    @Override
    public void onUpdate(T before, T after) {
      if (!before.getMetadata().getUid().equals(after.getMetadata().getUid())) {
        deliver(before, events.deleted());
      }
      deliver(after, events.upserted());
    }

    @Override
    public void onDelete(T object, boolean finalStateUnknown) {
      deliver(object, events.deleted());
    }

    private void deliver(T object, Function<T, WatchEvent> meaning) {
      sink.accept(meaning.apply(object));
      barrier.delivered(object.getMetadata().getUid());
    }
  }

  static Events<Pod> podEvents() {
    return new Events<>(InformerSource::podUpserted, InformerSource::podDeleted);
  }

  private static WatchEvent podUpserted(Pod pod) {
    return PodTranslator.translate(pod)
        .<WatchEvent>map(WatchEvent.PodUpserted::new)
        .orElseGet(() -> podDeleted(pod));
  }

  private static WatchEvent podDeleted(Pod pod) {
    return new WatchEvent.PodDeleted(pod.getMetadata().getUid());
  }

  private static WatchEvent namespaceUpserted(ObjectMeta namespace) {
    Map<String, String> labels = namespace.getLabels();
    return new WatchEvent.NamespaceUpserted(
        namespace.getName(), labels == null ? Labels.empty() : Labels.of(labels));
  }

  private static GatewayObject gateway(EgressGateway gateway) {
    return new GatewayObject(
        gatewayName(gateway),
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

  private static GatewayName gatewayName(EgressGateway gateway) {
    return new GatewayName(gateway.getMetadata().getName());
  }

  private static <P extends EgressPolicyResource> Events<P> policyEvents() {
    return new Events<>(
        policy -> new WatchEvent.PolicyUpserted(policy(policy)),
        policy -> new WatchEvent.PolicyDeleted(policyKey(policy)));
  }

  private static PolicyObject policy(EgressPolicyResource policy) {
    return new PolicyObject(policyKey(policy), version(policy), policy);
  }

  private static PolicyKey policyKey(EgressPolicyResource policy) {
    ObjectMeta metadata = policy.getMetadata();
    return switch (policy) {
      case EgressPolicy ignored ->
          new PolicyKey.Namespaced(metadata.getNamespace(), metadata.getName());
      case EgressClusterPolicy ignored -> new PolicyKey.ClusterScoped(metadata.getName());
    };
  }

  private static WatchEvent clusterInfo(
      EgressClusterInfo info, Function<EgressClusterInfo, WatchEvent> meaning) {
    return EgressClusterInfo.SINGLETON.equals(info.getMetadata().getName())
        ? meaning.apply(info)
        : new WatchEvent.Ignored();
  }

  private static WatchEvent clusterInfoUpserted(EgressClusterInfo info) {
    return new WatchEvent.ClusterInfoUpserted(
        new ClusterInfoObject(version(info), ClusterInfoTranslator.translate(info)));
  }

  private static CidrSet blocks(GenericKubernetesResource pool) {
    return pool.get("spec", "cidr") instanceof String cidr
        ? ServiceCidrHints.read(List.of(cidr))
        : CidrSet.empty();
  }

  private static NodeName nodeName(HasMetadata object) {
    return new NodeName(object.getMetadata().getName());
  }

  /** A server that keeps no generation (a test's) says nothing: every change is a first one. */
  private static SpecVersion version(HasMetadata object) {
    Long generation = object.getMetadata().getGeneration();
    return new SpecVersion(
        object.getMetadata().getUid(), new Generation(generation == null ? 0 : generation));
  }
}
