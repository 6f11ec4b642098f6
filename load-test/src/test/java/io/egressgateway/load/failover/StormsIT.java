package io.egressgateway.load.failover;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.EgressEndpointSlice;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.load.bench.api.Clients;
import io.egressgateway.load.lab.ApiObjects;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.kube.BareObjects;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows of the fault matrix whose faults are many objects at once, before a real kube-apiserver and
 * a controller with the heap that it is shipped with. No node has an agent: what is looked at is
 * what the control plane says.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("matrix")
final class StormsIT {
  private static final Patience PATIENCE =
      new Patience(Duration.ofMinutes(8), Duration.ofSeconds(1));

  /** The heap of 256 MiB, code, threads and buffers. */
  private static final long RESIDENT_MAX = 640L << 20;

  /** Policies; a minute or two of work for an API server on two processors. */
  private static final int CREATED = 2_000;

  private static final int SAMPLE = 50;
  private static final int PODS = 50_000;
  private static final int PODS_PER_NODE = 250;
  private static final int RIVALS = 1_000;
  private static final int PRIORITIES = 37;
  private static final int FEW_PODS = 1;
  private static final int MANY_PODS = 2;

  @TempDir private static Path directory;
  private static ControllerStage stage;
  private static ApiObjects objects;

  @BeforeAll
  static void start() throws Exception {
    stage = ControllerStage.start(directory);
    objects = stage.objects();
  }

  @AfterAll
  static void end() {
    stage.close();
  }

  /** A row. */
  private interface Row {
    void play() throws Exception;
  }

  /** Plays a row with a gateway of its own. */
  private static void row(String namespace, String pool, Row row) throws Exception {
    try {
      stage.createNamespace(namespace);
      objects.createGateway(
          namespace,
          "{ippools: {ipv4: [%s]}, nodeSelector: {selector: {matchLabels: {egress: 'no'}}}}"
              .formatted(pool));
      row.play();
    } catch (Exception | AssertionError e) {
      stage.explain();
      throw e;
    }
  }

  /** It is the same process, whose memory is bounded. */
  private static void assertSteady(long pid) {
    assertThat(stage.controller().pid()).isEqualTo(pid);
    long resident = stage.controller().residentBytes().orElseThrow();
    System.out.println("the controller has %d MiB".formatted(resident >> 20));
    assertThat(resident).isLessThan(RESIDENT_MAX);
  }

  private static void createPolicy(String namespace, String name, String more) {
    stage
        .client()
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: %s
                kind: EgressPolicy
                metadata: {name: %s, namespace: %s}
                spec: {egressGatewayName: %s, %s}
                """
                    .formatted(ApiGroup.API_VERSION, name, namespace, namespace, more),
                EgressPolicy.class))
        .create();
  }

  // --- 48 ---------------------------------------------------------------------------------------

  @Test
  @Order(FEW_PODS)
  @DisplayName(
      "48 thousands of policies come and go: no egress IP leaks, a restart changes nothing")
  void policyStorm() throws Exception {
    row(
        "row48",
        "10.48.0.0/19",
        () -> {
          long pid = stage.controller().pid();
          storm();
          Map<String, String> addresses = awaitAll(CREATED / 2);
          assertThat(new TreeSet<>(addresses.values())).hasSize(addresses.size());
          awaitUsed("row48", addresses.size());
          assertSteady(pid);

          Map<String, String> before = decisions(addresses);
          stage.restart();
          awaitUsed("row48", addresses.size());
          PATIENCE.await(
              "the same decisions after a restart",
              () -> Optional.of(decisions(awaitAll(addresses.size()))).filter(before::equals));

          pid = stage.controller().pid();
          stage.client().resources(EgressPolicy.class).inNamespace("row48").delete();
          awaitUsed("row48", 0);
          assertThat(held("row48")).isEmpty();
          assertSteady(pid);
        });
  }

  /** Of the policies that are created every other one is deleted, some before anybody saw them. */
  private static void storm() throws Exception {
    long began = System.nanoTime();
    AtomicInteger deleted = new AtomicInteger();
    Clients.each(
        CREATED,
        i -> {
          createPolicy(
              "row48",
              "storm-" + i,
              "egressIP: {allocatorPolicy: rr}, appliedTo: {podSelector: {matchLabels: {app: a-%d}}}"
                  .formatted(i));
          if (i % 2 == 1) {
            // Others than the one just made, too, so that some have been served for a while.
            objects.policy("row48", "storm-" + i).delete();
            deleted.incrementAndGet();
          }
        });
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    System.out.println(
        "%d policies created, %d deleted in %d s"
            .formatted(CREATED, deleted.get(), took.toSeconds()));
  }

  /** The address of each policy, as soon as there are so many and each has one. */
  private static Map<String, String> awaitAll(int number) throws Exception {
    return PATIENCE.await(
        number + " policies with an egress IP each",
        () -> Optional.of(addresses()).filter(found -> found.size() == number));
  }

  private static Map<String, String> addresses() {
    Map<String, String> addresses = new TreeMap<>();
    for (EgressPolicy policy : objects.policies("row48")) {
      ApiObjects.address(policy)
          .ifPresent(address -> addresses.put(policy.getMetadata().getName(), address));
    }
    return addresses;
  }

  private static void awaitUsed(String gateway, long number) throws Exception {
    PATIENCE.await(
        "%d addresses of %s to be used".formatted(number, gateway),
        () -> objects.usage(gateway).map(StormsIT::used).filter(used -> used == number));
  }

  private static long used(EgressGateway.IpUsage usage) {
    return usage.ipv4Total() - usage.ipv4Free();
  }

  /** Everything that was decided, in whatever place it is told. */
  private static Map<String, String> decisions(Map<String, String> addresses) throws IOException {
    Map<String, String> decisions = new TreeMap<>(addresses);
    decisions.put("held", held("row48").toString());
    for (String policy : addresses.keySet().stream().limit(SAMPLE).toList()) {
      decisions.put(
          "history of " + policy,
          stage.inspect("/history/policy/EgressPolicy/row48/" + policy).body());
      String address = requireNonNull(addresses.get(policy));
      decisions.put(address, stage.inspect("/placement/row48/" + address).body());
    }
    return decisions;
  }

  /** The egress IPs of the gateway that are in use, by the metrics. */
  private static SortedSet<String> held(String gateway) {
    return stage
        .metrics()
        .orElseThrow()
        .lines()
        .filter(line -> line.startsWith("egressgateway_eip_held{"))
        .filter(line -> line.contains("gateway=\"" + gateway + "\""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  // --- 49 ---------------------------------------------------------------------------------------

  @Test
  @Order(FEW_PODS)
  @DisplayName("49 a thousand policies select one pod: the strongest has it, whoever came first")
  void manyPoliciesOnePod() throws Exception {
    row(
        "row49",
        "10.49.0.1-10.49.0.9",
        () -> {
          long pid = stage.controller().pid();
          stage.create(BareObjects.node("row49", "10.49.1.1"));
          stage.create(
              BareObjects.pod("row49", "pod", "web", new BareObjects.Place("row49", "10.249.0.5")));
          Clients.each(
              RIVALS,
              i ->
                  createPolicy(
                      "row49",
                      rival(i),
                      "priority: %d, appliedTo: {podSelector: {matchLabels: {app: web}}}"
                          .formatted(priority(i))));
          List<String> strongestFirst =
              IntStream.range(0, RIVALS)
                  .boxed()
                  .sorted(
                      Comparator.<Integer>comparingInt(StormsIT::priority)
                          .thenComparing(StormsIT::rival))
                  .map(StormsIT::rival)
                  .toList();
          awaitTaker(strongestFirst.getFirst());
          for (int i = 0; i < PRIORITIES; i++) {
            objects.policy("row49", strongestFirst.get(i)).delete();
          }
          awaitTaker(strongestFirst.get(PRIORITIES));
          assertSteady(pid);
          stage.restart();
          awaitTaker(strongestFirst.get(PRIORITIES));
        });
  }

  private static String rival(int number) {
    return "rival-%04d".formatted(number);
  }

  /** The same for many, and not in the order in which they are created. */
  private static int priority(int number) {
    return 1 + number * 31 % PRIORITIES;
  }

  private static void awaitTaker(String policy) throws Exception {
    PATIENCE.await(
        policy + " to have the pod",
        () -> Optional.of(taker()).filter(("EgressPolicy/row49/" + policy)::equals));
  }

  private static String taker() throws IOException {
    String answer = stage.inspect("/trace/row49/10.249.0.5/8.8.8.8").body();
    if (!answer.startsWith("{")) {
      return answer;
    }
    String policy =
        Serialization.unmarshal(answer, GenericKubernetesResource.class).get("decision", "policy");
    return policy == null ? answer : policy;
  }

  @Test
  @Order(MANY_PODS)
  @DisplayName("49 one policy selects 50 000 pods: memory is bounded, a pod more is a small change")
  void onePolicyManyPods() throws Exception {
    row(
        "row49b",
        "10.49.2.1-10.49.2.9",
        () -> {
          long pid = stage.controller().pid();
          createPolicy("row49b", "crowd", "appliedTo: {podSelector: {matchLabels: {app: crowd}}}");
          for (int i = 0; i < PODS / PODS_PER_NODE; i++) {
            stage.create(BareObjects.node("crowd-" + i, "10.49.3." + (i + 1)));
          }
          List<Pod> pods = new ArrayList<>();
          for (int i = 0; i < PODS; i++) {
            pods.add(crowdPod(i));
          }
          new StoredPods(stage.api().store()).put(pods);
          awaitListed(PODS);
          assertSteady(pid);

          Map<String, String> before = slices();
          stage.create(crowdPod(PODS));
          awaitListed(PODS + 1);
          assertThat(changed(before, slices())).isLessThanOrEqualTo(2);
          before = slices();
          stage.client().resource(crowdPod(PODS / 2)).withGracePeriod(0).delete();
          awaitListed(PODS);
          assertThat(changed(before, slices())).isLessThanOrEqualTo(2);
          assertSteady(pid);

          before = slices();
          stage.restart();
          stage.create(crowdPod(PODS + 1));
          awaitListed(PODS + 1);
          assertThat(changed(before, slices())).isLessThanOrEqualTo(2);
        });
  }

  private static Pod crowdPod(int number) {
    return BareObjects.pod(
        "row49b",
        "crowd-" + number,
        "crowd",
        new BareObjects.Place(
            "crowd-" + Math.min(number, PODS - 1) / PODS_PER_NODE,
            "10.%d.%d.%d".formatted(128 + (number >> 16), number >> 8 & 0xff, number & 0xff)));
  }

  private static List<EgressEndpointSlice> listedSlices() {
    return stage
        .client()
        .resources(EgressEndpointSlice.class)
        .inNamespace("row49b")
        .withLabel(ApiGroup.POLICY_NAME_LABEL, "crowd")
        .list()
        .getItems();
  }

  private static void awaitListed(int pods) throws Exception {
    PATIENCE.await(
        "endpoint slices with %d pods".formatted(pods),
        () ->
            Optional.of(
                    listedSlices().stream()
                        .flatMap(slice -> slice.getEndpoints().stream())
                        .map(EgressEndpointSlice.Endpoint::pod)
                        .distinct()
                        .count())
                .filter(listed -> listed == pods));
  }

  /** The resource version of each slice. */
  private static Map<String, String> slices() {
    return listedSlices().stream()
        .collect(
            Collectors.toMap(
                slice -> slice.getMetadata().getName(),
                slice -> slice.getMetadata().getResourceVersion()));
  }

  /** How many slices were written, made or deleted. */
  private static int changed(Map<String, String> before, Map<String, String> after) {
    Map<String, String> names = new HashMap<>(before);
    names.putAll(after);
    return (int)
        names.keySet().stream()
            .filter(
                name ->
                    !Optional.ofNullable(before.get(name))
                        .equals(Optional.ofNullable(after.get(name))))
            .count();
  }
}
