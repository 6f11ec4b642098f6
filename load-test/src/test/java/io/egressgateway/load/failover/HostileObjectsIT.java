package io.egressgateway.load.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.k8s.crd.CustomResourceDefinitions;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.load.lab.ApiObjects;
import io.egressgateway.load.lab.kube.BareObjects;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
 * Rows of the fault matrix whose faults are objects that should not be there, and kinds that are
 * not: a real kube-apiserver that asks no webhook, a controller, and no node with an agent.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("matrix")
final class HostileObjectsIT {
  /** First what leaves the kinds as they are. */
  private static final int KINDS_STAY = 1;

  private static final int KINDS_GO = 2;
  private static final int KINDS_CHANGE = 3;

  /** Characters; more than a condition has room for. */
  private static final int LONG = 40_000;

  @TempDir private static Path directory;
  private static ObjectRows rows;
  private static ControllerStage stage;
  private static ApiObjects objects;

  @BeforeAll
  static void start() throws Exception {
    rows = ObjectRows.start(directory);
    stage = rows.stage();
    objects = stage.objects();
  }

  @AfterAll
  static void end() {
    rows.close();
  }

  /**
   * An object that nobody judged before it was stored.
   *
   * @param words what its Ready condition says, or a part of it
   */
  private record Malformed(GenericKubernetesResource draft, String words) {
    static Malformed gateway(String name, String spec, String words) {
      return new Malformed(
          ControllerStage.draft(ObjectRows.GATEWAY, "", "row46-" + name, spec), words);
    }

    /** A gateway of some pool. */
    static Malformed pool(String name, String pools, String words) {
      return gateway(name, "spec: {ippools: {" + pools + "}, " + ObjectRows.NODES + "}", words);
    }

    /** A policy of the row's good gateway. */
    static Malformed policy(String name, String spec, String words) {
      return new Malformed(
          ControllerStage.draft(
              ObjectRows.POLICY, "row46", name, "spec: {egressGatewayName: row46, " + spec + "}"),
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
            "cidr",
            ObjectRows.PODS + ", destSubnet: [10.0.0.0/33]",
            "spec.destSubnet[0] '10.0.0.0/33': "),
        Malformed.policy(
            "mapped",
            ObjectRows.PODS + ", destSubnet: ['::ffff:10.0.0.0/104']",
            "spec.destSubnet[0] '::ffff"),
        Malformed.policy(
            "nowhere",
            ObjectRows.PODS + ", exceptSubnet: [0.0.0.0/0, '::/0']",
            "nothing is left of the"),
        Malformed.policy(
            "huge",
            ObjectRows.PODS + ", priority: 9223372036854775807",
            "spec.priority '922337203685477580"),
        Malformed.policy(
            "negative", ObjectRows.PODS + ", priority: -1", "spec.priority '-1': out of range"),
        Malformed.policy(
            "mapped-eip",
            ObjectRows.PODS + ", egressIP: {ipv4: '::ffff:10.200.1.1'}",
            "spec.egressIP.ipv4 '::ffff:10.200.1.1': not an IPv4 address"),
        Malformed.policy(
            "mapped-eip-v6",
            ObjectRows.PODS + ", egressIP: {ipv6: '::ffff:10.200.1.1'}",
            "spec.egressIP.ipv6: ::ffff:10.200.1.1 is not in"),
        Malformed.policy(
            "node-and-own",
            ObjectRows.PODS + ", egressIP: {useNodeIP: true, ipv4: 10.200.1.1}",
            "either"),
        new Malformed(
            ControllerStage.draft(
                ObjectRows.POLICY,
                "row46",
                "name",
                "spec: {egressGatewayName: 'No Name!', " + ObjectRows.PODS + "}"),
            "InvalidSpec: spec.egressGatewayName 'No Name!': "),
        new Malformed(
            ControllerStage.draft(
                ObjectRows.CLUSTER_POLICY,
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
    rows.row(
        "row46",
        () -> {
          rows.createGateway("row46", rows.pool());
          List<Malformed> malformed = malformed();
          malformed.forEach(object -> stage.create(object.draft()));
          // As wide as destinations can be, and not wrong.
          objects.createPolicy(
              "row46",
              "everywhere",
              "egressGatewayName: row46, destSubnet: ['::/0', 0.0.0.0/0, 0.0.0.0/0]");
          for (Malformed object : malformed) {
            rows.awaitReady(object.draft(), object.words());
          }
          rows.awaitAddress("row46", "everywhere");
          rows.awaitUsed("row46", 1);
          stage.restart();
          rows.assertServed("row46", "after-a-restart");
          for (Malformed object : malformed) {
            rows.awaitReady(object.draft(), object.words());
          }
        });
  }

  /** Of each kind what its type cannot be read from, as fields besides metadata. */
  private static final Map<String, List<String>> UNREADABLE =
      Map.of(
          ObjectRows.GATEWAY,
          List.of(
              "spec: everything",
              "spec: {ippools: 7, " + ObjectRows.NODES + "}",
              "spec: {ippools: {ipv4: {first: 10.46.1.1}}, " + ObjectRows.NODES + "}",
              "spec: {clusterDefault: perhaps, " + ObjectRows.NODES + "}"),
          ObjectRows.POLICY,
          List.of(
              "spec: [1, 2, 3]",
              "spec: {appliedTo: {podSelector: web}}",
              "spec: {egressGatewayName: row46b, destSubnet: {a: b}, " + ObjectRows.PODS + "}",
              "spec: {egressGatewayName: row46b, priority: high, " + ObjectRows.PODS + "}",
              "spec: {egressGatewayName: row46b, priority: 1.0e+99, " + ObjectRows.PODS + "}"),
          ObjectRows.CLUSTER_POLICY,
          List.of("spec: {appliedTo: 5}", "spec: {egressIP: 10.1.1.1, " + ObjectRows.PODS + "}"),
          "EgressClusterInfo",
          List.of("spec: {extraCidr: 10.0.0.0/8}", "spec: {autoDetect: [clusterIP]}"),
          "EgressTunnel",
          List.of("spec: 1"),
          "EgressEndpointSlice",
          List.of("endpoints: {a: b}", "endpoints: [{ipv4: 10.1.1.1}]"),
          "EgressClusterEndpointSlice",
          List.of("endpoints: none"));

  private static final List<String> NAMESPACED = List.of(ObjectRows.POLICY, "EgressEndpointSlice");

  @Test
  @Order(KINDS_CHANGE)
  @DisplayName("46 fields of the wrong type, stored before the schema: all others are served")
  void fieldsOfTheWrongType() throws Exception {
    rows.row(
        "row46b",
        () -> {
          rows.createGateway("row46b", rows.pool());
          rows.createPolicy("row46b", "before", "row46b");
          rows.awaitAddress("row46b", "before");
          long pid = stage.controller().pid();

          List<GenericKubernetesResource> unreadable = storeUnreadable();
          rows.assertServed("row46b", "during");
          assertFollowed("before");
          assertComplained(unreadable);
          assertThat(stage.controller().pid()).isEqualTo(pid);

          stage.restart();
          rows.assertServed("row46b", "after-a-restart");
          rows.createPolicy("row46b", "again", "row46b");
          rows.awaitAddress("row46b", "again");
          assertFollowed("again");
          unreadable.forEach(object -> stage.client().resource(object).delete());
          for (GenericKubernetesResource object : unreadable) {
            ObjectRows.PATIENCE.await(
                ObjectRows.name(object) + " to be gone",
                () ->
                    stage.client().resource(object).get() == null
                        ? Optional.of(object)
                        : Optional.empty());
          }
        });
  }

  /** There is an event about each object of a kind that the controller follows. */
  private static void assertComplained(List<GenericKubernetesResource> unreadable)
      throws Exception {
    Set<String> expected =
        unreadable.stream()
            .filter(object -> !object.getKind().endsWith("EndpointSlice"))
            .map(object -> object.getKind() + "/" + object.getMetadata().getName())
            .collect(Collectors.toSet());
    ObjectRows.PATIENCE.await(
        "events about " + expected,
        () -> {
          Set<String> found =
              stage.client().v1().events().inAnyNamespace().list().getItems().stream()
                  .filter(event -> event.getReason().equals("Unreadable"))
                  .map(Event::getInvolvedObject)
                  .map(object -> object.getKind() + "/" + object.getName())
                  .collect(Collectors.toSet());
          return Optional.of(found).filter(expected::equals);
        });
  }

  /** The policy's end is heard of, too. */
  private static void assertFollowed(String policy) throws Exception {
    rows.awaitUsed("row46b", 1);
    objects.policy("row46b", policy).delete();
    rows.awaitUsed("row46b", 0);
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
        ObjectRows.PATIENCE.await(ObjectRows.name(draft) + " to be taken", () -> taken(draft));
        stored.add(draft);
      }
      stage.restore(strict);
      GenericKubernetesResource again =
          ControllerStage.draft(
              kind.getKey(),
              NAMESPACED.contains(kind.getKey()) ? "row46b" : "",
              "refused",
              kind.getValue().getFirst());
      ObjectRows.PATIENCE.await(
          "the schema to refuse " + ObjectRows.name(again), () -> rows.refusal(again));
    }
    return stored;
  }

  @Test
  @Order(KINDS_CHANGE)
  @DisplayName("44 fields of a newer version: served without them, and they stay")
  void fieldsOfANewerVersion() throws Exception {
    rows.row(
        "row44",
        () -> {
          List<CustomResourceDefinition> strict =
              List.of(stage.loosen(ObjectRows.GATEWAY), stage.loosen(ObjectRows.POLICY));
          List<GenericKubernetesResource> newer =
              List.of(
                  ControllerStage.draft(
                      ObjectRows.GATEWAY,
                      "",
                      "row44",
                      "spec: {ippools: {ipv4: [%s]}, %s, %s}"
                          .formatted(rows.pool(), ObjectRows.NODES, NEWER)),
                  ControllerStage.draft(
                      ObjectRows.POLICY,
                      "row44",
                      "web",
                      "spec: {egressGatewayName: row44, %s, %s}"
                          .formatted(ObjectRows.PODS, NEWER)));
          for (GenericKubernetesResource draft : newer) {
            ObjectRows.PATIENCE.await(ObjectRows.name(draft) + " to be taken", () -> taken(draft));
          }
          for (GenericKubernetesResource draft : newer) {
            // What lacks them was stored while the former schema counted still.
            ObjectRows.PATIENCE.await(
                ObjectRows.name(draft) + " to have its newer fields",
                () -> {
                  stage.client().resource(draft).serverSideApply();
                  return isNewer(draft) ? Optional.of(draft) : Optional.empty();
                });
          }
          String address = rows.awaitAddress("row44", "web");
          rows.awaitUsed("row44", 1);
          stage.restart();
          rows.assertServed("row44", "after-a-restart");
          assertThat(rows.address("row44", "web")).contains(address);
          for (GenericKubernetesResource draft : newer) {
            assertThat(isNewer(draft)).as(ObjectRows.name(draft)).isTrue();
          }
          objects.policy("row44", "web").delete();
          rows.awaitUsed("row44", 0);
          strict.forEach(stage::restore);
        });
  }

  /** What a version to come may have in each spec. */
  private static final String NEWER = "future: {when: [tomorrow]}";

  private static boolean isNewer(GenericKubernetesResource draft) {
    return stage.client().resource(draft).get().get("spec", "future", "when") != null;
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

  @Test
  @Order(KINDS_GO)
  @DisplayName("75 all kinds are deleted while the controller runs, and come back: served as new")
  void kindsDeleted() throws Exception {
    rows.row(
        "row75",
        () -> {
          stage.create(BareObjects.node("row75", "10.75.0.1"));
          rows.createGateway("row75", rows.pool());
          rows.createPolicy("row75", "web", "row75");
          String address = rows.awaitAddress("row75", "web");
          rows.awaitUsed("row75", 1);
          awaitTunnel("row75");
          long pid = stage.controller().pid();

          List<HasMetadata> kinds = CustomResourceDefinitions.all();
          kinds.forEach(kind -> stage.client().resource(kind).delete());
          for (HasMetadata kind : kinds) {
            ObjectRows.PATIENCE.await(
                kind.getMetadata().getName() + " to be gone",
                () ->
                    stage.definition(kind.getMetadata().getName()).isEmpty()
                        ? Optional.of(kind)
                        : Optional.empty());
          }
          rows.awaitUnused("row75", address);

          stage.install();
          awaitTunnel("row75");
          rows.assertServed("row75", "again");
          rows.createGateway("row75", rows.pool());
          rows.awaitUsed("row75", 0);
          assertThat(stage.controller().pid()).isEqualTo(pid);
        });
  }

  private static void awaitTunnel(String node) throws Exception {
    ObjectRows.PATIENCE.await(
        "the EgressTunnel of " + node,
        () ->
            Optional.ofNullable(stage.client().resources(EgressTunnel.class).withName(node).get()));
  }
}
