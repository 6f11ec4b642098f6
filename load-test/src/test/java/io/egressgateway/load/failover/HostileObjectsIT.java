package io.egressgateway.load.failover;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.egressgateway.k8s.admission.WebhookConfigurations;
import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.CustomResourceDefinitions;
import io.egressgateway.k8s.crd.EgressEndpointSlice;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.k8s.crd.StatusCondition;
import io.egressgateway.load.bench.api.Clients;
import io.egressgateway.load.lab.ApiObjects;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.net.HttpProbe;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
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
 * Rows of the fault matrix whose faults are objects: a real kube-apiserver, a controller, and no
 * node with an agent. Every row has gateways and namespaces of its own, and ends with the
 * controller that it began with, serving whoever comes next.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("matrix")
final class HostileObjectsIT {
  private static final String NODES = "nodeSelector: {selector: {matchLabels: {egress: 'no'}}}";
  private static final String PODS = "appliedTo: {podSelector: {matchLabels: {app: web}}}";
  private static final Patience PATIENCE =
      new Patience(Duration.ofMinutes(1), Duration.ofMillis(100));

  private static final int OK = 200;
  private static final int UNPROCESSABLE = 422;

  /** Of gateways. */
  private static final int PAIRS = 8;

  /** Characters; more than a condition has room for. */
  private static final int LONG = 40_000;

  private static final String REFUSED = "denied the request: ";
  private static final String GATEWAY = "EgressGateway";
  private static final String POLICY = "EgressPolicy";
  private static final String CLUSTER_POLICY = "EgressClusterPolicy";

  /** First what leaves the kinds as they are. */
  private static final int KINDS_STAY = 1;

  private static final int KINDS_GO = 2;
  private static final int KINDS_CHANGE = 3;

  @TempDir private static Path directory;
  private static ControllerStage stage;
  private static ApiObjects objects;

  /** How many pools have been given out; none has an address of another. */
  private static int pools;

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

  /** Plays a row in a namespace; in the end whoever comes new is served by the same process. */
  private static void row(String namespace, Row row) throws Exception {
    try {
      stage.createNamespace(namespace);
      row.play();
      assertServed(namespace, "newcomer");
    } catch (Exception | AssertionError e) {
      stage.explain();
      throw e;
    }
  }

  /** A gateway and a policy of this name are created, and the policy has an egress IP of it. */
  private static void assertServed(String namespace, String name) throws Exception {
    String gateway = namespace + "-" + name;
    createGateway(gateway, pool());
    createPolicy(namespace, name, gateway);
    awaitAddress(namespace, name);
  }

  /** Nine addresses. */
  private static String pool() {
    return pool(++pools);
  }

  private static String pool(int number) {
    return "10.200.%1$d.1-10.200.%1$d.9".formatted(number);
  }

  private static void createGateway(String name, String pool) {
    objects.createGateway(name, "{ippools: {ipv4: [%s]}, %s}".formatted(pool, NODES));
  }

  /** With an egress IP of its own. */
  private static void createPolicy(String namespace, String name, String gateway) {
    objects.createPolicy(
        namespace,
        name,
        "egressGatewayName: %s, egressIP: {allocatorPolicy: rr}".formatted(gateway));
  }

  private static String awaitAddress(String namespace, String policy) throws Exception {
    return PATIENCE.await(policy + " to have an egress IP", () -> address(namespace, policy));
  }

  private static Optional<String> address(String namespace, String policy) {
    return Optional.ofNullable(objects.policy(namespace, policy).get())
        .flatMap(ApiObjects::address);
  }

  /** The addresses of the gateway's pool that somebody uses. */
  private static long used(String gateway) {
    return objects.usage(gateway).map(usage -> usage.ipv4Total() - usage.ipv4Free()).orElse(0L);
  }

  private static void awaitUsed(String gateway, long number) throws Exception {
    PATIENCE.await(
        "%d addresses of %s to be used".formatted(number, gateway),
        () -> objects.usage(gateway).filter(ignored -> used(gateway) == number));
  }

  /** Reason and message of the Ready condition of an object of whatever form. */
  private static Optional<String> ready(GenericKubernetesResource draft) {
    String namespace = draft.getMetadata().getNamespace();
    GenericKubernetesResource stored =
        stage
            .object(
                draft.getKind(), namespace == null ? "" : namespace, draft.getMetadata().getName())
            .get();
    return Optional.ofNullable(stored)
        .map(object -> object.<Object>get("status", "conditions"))
        .filter(List.class::isInstance)
        .flatMap(conditions -> ready((List<?>) conditions));
  }

  private static Optional<String> ready(List<?> conditions) {
    return conditions.stream()
        .map(condition -> (Map<?, ?>) condition)
        .filter(condition -> "Ready".equals(condition.get("type")))
        .map(condition -> condition.get("reason") + ": " + condition.get("message"))
        .findFirst();
  }

  private static String awaitReady(GenericKubernetesResource draft, String words) throws Exception {
    AtomicReference<String> last = new AtomicReference<>("nothing");
    try {
      return PATIENCE.await(
          name(draft) + " to say '" + words + "'",
          () -> {
            Optional<String> said = ready(draft);
            said.ifPresent(last::set);
            return said.filter(text -> text.contains(words));
          });
    } catch (TimeoutException e) {
      throw Patience.explained(e, e.getMessage() + "; it says " + last);
    }
  }

  private static String name(GenericKubernetesResource object) {
    return object.getKind() + " " + object.getMetadata().getName();
  }

  // --- 45 ---------------------------------------------------------------------------------------

  @Test
  @Order(KINDS_STAY)
  @DisplayName(
      "45 the webhooks' certificate has expired, then nobody serves them: said in conditions")
  void webhooksAway() throws Exception {
    row(
        "row45",
        () -> {
          WebhookConfigurations.at(stage.webhooks(), "")
              .forEach(configuration -> stage.client().resource(configuration).create());
          try {
            createGateway("row45", pool());
            List<GenericKubernetesResource> expired = wrong("expired");
            Map<String, String> refusals = awaitRefusals(expired);
            stage.certify(Instant.now(Clock.systemUTC()).minus(Duration.ofDays(30)));
            awaitUnasked("certificate has expired");
            pass(expired, refusals);
            stage.certify(Instant.now(Clock.systemUTC()));
            awaitRefusals(expired);

            List<GenericKubernetesResource> down = wrong("down");
            refusals = awaitRefusals(down);
            stage.halt();
            awaitUnasked("connection refused");
            demand("Ignore");
            down.forEach(stage::create);
            stage.revive();
            assertIgnored(down, refusals);
          } finally {
            unregister();
          }
        });
  }

  /** One of each kind that the webhooks judge. */
  private static List<GenericKubernetesResource> wrong(String name) {
    return List.of(
        ControllerStage.draft(
            GATEWAY, "", name, "spec: {ippools: {ipv4: [10.45.1.300]}, " + NODES + "}"),
        ControllerStage.draft(GATEWAY, "", name + "-2", "spec: {ippools: {ipv4: [10.45.2.1]}}"),
        ControllerStage.draft(
            POLICY, "row45", name, "spec: {egressGatewayName: row45, appliedTo: {}}"),
        ControllerStage.draft(
            CLUSTER_POLICY,
            "",
            name,
            "spec: {egressGatewayName: row45, priority: 65537, " + PODS + "}"));
  }

  /** What the webhooks say of each of these; nothing is stored. */
  private static Map<String, String> awaitRefusals(List<GenericKubernetesResource> drafts)
      throws Exception {
    Map<String, String> refusals = new TreeMap<>();
    for (GenericKubernetesResource draft : drafts) {
      refusals.put(
          name(draft),
          PATIENCE.await(
              "the webhooks to refuse " + name(draft),
              () ->
                  refusal(draft)
                      .filter(refused -> refused.getCode() == UNPROCESSABLE)
                      .map(refused -> refused.getStatus().getMessage())
                      .map(text -> text.substring(text.indexOf(REFUSED) + REFUSED.length()))));
    }
    return refusals;
  }

  /** What the API server says to the object, which it does not store; absent if it would. */
  private static Optional<KubernetesClientException> refusal(GenericKubernetesResource draft) {
    try {
      stage.client().resource(draft).dryRun().create();
      return Optional.empty();
    } catch (KubernetesClientException refused) {
      return Optional.of(refused);
    }
  }

  /** Nothing is stored unjudged, a good object no more than a bad one. */
  private static void awaitUnasked(String reason) throws Exception {
    PATIENCE.await(
        "the API server not to reach the webhooks: " + reason,
        () ->
            refusal(
                    ControllerStage.draft(
                        POLICY,
                        "row45",
                        "good",
                        "spec: {egressGatewayName: row45, egressIP: {ipv4: 10.200.1.1}, "
                            + PODS
                            + "}"))
                .filter(failure -> String.valueOf(failure.getMessage()).contains(reason)));
  }

  /** The administrator has objects stored though nobody judges them. */
  private static void pass(List<GenericKubernetesResource> drafts, Map<String, String> refusals)
      throws Exception {
    demand("Ignore");
    drafts.forEach(stage::create);
    assertIgnored(drafts, refusals);
    demand("Fail");
  }

  private static void demand(String failurePolicy) {
    var registration = stage.client().admissionRegistration().v1();
    registration
        .validatingWebhookConfigurations()
        .withName(WebhookConfigurations.NAME)
        .edit(
            object -> {
              object.getWebhooks().forEach(webhook -> webhook.setFailurePolicy(failurePolicy));
              return object;
            });
    registration
        .mutatingWebhookConfigurations()
        .withName(WebhookConfigurations.NAME)
        .edit(
            object -> {
              object.getWebhooks().forEach(webhook -> webhook.setFailurePolicy(failurePolicy));
              return object;
            });
  }

  private static void unregister() {
    var registration = stage.client().admissionRegistration().v1();
    registration.validatingWebhookConfigurations().withName(WebhookConfigurations.NAME).delete();
    registration.mutatingWebhookConfigurations().withName(WebhookConfigurations.NAME).delete();
  }

  /** Each has the words of its refusal as a condition, and is given nothing. */
  private static void assertIgnored(
      List<GenericKubernetesResource> drafts, Map<String, String> refusals) throws Exception {
    for (GenericKubernetesResource draft : drafts) {
      String words = requireNonNull(refusals.get(name(draft)));
      assertThat(awaitReady(draft, words)).isEqualTo("InvalidSpec: " + words);
    }
    assertThat(used("row45")).isZero();
  }

  // --- 46 ---------------------------------------------------------------------------------------

  /**
   * An object that nobody judged before it was stored.
   *
   * @param words what its Ready condition says, or a part of it
   */
  private record Malformed(GenericKubernetesResource draft, String words) {
    static Malformed gateway(String name, String spec, String words) {
      return new Malformed(ControllerStage.draft(GATEWAY, "", "row46-" + name, spec), words);
    }

    /** A gateway of some pool. */
    static Malformed pool(String name, String pools, String words) {
      return gateway(name, "spec: {ippools: {" + pools + "}, " + NODES + "}", words);
    }

    /** A policy of the row's good gateway. */
    static Malformed policy(String name, String spec, String words) {
      return new Malformed(
          ControllerStage.draft(
              POLICY, "row46", name, "spec: {egressGatewayName: row46, " + spec + "}"),
          words);
    }
  }

  private static List<Malformed> malformed() {
    return List.of(
        Malformed.pool("cidr", "ipv4: [10.46.1.0/33]", "spec.ippools.ipv4[0] '10.46.1.0/33': "),
        Malformed.pool("octet", "ipv4: [10.46.2.256]", "spec.ippools.ipv4[0] '10.46.2.256': "),
        Malformed.pool(
            "backwards", "ipv4: [10.46.3.9-10.46.3.1]", "spec.ippools.ipv4[0] '10.46.3.9-"),
        Malformed.pool("blank", "ipv4: [' ']", "spec.ippools.ipv4[0] ' ': "),
        Malformed.pool("nul", "ipv4: [\"10.46.4.1\\0\"]", "spec.ippools.ipv4[0] '10.46.4.1"),
        Malformed.pool(
            "mapped-v4", "ipv4: ['::ffff:10.46.5.1']", "spec.ippools.ipv4[0] '::ffff:10.46.5.1': "),
        Malformed.pool(
            "mapped-v6", "ipv6: ['::ffff:10.46.6.1']", "spec.ippools.ipv6[0] '::ffff:10.46.6.1': "),
        Malformed.pool("twice", "ipv4: [10.46.7.1, 10.46.7.1]", "list every address once"),
        Malformed.pool("twice-in-range", "ipv4: [10.46.8.0/29, 10.46.8.3]", "list every address"),
        Malformed.pool("all-v4", "ipv4: [0.0.0.0/0]", "has addresses of 0.0.0.0/8"),
        Malformed.pool("all-v6", "ipv6: ['::/0']", "has addresses of ::/128"),
        Malformed.pool(
            "sizes", "ipv4: [10.46.9.1], ipv6: ['fd46::1-fd46::2']", "the pools differ in size"),
        Malformed.pool(
            "default", "ipv4: [10.46.10.1], ipv4DefaultEIP: 10.46.10.2", "outside the pool"),
        Malformed.pool(
            "long", "ipv4: [" + "x".repeat(LONG) + "]", "InvalidSpec: spec.ippools.ipv4[0] 'xxx"),
        Malformed.gateway("nothing", "", "spec.nodeSelector.selector: the selector is empty"),
        Malformed.gateway("empty", "spec: {}", "spec.nodeSelector.selector: the selector is empty"),
        Malformed.gateway(
            "selector", "spec: {nodeSelector: {selector: {matchLabels: {}}}}", "selector is empty"),
        Malformed.gateway(
            "operator",
            "spec: {nodeSelector: {selector: {matchExpressions: [{key: a, operator: Near}]}}}",
            "InvalidSpec: spec.nodeSelector.selector: "),
        Malformed.policy("applied", "appliedTo: {}", "spec.appliedTo.podSelector: the selector is"),
        Malformed.policy("selector", "appliedTo: {podSelector: {}}", "the selector is empty"),
        Malformed.policy(
            "operator",
            "appliedTo: {podSelector: {matchExpressions: [{key: a, operator: In, values: []}]}}",
            "InvalidSpec: spec.appliedTo.podSelector: "),
        Malformed.policy(
            "both",
            "appliedTo: {podSelector: {matchLabels: {a: b}}, podSubnet: [10.1.1.0/24]}",
            "podSelector and podSubnet are both set"),
        Malformed.policy(
            "pods", "appliedTo: {podSubnet: [10.1.1.0/99]}", "spec.appliedTo.podSubnet[0] '10.1.1"),
        Malformed.policy(
            "cidr", PODS + ", destSubnet: [10.0.0.0/33]", "spec.destSubnet[0] '10.0.0.0/33': "),
        Malformed.policy(
            "mapped", PODS + ", destSubnet: ['::ffff:10.0.0.0/104']", "spec.destSubnet[0] '::ffff"),
        Malformed.policy(
            "nowhere", PODS + ", exceptSubnet: [0.0.0.0/0, '::/0']", "nothing is left of the"),
        Malformed.policy(
            "huge", PODS + ", priority: 9223372036854775807", "spec.priority '922337203685477580"),
        Malformed.policy("negative", PODS + ", priority: -1", "spec.priority '-1': out of range"),
        Malformed.policy(
            "mapped-eip",
            PODS + ", egressIP: {ipv4: '::ffff:10.200.1.1'}",
            "spec.egressIP.ipv4 '::ffff:10.200.1.1': not an IPv4 address"),
        Malformed.policy(
            "mapped-eip-v6",
            PODS + ", egressIP: {ipv6: '::ffff:10.200.1.1'}",
            "spec.egressIP.ipv6: ::ffff:10.200.1.1 is not in"),
        Malformed.policy(
            "node-and-own", PODS + ", egressIP: {useNodeIP: true, ipv4: 10.200.1.1}", "either"),
        new Malformed(
            ControllerStage.draft(
                POLICY, "row46", "name", "spec: {egressGatewayName: 'No Name!', " + PODS + "}"),
            "InvalidSpec: spec.egressGatewayName 'No Name!': "),
        new Malformed(
            ControllerStage.draft(
                CLUSTER_POLICY,
                "",
                "row46",
                "spec: {egressGatewayName: row46, appliedTo: {namespaceSelector: {matchExpressions:"
                    + " [{key: a, operator: '='}]}, podSelector: {matchLabels: {a: b}}}}"),
            "InvalidSpec: spec.appliedTo.namespaceSelector: "));
  }

  @Test
  @Order(KINDS_STAY)
  @DisplayName("46 malformed objects past admission: each says what is wrong, others are served")
  void malformedObjects() throws Exception {
    row(
        "row46",
        () -> {
          createGateway("row46", pool());
          List<Malformed> malformed = malformed();
          malformed.forEach(object -> stage.create(object.draft()));
          // As wide as destinations can be, and not wrong.
          objects.createPolicy(
              "row46",
              "everywhere",
              "egressGatewayName: row46, destSubnet: ['::/0', 0.0.0.0/0, 0.0.0.0/0]");
          for (Malformed object : malformed) {
            awaitReady(object.draft(), object.words());
          }
          awaitAddress("row46", "everywhere");
          awaitUsed("row46", 1);
          stage.restart();
          assertServed("row46", "after-a-restart");
          for (Malformed object : malformed) {
            awaitReady(object.draft(), object.words());
          }
        });
  }

  /** Of each kind what its type cannot be read from, as fields besides metadata. */
  private static final Map<String, List<String>> UNREADABLE =
      Map.of(
          GATEWAY,
          List.of(
              "spec: everything",
              "spec: {ippools: 7, " + NODES + "}",
              "spec: {ippools: {ipv4: {first: 10.46.1.1}}, " + NODES + "}",
              "spec: {clusterDefault: perhaps, " + NODES + "}"),
          POLICY,
          List.of(
              "spec: [1, 2, 3]",
              "spec: {appliedTo: {podSelector: web}}",
              "spec: {egressGatewayName: row46b, destSubnet: {a: b}, " + PODS + "}",
              "spec: {egressGatewayName: row46b, priority: high, " + PODS + "}",
              "spec: {egressGatewayName: row46b, priority: 1.0e+99, " + PODS + "}"),
          CLUSTER_POLICY,
          List.of("spec: {appliedTo: 5}", "spec: {egressIP: 10.1.1.1, " + PODS + "}"),
          "EgressClusterInfo",
          List.of("spec: {extraCidr: 10.0.0.0/8}", "spec: {autoDetect: [clusterIP]}"),
          "EgressTunnel",
          List.of("spec: 1"),
          "EgressEndpointSlice",
          List.of("endpoints: {a: b}", "endpoints: [{ipv4: 10.1.1.1}]"),
          "EgressClusterEndpointSlice",
          List.of("endpoints: none"));

  private static final List<String> NAMESPACED = List.of(POLICY, "EgressEndpointSlice");

  @Test
  @Order(KINDS_CHANGE)
  @DisplayName("46 fields of the wrong type, stored before the schema: all others are served")
  void fieldsOfTheWrongType() throws Exception {
    row(
        "row46b",
        () -> {
          createGateway("row46b", pool());
          createPolicy("row46b", "before", "row46b");
          awaitAddress("row46b", "before");
          long pid = stage.controller().pid();

          List<GenericKubernetesResource> unreadable = storeUnreadable();
          assertServed("row46b", "during");
          assertFollowed("before");
          assertThat(stage.controller().pid()).isEqualTo(pid);

          stage.restart();
          assertServed("row46b", "after-a-restart");
          createPolicy("row46b", "again", "row46b");
          awaitAddress("row46b", "again");
          assertFollowed("again");
          unreadable.forEach(object -> stage.client().resource(object).delete());
          for (GenericKubernetesResource object : unreadable) {
            PATIENCE.await(
                name(object) + " to be gone",
                () ->
                    stage.client().resource(object).get() == null
                        ? Optional.of(object)
                        : Optional.empty());
          }
        });
  }

  /** The policy's end is heard of, too. */
  private static void assertFollowed(String policy) throws Exception {
    awaitUsed("row46b", 1);
    objects.policy("row46b", policy).delete();
    awaitUsed("row46b", 0);
  }

  /** In kinds that take anything for a while. */
  private static List<GenericKubernetesResource> storeUnreadable() throws Exception {
    List<GenericKubernetesResource> stored = new ArrayList<>();
    for (Map.Entry<String, List<String>> kind : UNREADABLE.entrySet()) {
      CustomResourceDefinition strict = stage.loosen(kind.getKey());
      for (int i = 0; i < kind.getValue().size(); i++) {
        GenericKubernetesResource draft =
            ControllerStage.draft(
                kind.getKey(),
                NAMESPACED.contains(kind.getKey()) ? "row46b" : "",
                "unreadable-" + i,
                kind.getValue().get(i));
        PATIENCE.await(name(draft) + " to be taken", () -> taken(draft));
        stored.add(draft);
      }
      stage.restore(strict);
      GenericKubernetesResource again =
          ControllerStage.draft(
              kind.getKey(),
              NAMESPACED.contains(kind.getKey()) ? "row46b" : "",
              "refused",
              kind.getValue().getFirst());
      PATIENCE.await("the schema to refuse " + name(again), () -> refusal(again));
    }
    return stored;
  }

  /** It takes a moment until another schema counts. */
  private static Optional<Boolean> taken(GenericKubernetesResource draft) {
    try {
      stage.create(draft);
      return Optional.of(true);
    } catch (KubernetesClientException refused) {
      return Optional.empty();
    }
  }

  // --- 47 ---------------------------------------------------------------------------------------

  @Test
  @Order(KINDS_STAY)
  @DisplayName(
      "47 a pool shrinks and is emptied while in use: who has an address keeps it, no leak")
  void poolTakenAway() throws Exception {
    row(
        "row47",
        () -> {
          String first = pool();
          createGateway("row47", first);
          Map<String, String> addresses = new TreeMap<>();
          for (String policy : List.of("a", "b", "c")) {
            createPolicy("row47", policy, "row47");
            addresses.put(policy, awaitAddress("row47", policy));
          }
          assertThat(addresses.values()).doesNotHaveDuplicates();
          awaitUsed("row47", 3);

          String second = pool();
          setPools("row47", List.of(second));
          awaitCondition("row47", "AddressesOutsidePool", "still in use but in no pool: ");
          createPolicy("row47", "d", "row47");
          assertThat(awaitAddress("row47", "d"))
              .startsWith(second.substring(0, second.indexOf('-') - 1));
          stage.restart();
          assertKept(addresses);
          awaitUsed("row47", 1);

          setPools("row47", List.of());
          objects.awaitReady(objects.gateway("row47"), "NoNodeSelected");
          createPolicy("row47", "e", "row47");
          objects.awaitReady(objects.policy("row47", "e"), "EgressGateway row47 has no addresses");
          assertKept(addresses);

          // What leaves a pool is another gateway's as soon as nobody has it any more.
          objects.policy("row47", "a").delete();
          awaitUnused("row47", requireNonNull(addresses.get("a")));
          setPools("row47", List.of(second));
          for (String policy : List.of("b", "c", "d", "e")) {
            objects.policy("row47", policy).delete();
          }
          awaitUsed("row47", 0);
          PATIENCE.await(
              "the condition to be gone",
              () ->
                  condition("row47", "AddressesOutsidePool").isEmpty()
                      ? Optional.of(true)
                      : Optional.empty());
        });
  }

  private static void assertKept(Map<String, String> addresses) {
    addresses.forEach((policy, address) -> assertThat(address("row47", policy)).contains(address));
  }

  private static void setPools(String gateway, List<String> ranges) {
    EgressGateway.IpPools wanted = new EgressGateway.IpPools(ranges, null, null, null);
    objects
        .gateway(gateway)
        .edit(
            object -> {
              EgressGateway.Spec spec = object.getSpec();
              object.setSpec(
                  new EgressGateway.Spec(
                      spec.allowedNamespaces(),
                      spec.clusterDefault(),
                      spec.connectionReplication(),
                      spec.failOpen(),
                      wanted,
                      spec.nodeSelector(),
                      spec.onWitnessLoss()));
              return object;
            });
  }

  private static Optional<String> condition(String gateway, String type) {
    return objects.gatewayStatus(gateway).stream()
        .flatMap(status -> Stream.ofNullable(status.conditions()))
        .flatMap(List::stream)
        .filter(condition -> condition.type().equals(type))
        .map(StatusCondition::message)
        .findFirst();
  }

  private static void awaitCondition(String gateway, String type, String words) throws Exception {
    PATIENCE.await(
        gateway + " to have " + type,
        () -> condition(gateway, type).filter(message -> message.contains(words)));
  }

  /** Waits until the gateway itself says that no policy has the address, and no node. */
  private static void awaitUnused(String gateway, String address) throws Exception {
    PATIENCE.await(
        "%s of %s to be nobody's".formatted(address, gateway),
        () -> placement(gateway, address).filter(Placement::isNobodys));
  }

  /** What the inspection routes say of an egress IP. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Placement(List<String> policies, String holding) {
    boolean isNobodys() {
      return policies.isEmpty() && holding.equals("Unplaced");
    }
  }

  private static Optional<Placement> placement(String gateway, String address) throws IOException {
    HttpProbe.Answer answer = stage.inspect("/placement/" + gateway + "/" + address);
    return answer.status() == OK
        ? Optional.of(Serialization.unmarshal(answer.body(), Placement.class))
        : Optional.empty();
  }

  @Test
  @Order(KINDS_STAY)
  @DisplayName("47 a gateway is torn out while in use and made anew: no leak, no orphan")
  void gatewayTornOut() throws Exception {
    row(
        "row47b",
        () -> {
          String pool = pool();
          createGateway("row47b", pool);
          for (String policy : List.of("a", "b")) {
            createPolicy("row47b", policy, "row47b");
            awaitAddress("row47b", policy);
          }
          PATIENCE.await(
              "the finalizer",
              () ->
                  Optional.ofNullable(objects.gateway("row47b").get())
                      .filter(gateway -> gateway.hasFinalizer(ApiGroup.GATEWAY_FINALIZER)));
          objects.gateway("row47b").delete();
          objects
              .gateway("row47b")
              .edit(
                  gateway -> {
                    gateway.getMetadata().setFinalizers(List.of());
                    return gateway;
                  });
          PATIENCE.await(
              "the gateway to be gone",
              () -> objects.gateway("row47b").get() == null ? Optional.of(true) : Optional.empty());
          objects.policy("row47b", "a").delete();
          objects.awaitReady(
              objects.policy("row47b", "b"), "no EgressGateway has this name; create it");

          String other = pool();
          createGateway("row47b", other);
          awaitUsed("row47b", 0);
          createPolicy("row47b", "c", "row47b");
          assertThat(awaitAddress("row47b", "c"))
              .startsWith(other.substring(0, other.indexOf('-') - 1));
          objects.policy("row47b", "b").delete();
          objects.policy("row47b", "c").delete();
          awaitUsed("row47b", 0);
          PATIENCE.await(
              "nothing outside the pool",
              () ->
                  condition("row47b", "AddressesOutsidePool").isEmpty()
                      ? Optional.of(true)
                      : Optional.empty());
          // The first pool is free for others.
          createGateway("row47b-heir", pool);
          createPolicy("row47b", "heir", "row47b-heir");
          awaitAddress("row47b", "heir");
        });
  }

  // --- 50 ---------------------------------------------------------------------------------------

  private static final String OUTSIDE = "8.8.8.8";

  @Test
  @Order(KINDS_STAY)
  @DisplayName("50 a pod's address goes to another pod, a pod's name to another address and node")
  void reusedAddresses() throws Exception {
    row(
        "row50",
        () -> {
          stage.createNode("row50-a", "10.50.0.1");
          stage.createNode("row50-b", "10.50.0.2");
          createGateway("row50", pool());
          createPolicy("row50", "db", "row50");
          createPolicy("row50", "web", "row50");
          awaitAddress("row50", "db");
          awaitAddress("row50", "web");

          stage.run(pod("db-0", "db", "row50-a", "10.250.0.5"));
          awaitTaker("row50-a", "10.250.0.5", "db");
          // A StatefulSet's pod, elsewhere.
          delete("db-0");
          stage.run(pod("db-0", "db", "row50-b", "10.250.1.5"));
          awaitListed("db", Map.of("10.250.1.5", "row50-b"));
          awaitTaker("row50-b", "10.250.1.5", "db");
          awaitTaker("row50-a", "10.250.0.5", "nobody");

          // Its address is another's, who is selected by another policy, and then by none.
          delete("db-0");
          stage.run(pod("web-0", "web", "row50-b", "10.250.1.5"));
          awaitTaker("row50-b", "10.250.1.5", "web");
          awaitListed("db", Map.of());
          awaitListed("web", Map.of("10.250.1.5", "row50-b"));
          finish("web-0");
          awaitListed("web", Map.of());
          stage.run(pod("stranger", "none", "row50-b", "10.250.1.5"));
          awaitTaker("row50-b", "10.250.1.5", "nobody");

          // All of it while nobody watches.
          stage.run(pod("db-0", "db", "row50-a", "10.250.0.7"));
          awaitTaker("row50-a", "10.250.0.7", "db");
          stage.halt();
          delete("db-0");
          delete("stranger");
          stage.run(pod("db-0", "db", "row50-b", "10.250.1.5"));
          stage.run(pod("web-1", "web", "row50-a", "10.250.0.7"));
          stage.revive();
          awaitTaker("row50-b", "10.250.1.5", "db");
          awaitTaker("row50-a", "10.250.0.7", "web");
          awaitListed("db", Map.of("10.250.1.5", "row50-b"));
          awaitListed("web", Map.of("10.250.0.7", "row50-a"));
        });
  }

  private static Pod pod(String name, String app, String node, String address) {
    return ControllerStage.pod("row50", name, app, node, address);
  }

  private static void delete(String pod) throws Exception {
    PodResource object = stage.client().pods().inNamespace("row50").withName(pod);
    object.withGracePeriod(0).delete();
    PATIENCE.await(
        pod + " to be gone", () -> object.get() == null ? Optional.of(pod) : Optional.empty());
  }

  /** It has run to its end, and is there still. */
  private static void finish(String pod) {
    stage
        .client()
        .pods()
        .inNamespace("row50")
        .withName(pod)
        .editStatus(
            object -> {
              object.getStatus().setPhase("Succeeded");
              return object;
            });
  }

  /**
   * Whose the packets of a pod are, by the controllers' decision; {@code nobody} if no policy's.
   */
  private static void awaitTaker(String node, String pod, String policy) throws Exception {
    AtomicReference<String> last = new AtomicReference<>("nothing");
    try {
      PATIENCE.await(
          policy + " to have the packets of " + pod,
          () -> {
            HttpProbe.Answer answer =
                stage.inspect("/trace/%s/%s/%s".formatted(node, pod, OUTSIDE));
            last.set(answer.body());
            return Optional.of(taker(answer)).filter(policy::equals);
          });
    } catch (TimeoutException e) {
      throw Patience.explained(e, e.getMessage() + "; it says " + last);
    }
  }

  private static String taker(HttpProbe.Answer answer) {
    if (answer.status() != OK) {
      return "unknown";
    }
    GenericKubernetesResource document =
        Serialization.unmarshal(answer.body(), GenericKubernetesResource.class);
    String policy = document.get("decision", "policy");
    if (policy != null) {
      return policy.substring(policy.lastIndexOf('/') + 1);
    }
    return "NOT_SELECTED".equals(document.get("decision", "reason")) ? "nobody" : "unknown";
  }

  /** Waits until the policy's endpoint slices have these addresses on these nodes. */
  private static void awaitListed(String policy, Map<String, String> nodes) throws Exception {
    PATIENCE.await(
        "endpoint slices of %s with %s".formatted(policy, nodes),
        () -> Optional.of(listed(policy)).filter(nodes::equals));
  }

  private static Map<String, String> listed(String policy) {
    Map<String, String> nodes = new TreeMap<>();
    stage
        .client()
        .resources(EgressEndpointSlice.class)
        .inNamespace("row50")
        .withLabel(ApiGroup.POLICY_NAME_LABEL, policy)
        .list()
        .getItems()
        .stream()
        .flatMap(slice -> slice.getEndpoints().stream())
        .forEach(
            endpoint ->
                requireNonNull(endpoint.ipv4())
                    .forEach(address -> nodes.put(address, requireNonNull(endpoint.node()))));
    return nodes;
  }

  // --- 67 ---------------------------------------------------------------------------------------

  @Test
  @Order(KINDS_STAY)
  @DisplayName("67 a gateway with the addresses of another stands back until that one is gone")
  void laterGateway() throws Exception {
    row(
        "row67",
        () -> {
          String pool = pool();
          createGateway("row67-first", pool);
          createPolicy("row67", "first", "row67-first");
          String address = awaitAddress("row67", "first");
          // Of two that were created in the same second the name decides.
          pause(Duration.ofSeconds(2));
          createGateway("row67-a-later", pool);
          createPolicy("row67", "later", "row67-a-later");
          String standsBack = "also in the pool of EgressGateway row67-first";
          objects.awaitReady(objects.gateway("row67-a-later"), standsBack);
          stage.restart();
          objects.awaitReady(objects.gateway("row67-a-later"), standsBack);
          assertServed("row67", "after-a-restart");
          assertThat(address("row67", "later")).isEmpty();
          assertThat(address("row67", "first")).contains(address);

          objects.policy("row67", "first").delete();
          objects.gateway("row67-first").delete();
          objects.awaitReady(objects.gateway("row67-a-later"), "NoNodeSelected");
          assertThat(awaitAddress("row67", "later")).isEqualTo(address);
        });
  }

  private static void pause(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }

  @Test
  @Order(KINDS_STAY)
  @DisplayName("67 gateways with the same addresses, made at once: no address is given twice")
  void gatewaysAtOnce() throws Exception {
    row(
        "row67b",
        () -> {
          int first = pools + 1;
          pools += PAIRS;
          Clients.each(2 * PAIRS, i -> createGateway("row67b-" + i, pool(first + i / 2)));
          Clients.each(2 * PAIRS, i -> createPolicy("row67b", "policy-" + i, "row67b-" + i));
          assertServed("row67b", "witness");
          assertGivenOnce();
          stage.restart();
          assertServed("row67b", "after-a-restart");
          assertGivenOnce();
        });
  }

  /** One gateway of each pair serves, and the other one says why not. */
  private static void assertGivenOnce() throws Exception {
    for (int pair = 0; pair < PAIRS; pair++) {
      int even = 2 * pair;
      PATIENCE.await(
          "one of a pair to be served",
          () ->
              Stream.of(even, even + 1)
                  .filter(i -> address("row67b", "policy-" + i).isPresent())
                  .findFirst());
    }
    List<String> given =
        objects.policies("row67b").stream()
            .flatMap(policy -> ApiObjects.address(policy).stream())
            .toList();
    assertThat(given).doesNotHaveDuplicates();
  }

  @Test
  @Order(KINDS_STAY)
  @DisplayName("67 an older gateway takes addresses that another one gives: none is given twice")
  void olderGatewayReachesOver() throws Exception {
    row(
        "row67c",
        () -> {
          String own = pool();
          String others = pool();
          createGateway("row67c-older", own);
          pause(Duration.ofSeconds(2));
          createGateway("row67c-later", others);
          createPolicy("row67c", "later", "row67c-later");
          String address = awaitAddress("row67c", "later");

          setPools("row67c-older", List.of(others));
          createPolicy("row67c", "older", "row67c-older");
          assertServed("row67c", "witness");
          assertThat(address("row67c", "later")).contains(address);
          assertThat(address("row67c", "older")).isNotEqualTo(Optional.of(address));
          stage.restart();
          assertServed("row67c", "after-a-restart");
          assertThat(address("row67c", "later")).contains(address);
          assertThat(address("row67c", "older")).isNotEqualTo(Optional.of(address));
        });
  }

  // --- 75 ---------------------------------------------------------------------------------------

  @Test
  @Order(KINDS_GO)
  @DisplayName("75 all kinds are deleted while the controller runs, and come back: served as new")
  void kindsDeleted() throws Exception {
    row(
        "row75",
        () -> {
          stage.createNode("row75", "10.75.0.1");
          createGateway("row75", pool());
          createPolicy("row75", "web", "row75");
          String address = awaitAddress("row75", "web");
          awaitUsed("row75", 1);
          awaitTunnel("row75");
          long pid = stage.controller().pid();

          List<HasMetadata> kinds = CustomResourceDefinitions.all();
          kinds.forEach(kind -> stage.client().resource(kind).delete());
          for (HasMetadata kind : kinds) {
            PATIENCE.await(
                kind.getMetadata().getName() + " to be gone",
                () ->
                    stage.definition(kind.getMetadata().getName()).isEmpty()
                        ? Optional.of(kind)
                        : Optional.empty());
          }
          awaitUnused("row75", address);

          stage.install();
          awaitTunnel("row75");
          assertServed("row75", "again");
          createGateway("row75", pool());
          awaitUsed("row75", 0);
          assertThat(stage.controller().pid()).isEqualTo(pid);
        });
  }

  private static void awaitTunnel(String node) throws Exception {
    PATIENCE.await(
        "the EgressTunnel of " + node,
        () ->
            Optional.ofNullable(stage.client().resources(EgressTunnel.class).withName(node).get()));
  }
}
