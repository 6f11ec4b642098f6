package io.egressgateway.k8s.status;

import com.fasterxml.jackson.databind.JsonNode;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.EgressClusterEndpointSlice;
import io.egressgateway.k8s.crd.EgressClusterInfo;
import io.egressgateway.k8s.crd.EgressClusterPolicy;
import io.egressgateway.k8s.crd.EgressEndpointSlice;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.k8s.crd.EndpointSliceResource;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.regex.Pattern;
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

  // One for each kind: the server's memory of a kind gets no newer by writes of another.
  private final Newest namespaced = new Newest();
  private final Newest clusterScoped = new Newest();

  /** Policies of which a slice has been deleted since the last fresh list. */
  private final Set<PolicyKey> deleted = ConcurrentHashMap.newKeySet();

  KubernetesStatusStore(KubernetesClient client, Clock clock, KernelNumbers numbers) {
    this.numbers = numbers;
    this.client = client;
    this.events = new EventRecorder(client, clock);
    this.clock = clock;
  }

  @Override
  public Outcome write(Wanted wanted) {
    Duration pause = FIRST_PAUSE;
    for (int attempt = 1; ; attempt++) {
      try {
        return attempt(wanted, attempt == 1 ? Reading.CACHED : Reading.FRESH);
      } catch (KubernetesClientException e) {
        if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND && mayBeGone(wanted)) {
          return new Outcome.Gone();
        }
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || attempt == ATTEMPTS_MAX) {
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

  private Outcome attempt(Wanted wanted, Reading reading) {
    return switch (wanted) {
      case Wanted.OfGateway gateway -> writeGateway(gateway);
      case Wanted.OfPolicy policy -> writePolicy(policy);
      case Wanted.OfClusterInfo info -> writeClusterInfo(info);
      case Wanted.OfTunnel tunnel -> writeTunnel(tunnel);
      case Wanted.NoTunnel tunnel -> deleteTunnel(tunnel.name());
      case Wanted.Slices slices -> writeSlices(slices, reading);
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

  private Outcome writePolicy(Wanted.OfPolicy wanted) {
    return switch (wanted.name()) {
      case PolicyKey.Namespaced key ->
          writePolicy(
              wanted,
              client
                  .resources(EgressPolicy.class)
                  .inNamespace(key.namespace())
                  .withName(key.name())
                  .get());
      case PolicyKey.ClusterScoped key ->
          writePolicy(
              wanted, client.resources(EgressClusterPolicy.class).withName(key.name()).get());
    };
  }

  private Outcome writePolicy(
      Wanted.OfPolicy wanted, @Nullable CustomResource<?, EgressPolicy.Status> found) {
    if (found == null || !isMeant(found, wanted.verdict().uid())) {
      return new Outcome.Gone();
    }
    EgressPolicy.Status before = found.getStatus();
    return replace(
        found,
        PolicyProjection.of(wanted, before, now()),
        status -> StatusEvents.ofPolicy(before, status));
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
    if (sameJson(object.getStatus(), after)) {
      return new Outcome.Settled();
    }
    object.setStatus(after);
    client.resource(object).updateStatus();
    events.record(object, notices.apply(after));
    return new Outcome.Settled();
  }

  /** Compared as they are sent, so that an absent list and an empty one are the same. */
  private <S> boolean sameJson(@Nullable S before, S after) {
    return before != null && json(before).equals(json(after));
  }

  private JsonNode json(Object value) {
    return client.getKubernetesSerialization().convertValue(value, JsonNode.class);
  }

  /** From where the API server answers with a list of slices. */
  private enum Reading {
    /** Its memory, which has all that we have written: it costs the server little. */
    CACHED,
    /** Its database, of which it reads the slices of all policies. */
    FRESH
  }

  private Outcome writeSlices(Wanted.Slices wanted, Reading reading) {
    List<EndpointSliceResource> ours =
        slices(wanted.policy(), reading).stream()
            .filter(slice -> isOwned(slice, wanted.uid()))
            .<EndpointSliceResource>map(slice -> slice)
            .toList();
    List<SlicePlan.Existing> existing =
        ours.stream()
            .map(
                slice ->
                    new SlicePlan.Existing(slice.getMetadata().getName(), slice.getEndpoints()))
            .toList();
    for (SlicePlan.Write write : SlicePlan.of(existing, wanted.endpoints()).writes()) {
      write(write, wanted, ours);
    }
    return new Outcome.Settled();
  }

  private List<? extends EndpointSliceResource> slices(PolicyKey policy, Reading reading) {
    String label = EndpointProjection.label(policy.name());
    boolean cached = reading == Reading.CACHED && !deleted.remove(policy);
    return switch (policy) {
      case PolicyKey.Namespaced key ->
          client
              .resources(EgressEndpointSlice.class)
              .inNamespace(key.namespace())
              .withLabel(ApiGroup.POLICY_NAME_LABEL, label)
              .list(cached ? namespaced.orNewer() : new ListOptions())
              .getItems();
      case PolicyKey.ClusterScoped ignored ->
          client
              .resources(EgressClusterEndpointSlice.class)
              .withLabel(ApiGroup.POLICY_NAME_LABEL, label)
              .list(cached ? clusterScoped.orNewer() : new ListOptions())
              .getItems();
    };
  }

  private static boolean isOwned(EndpointSliceResource slice, String uid) {
    return slice.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> uid.equals(owner.getUid()));
  }

  private void write(
      SlicePlan.Write write, Wanted.Slices wanted, List<EndpointSliceResource> existing) {
    switch (write) {
      case SlicePlan.Create create ->
          note(client.resource(EndpointProjection.slice(wanted, create.endpoints())).create());
      case SlicePlan.Replace replace -> {
        EndpointSliceResource slice = named(replace.name(), existing);
        slice.setEndpoints(replace.endpoints());
        note(client.resource(slice).update());
      }
      case SlicePlan.Delete delete -> {
        // A deletion does not say at which version it took place.
        deleted.add(wanted.policy());
        client.resource(named(delete.name(), existing)).delete();
      }
    }
  }

  private void note(EndpointSliceResource slice) {
    switch (slice) {
      case EgressEndpointSlice written -> namespaced.note(written.getMetadata());
      case EgressClusterEndpointSlice written -> clusterScoped.note(written.getMetadata());
    }
  }

  /** The newest version of a slice that we have written; 0 before the first. */
  private static final class Newest {
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,18}");

    private final AtomicLong version = new AtomicLong();

    /** Versions are numbers of etcd's; others are left out. */
    void note(ObjectMeta written) {
      if (DECIMAL.matcher(written.getResourceVersion()).matches()) {
        version.accumulateAndGet(Long.parseLong(written.getResourceVersion()), Math::max);
      }
    }

    ListOptions orNewer() {
      ListOptions options = new ListOptions();
      options.setResourceVersion(version.toString());
      return options;
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
