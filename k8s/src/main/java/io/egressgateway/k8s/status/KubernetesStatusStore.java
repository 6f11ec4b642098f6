package io.egressgateway.k8s.status;

import com.fasterxml.jackson.databind.JsonNode;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.k8s.crd.EgressClusterEndpointSlice;
import io.egressgateway.k8s.crd.EgressClusterInfo;
import io.egressgateway.k8s.crd.EgressClusterPolicy;
import io.egressgateway.k8s.crd.EgressEndpointSlice;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.EgressPolicyResource;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.k8s.crd.EndpointSliceResource;
import io.egressgateway.k8s.reflector.CustomObjects;
import io.egressgateway.k8s.reflector.ResourceVersions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The Kubernetes API as a status store. */
final class KubernetesStatusStore implements StatusStore {

  /** How often a write is tried again when somebody else wrote the object in between. */
  static final int ATTEMPTS_MAX = 5;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(10);

  private final KubernetesClient client;
  private final EventRecorder events;
  private final Clock clock;
  private final KernelNumbers numbers;
  private final Executor later;
  private volatile SeenPolicies seenPolicies = policy -> Optional.empty();

  /** What was written last of a policy, until the watch has shown it. */
  private final Map<PolicyKey, String> unseen = new ConcurrentHashMap<>();

  private final KnownSlices slices;

  /**
   * @param later writes events
   */
  KubernetesStatusStore(
      KubernetesClient client, Clock clock, KernelNumbers numbers, Executor later) {
    this.numbers = numbers;
    this.later = later;
    this.client = client;
    this.events = new EventRecorder(client, clock);
    this.clock = clock;
    this.slices = new KnownSlices(this::allSlices);
  }

  @Override
  public Outcome write(Wanted wanted) {
    Duration pause = FIRST_PAUSE;
    for (int attempt = 1; ; attempt++) {
      try {
        return attempt(wanted, attempt == 1 ? Reading.CACHED : Reading.FRESH);
      } catch (KubernetesClientException e) {
        boolean outdated = isOutdated(wanted, e.getCode(), attempt);
        if (!outdated && e.getCode() == HttpURLConnection.HTTP_NOT_FOUND && mayBeGone(wanted)) {
          return new Outcome.Gone();
        }
        if (!outdated || attempt == ATTEMPTS_MAX) {
          return new Outcome.Failed(reason(e));
        }
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Outcome.Failed("interrupted while waiting to try again");
      }
      pause = pause.multipliedBy(2);
    }
  }

  /**
   * Whether somebody else wrote the object in between. Of slices that are remembered one may have
   * been deleted; if that is not it, their namespace is gone.
   */
  private static boolean isOutdated(Wanted wanted, int code, int attempt) {
    return code == HttpURLConnection.HTTP_CONFLICT
        || (code == HttpURLConnection.HTTP_NOT_FOUND
            && wanted instanceof Wanted.Slices
            && attempt == 1);
  }

  /** What users delete. A tunnel is ours to create: there, 404 means that the kind is missing. */
  private static boolean mayBeGone(Wanted wanted) {
    return switch (wanted) {
      case Wanted.OfGateway ignored -> true;
      case Wanted.OfPolicy ignored -> true;
      case Wanted.Slices ignored -> true;
      case Wanted.OfClusterInfo ignored -> true;
      case Wanted.OfTunnel ignored -> false;
      case Wanted.NoTunnel ignored -> false;
    };
  }

  /** What a write starts from. */
  private enum Reading {
    /** What is known: it costs the server nothing. */
    CACHED,
    /** What the server says. */
    FRESH
  }

  private Outcome attempt(Wanted wanted, Reading reading) {
    return switch (wanted) {
      case Wanted.OfGateway gateway -> writeGateway(gateway);
      case Wanted.OfPolicy policy -> writePolicy(policy, reading);
      case Wanted.OfClusterInfo info -> writeClusterInfo(info);
      case Wanted.OfTunnel tunnel -> writeTunnel(tunnel);
      case Wanted.NoTunnel tunnel -> deleteTunnel(tunnel.name());
      case Wanted.Slices wantedSlices -> writeSlices(wantedSlices);
    };
  }

  private Outcome writeGateway(Wanted.OfGateway wanted) {
    EgressGateway found =
        client.resources(EgressGateway.class).withName(wanted.name().toString()).get();
    if (!isMeant(found, wanted.verdict().uid())) {
      return new Outcome.Gone();
    }
    EgressGateway.Status before = found.getStatus();
    EgressGateway.Status after = GatewayProjection.of(wanted, before, now());
    return replace(
        found,
        after,
        status ->
            StatusEvents.ofConditions(
                before == null ? null : before.conditions(), status.conditions()));
  }

  @Override
  public void see(SeenPolicies policies) {
    seenPolicies = policies;
  }

  @Override
  public void doubt() {
    slices.forget();
  }

  private Outcome writePolicy(Wanted.OfPolicy wanted, Reading reading) {
    return switch (policy(wanted.name(), reading).orElse(null)) {
      case EgressPolicy found -> writePolicy(wanted, found);
      case EgressClusterPolicy found -> writePolicy(wanted, found);
      case null -> new Outcome.Gone();
    };
  }

  private Outcome writePolicy(
      Wanted.OfPolicy wanted, CustomResource<?, EgressPolicy.Status> found) {
    if (!isMeant(found, wanted.verdict().uid())) {
      return new Outcome.Gone();
    }
    EgressPolicy.Status before = found.getStatus();
    return replace(
        found,
        PolicyProjection.of(wanted, before, now()),
        status -> StatusEvents.ofPolicy(before, status),
        written -> unseen.put(wanted.name(), written.getMetadata().getResourceVersion()));
  }

  private Optional<EgressPolicyResource> policy(PolicyKey policy, Reading reading) {
    Optional<EgressPolicyResource> seen =
        reading == Reading.CACHED
            ? seenPolicies.find(policy).filter(object -> isNews(policy, object)).map(this::own)
            : Optional.empty();
    return seen.or(() -> asked(policy));
  }

  /** What the watch showed before our own last write would hide that write. */
  private boolean isNews(PolicyKey policy, EgressPolicyResource seen) {
    String written = unseen.get(policy);
    if (written == null) {
      return true;
    }
    boolean isNews = ResourceVersions.isAtLeast(seen.getMetadata().getResourceVersion(), written);
    if (isNews) {
      unseen.remove(policy, written);
    }
    return isNews;
  }

  /** The watch's object is not ours to change. */
  private EgressPolicyResource own(EgressPolicyResource seen) {
    return switch (seen) {
      case EgressPolicy policy -> copied(policy, new EgressPolicy());
      case EgressClusterPolicy policy -> copied(policy, new EgressClusterPolicy());
    };
  }

  private static <S, T, P extends CustomResource<S, T>> P copied(P from, P to) {
    to.setMetadata(from.getMetadata());
    to.setSpec(from.getSpec());
    to.setStatus(from.getStatus());
    return to;
  }

  private Optional<EgressPolicyResource> asked(PolicyKey policy) {
    unseen.remove(policy);
    return Optional.ofNullable(
        switch (policy) {
          case PolicyKey.Namespaced key ->
              client
                  .resources(EgressPolicy.class)
                  .inNamespace(key.namespace())
                  .withName(key.name())
                  .get();
          case PolicyKey.ClusterScoped key ->
              client.resources(EgressClusterPolicy.class).withName(key.name()).get();
        });
  }

  private Outcome writeClusterInfo(Wanted.OfClusterInfo wanted) {
    EgressClusterInfo found =
        client.resources(EgressClusterInfo.class).withName(EgressClusterInfo.SINGLETON).get();
    if (found == null || !isMeant(found, wanted.verdict().uid())) {
      return new Outcome.Gone();
    }
    EgressClusterInfo.Status before = found.getStatus();
    return replace(
        found,
        ClusterInfoProjection.of(wanted, before, now()),
        status ->
            StatusEvents.ofConditions(
                before == null ? null : before.conditions(), status.conditions()));
  }

  private Outcome writeTunnel(Wanted.OfTunnel wanted) {
    String name = wanted.report().node().toString();
    EgressTunnel found = client.resources(EgressTunnel.class).withName(name).get();
    EgressTunnel tunnel = found == null ? createTunnel(name) : found;
    EgressTunnel.Status before = tunnel.getStatus();
    return replace(
        tunnel,
        TunnelProjection.of(wanted, before, now(), numbers),
        status -> StatusEvents.ofTunnel(before, status));
  }

  private EgressTunnel createTunnel(String name) {
    EgressTunnel tunnel = new EgressTunnel();
    tunnel.setMetadata(new ObjectMetaBuilder().withName(name).build());
    return client.resource(tunnel).create();
  }

  private Outcome deleteTunnel(NodeName name) {
    client.resources(EgressTunnel.class).withName(name.toString()).delete();
    return new Outcome.Settled();
  }

  /** Only an object that exists, and is the one that the conditions are about, is written. */
  private static boolean isMeant(@Nullable CustomResource<?, ?> found, Optional<String> uid) {
    return found != null && uid.map(found.getMetadata().getUid()::equals).orElse(true);
  }

  private <S> Outcome replace(
      CustomResource<?, S> object, S after, Function<S, List<StatusEvents.Notice>> notices) {
    return replace(object, after, notices, written -> {});
  }

  private <S> Outcome replace(
      CustomResource<?, S> object,
      S after,
      Function<S, List<StatusEvents.Notice>> notices,
      Consumer<HasMetadata> written) {
    if (sameJson(object.getStatus(), after)) {
      return new Outcome.Settled();
    }
    object.setStatus(after);
    written.accept(client.resource(object).updateStatus());
    List<StatusEvents.Notice> news = notices.apply(after);
    if (!news.isEmpty()) {
      later.execute(() -> events.record(object, news));
    }
    return new Outcome.Settled();
  }

  /** Compared as they are sent, so that an absent list and an empty one are the same. */
  private <S> boolean sameJson(@Nullable S before, S after) {
    return before != null && json(before).equals(json(after));
  }

  private JsonNode json(Object value) {
    return client.getKubernetesSerialization().convertValue(value, JsonNode.class);
  }

  private Outcome writeSlices(Wanted.Slices wanted) {
    List<EndpointSliceResource> ours =
        slices.of(wanted.policy()).stream().filter(slice -> isOwned(slice, wanted.uid())).toList();
    List<SlicePlan.Existing> existing =
        ours.stream()
            .map(
                slice ->
                    new SlicePlan.Existing(slice.getMetadata().getName(), slice.getEndpoints()))
            .toList();
    try {
      for (SlicePlan.Write write : SlicePlan.of(existing, wanted.endpoints()).writes()) {
        write(write, wanted, ours);
      }
    } catch (KubernetesClientException e) {
      slices.forget();
      throw e;
    }
    return new Outcome.Settled();
  }

  private List<EndpointSliceResource> allSlices() {
    List<EndpointSliceResource> all = new ArrayList<>();
    all.addAll(new CustomObjects<>(client, EgressEndpointSlice.class).list());
    all.addAll(new CustomObjects<>(client, EgressClusterEndpointSlice.class).list());
    return all;
  }

  private static boolean isOwned(EndpointSliceResource slice, String uid) {
    return slice.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> uid.equals(owner.getUid()));
  }

  private void write(
      SlicePlan.Write write, Wanted.Slices wanted, List<EndpointSliceResource> existing) {
    switch (write) {
      case SlicePlan.Create create ->
          slices.written(
              client.resource(EndpointProjection.slice(wanted, create.endpoints())).create());
      case SlicePlan.Replace replace ->
          slices.written(
              client
                  .resource(
                      EndpointProjection.slice(
                          named(replace.name(), existing), replace.endpoints()))
                  .update());
      case SlicePlan.Delete delete -> {
        EndpointSliceResource gone = named(delete.name(), existing);
        client.resource(gone).delete();
        slices.deleted(gone);
      }
    }
  }

  private static EndpointSliceResource named(String name, List<EndpointSliceResource> slices) {
    return slices.stream()
        .filter(slice -> name.equals(slice.getMetadata().getName()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the plan names a slice " + name));
  }

  private Instant now() {
    return clock.instant();
  }

  private static String reason(KubernetesClientException e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message;
  }
}
