package io.egressgateway.load.api.fault;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.EgressEndpointSlice;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.load.lab.ApiObjects;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.kube.BareObjects;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A namespace with a gateway of its own, policies with an egress IP each, and for each a pod of its
 * name; and what the API should show of them. All by a client that meets no fault.
 */
final class Tenant {
  static final int POLICIES = 5;
  static final int ADDRESSES = 9;

  private static final Patience LONG = new Patience(Duration.ofMinutes(2), Duration.ofMillis(200));

  private final KubernetesClient client;
  private final ApiObjects objects;
  private final String name;
  private final int number;
  private int podsMade;

  /**
   * @param number makes the addresses differ, 1 to 254
   */
  Tenant(KubernetesClient client, String name, int number) {
    this.client = client;
    this.objects = new ApiObjects(client);
    this.name = name;
    this.number = number;
  }

  /** What is there, and nothing of it is shown yet. */
  void create() {
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    objects.createGateway(
        name,
        """
        {ippools: {ipv4: [10.9.%1$d.1-10.9.%1$d.%2$d]},
         nodeSelector: {selector: {matchLabels: {tenant: %3$s}}}}
        """
            .strip()
            .formatted(number, ADDRESSES, name));
    for (String policy : names()) {
      createPod(policy, policy);
      createPolicy(policy);
    }
  }

  static List<String> names() {
    return IntStream.range(0, POLICIES).mapToObj(i -> "p" + i).toList();
  }

  void createPolicy(String policy) {
    objects.createPolicy(
        name, policy, "egressGatewayName: %s, egressIP: {allocatorPolicy: rr}".formatted(name));
  }

  void deletePolicy(String policy) {
    objects.policy(name, policy).delete();
    awaitAbsence(policy);
  }

  private void awaitAbsence(String policy) {
    objects.policy(name, policy).waitUntilCondition(object -> object == null, 30, TimeUnit.SECONDS);
  }

  /** Has the policy select the pods of another application. */
  void select(String policy, String app) {
    client
        .resources(EgressPolicy.class)
        .inNamespace(name)
        .withName(policy)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\":{\"appliedTo\":{\"podSelector\":{\"matchLabels\":{\"app\":\"%s\"}}}}}"
                .formatted(app));
  }

  /** A pod that runs, so the object says. */
  void createPod(String pod, String app) {
    podsMade++;
    Pod running =
        BareObjects.pod(
            name,
            pod,
            app,
            new BareObjects.Place(
                FaultyCluster.NODES.getFirst(), "10.244.%d.%d".formatted(number, podsMade)));
    Pod made = client.resource(running).create();
    made.setStatus(running.getStatus());
    client.resource(made).updateStatus();
  }

  void deletePod(String pod) {
    client.pods().inNamespace(name).withName(pod).withGracePeriod(0).delete();
  }

  ApiObjects objects() {
    return objects;
  }

  /** The addresses that policies have, by policy. */
  Map<String, String> addresses() {
    return new TreeMap<>(
        objects.policies(name).stream()
            .flatMap(
                policy ->
                    ApiObjects.address(policy).stream()
                        .map(address -> Map.entry(policy.getMetadata().getName(), address)))
            .collect(toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  /** The pods that the slices of each policy that exists name. */
  private Map<String, SortedSet<String>> shownPods() {
    Map<String, SortedSet<String>> shown = new TreeMap<>();
    List<EgressEndpointSlice> slices =
        client.resources(EgressEndpointSlice.class).inNamespace(name).list().getItems();
    for (EgressPolicy policy : objects.policies(name)) {
      SortedSet<String> pods = new TreeSet<>();
      slices.stream()
          .filter(slice -> isOf(slice, policy))
          .flatMap(slice -> slice.getEndpoints().stream())
          .forEach(endpoint -> pods.add(String.valueOf(endpoint.pod())));
      shown.put(policy.getMetadata().getName(), pods);
    }
    return shown;
  }

  private static boolean isOf(EgressEndpointSlice slice, EgressPolicy policy) {
    return slice.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> owner.getUid().equals(policy.getMetadata().getUid()));
  }

  /** The pods that each policy that exists selects. */
  private Map<String, SortedSet<String>> selectedPods() {
    Map<String, SortedSet<String>> selected = new TreeMap<>();
    List<Pod> pods = client.pods().inNamespace(name).list().getItems();
    for (EgressPolicy policy : objects.policies(name)) {
      String app = app(policy);
      selected.put(
          policy.getMetadata().getName(),
          new TreeSet<>(
              pods.stream()
                  .filter(pod -> app.equals(pod.getMetadata().getLabels().get("app")))
                  .map(pod -> pod.getMetadata().getName())
                  .toList()));
    }
    return selected;
  }

  private static String app(EgressPolicy policy) {
    EgressPolicy.AppliedTo applied = requireNonNull(policy.getSpec().appliedTo());
    return requireNonNull(requireNonNull(applied.podSelector()).matchLabels())
        .getOrDefault("app", "");
  }

  /** What does not show as it should; empty if all is well. */
  Optional<String> untruth() {
    int policies = objects.policies(name).size();
    Map<String, String> addresses = addresses();
    if (addresses.size() != policies || new TreeSet<>(addresses.values()).size() != policies) {
      return Optional.of("%d policies have the addresses %s".formatted(policies, addresses));
    }
    Optional<EgressGateway.IpUsage> usage = objects.usage(name);
    EgressGateway.IpUsage wanted = new EgressGateway.IpUsage(ADDRESSES - policies, ADDRESSES, 0, 0);
    if (!usage.equals(Optional.of(wanted))) {
      return Optional.of("the gateway has %s, not %s".formatted(usage, wanted));
    }
    if (!shownPods().equals(selectedPods())) {
      return Optional.of("slices name %s, selected are %s".formatted(shownPods(), selectedPods()));
    }
    EgressGateway gateway = objects.gateway(name).get();
    return gateway != null && gateway.hasFinalizer(ApiGroup.GATEWAY_FINALIZER)
        ? Optional.empty()
        : Optional.of("the gateway has no finalizer");
  }

  /** Waits until the API shows what is, for so long at most. */
  void awaitTruth(Duration patience) throws Exception {
    try {
      new Patience(patience, Duration.ofMillis(200))
          .await(
              "the API to show what is",
              () -> untruth().isPresent() ? Optional.empty() : Optional.of(true));
    } catch (TimeoutException e) {
      throw Patience.explained(e, e.getMessage() + "; " + untruth().orElse("now it does"));
    }
  }

  /** The same, with all patience. */
  void awaitTruth() throws Exception {
    awaitTruth(LONG.limit());
  }

  /**
   * Everything that is shown of the tenant and of the nodes, each with its version: whatever is
   * withdrawn and shown again has another.
   */
  Map<String, String> shown() {
    return Stream.of(
            Stream.of(objects.gateway(name).get()),
            objects.policies(name).stream(),
            client
                .resources(EgressEndpointSlice.class)
                .inNamespace(name)
                .list()
                .getItems()
                .stream(),
            client.resources(EgressTunnel.class).list().getItems().stream())
        .flatMap(all -> all)
        .map(object -> (HasMetadata) object)
        .collect(
            toMap(
                object -> object.getKind() + "/" + object.getMetadata().getName(),
                object ->
                    object.getMetadata().getUid()
                        + " at "
                        + object.getMetadata().getResourceVersion(),
                (one, other) -> one,
                TreeMap::new));
  }

  /** What is shown once nothing of it has changed for some seconds. */
  Map<String, String> awaitCalm() throws Exception {
    awaitTruth();
    return LONG.await(
        "what is shown to stay as it is",
        () -> {
          Map<String, String> before = shown();
          Thread.sleep(Duration.ofSeconds(3));
          return Optional.of(before).filter(shown()::equals);
        });
  }

  /** Ends it all, and waits until the gateway is let go. */
  void remove() throws Exception {
    client.resources(EgressPolicy.class).inNamespace(name).delete();
    objects.gateway(name).delete();
    client.pods().inNamespace(name).withGracePeriod(0).delete();
    LONG.await(
        "gateway " + name + " to be let go",
        () -> objects.gateway(name).get() == null ? Optional.of(true) : Optional.empty());
  }
}
