package io.egressgateway.load.failover;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.StatusCondition;
import io.egressgateway.load.bench.api.Clients;
import io.egressgateway.load.lab.ApiObjects;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows of the fault matrix about the addresses of gateways, of which no webhook is asked: they are
 * taken away while in use, and two gateways have the same.
 */
@Tag("matrix")
final class PoolsIT {
  /** Of gateways. */
  private static final int PAIRS = 8;

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

  @Test
  @DisplayName(
      "47 a pool shrinks and is emptied while in use: who has an address keeps it, no leak")
  void poolTakenAway() throws Exception {
    rows.row(
        "row47",
        () -> {
          String first = rows.pool();
          rows.createGateway("row47", first);
          Map<String, String> addresses = new TreeMap<>();
          for (String policy : List.of("a", "b", "c")) {
            rows.createPolicy("row47", policy, "row47");
            addresses.put(policy, rows.awaitAddress("row47", policy));
          }
          assertThat(addresses.values()).doesNotHaveDuplicates();
          rows.awaitUsed("row47", 3);

          String second = rows.pool();
          setPools("row47", List.of(second));
          awaitCondition("row47", "AddressesOutsidePool", "still in use but in no pool: ");
          rows.createPolicy("row47", "d", "row47");
          assertThat(rows.awaitAddress("row47", "d"))
              .startsWith(second.substring(0, second.indexOf('-') - 1));
          stage.restart();
          assertKept(addresses);
          rows.awaitUsed("row47", 1);

          setPools("row47", List.of());
          objects.awaitReady(objects.gateway("row47"), "NoNodeSelected");
          rows.createPolicy("row47", "e", "row47");
          objects.awaitReady(objects.policy("row47", "e"), "EgressGateway row47 has no addresses");
          assertKept(addresses);

          // What leaves a pool is another gateway's as soon as nobody has it any more.
          objects.policy("row47", "a").delete();
          rows.awaitUnused("row47", requireNonNull(addresses.get("a")));
          setPools("row47", List.of(second));
          for (String policy : List.of("b", "c", "d", "e")) {
            objects.policy("row47", policy).delete();
          }
          rows.awaitUsed("row47", 0);
          ObjectRows.PATIENCE.await(
              "the condition to be gone",
              () ->
                  condition("row47", "AddressesOutsidePool").isEmpty()
                      ? Optional.of(true)
                      : Optional.empty());
        });
  }

  private static void assertKept(Map<String, String> addresses) {
    addresses.forEach(
        (policy, address) -> assertThat(rows.address("row47", policy)).contains(address));
  }

  /** Whatever else was in the pools is taken out. */
  private static void setPools(String gateway, List<String> ranges) {
    merge(
        gateway,
        "{\"spec\": {\"ippools\": {\"ipv4\": %s, \"ipv4DefaultEIP\": null}}}"
            .formatted(Serialization.asJson(ranges)));
  }

  /** The controller writes to the object at the same time. */
  private static void merge(String gateway, String change) {
    objects.gateway(gateway).patch(PatchContext.of(PatchType.JSON_MERGE), change);
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
    ObjectRows.PATIENCE.await(
        gateway + " to have " + type,
        () -> condition(gateway, type).filter(message -> message.contains(words)));
  }

  @Test
  @DisplayName("47 a gateway is torn out while in use and made anew: no leak, no orphan")
  void gatewayTornOut() throws Exception {
    rows.row(
        "row47b",
        () -> {
          String pool = rows.pool();
          rows.createGateway("row47b", pool);
          for (String policy : List.of("a", "b")) {
            rows.createPolicy("row47b", policy, "row47b");
            rows.awaitAddress("row47b", policy);
          }
          ObjectRows.PATIENCE.await(
              "the finalizer",
              () ->
                  Optional.ofNullable(objects.gateway("row47b").get())
                      .filter(gateway -> gateway.hasFinalizer(ApiGroup.GATEWAY_FINALIZER)));
          objects.gateway("row47b").delete();
          merge("row47b", "{\"metadata\": {\"finalizers\": null}}");
          ObjectRows.PATIENCE.await(
              "the gateway to be gone",
              () -> objects.gateway("row47b").get() == null ? Optional.of(true) : Optional.empty());
          objects.policy("row47b", "a").delete();
          objects.awaitReady(
              objects.policy("row47b", "b"), "no EgressGateway has this name; create it");

          String other = rows.pool();
          rows.createGateway("row47b", other);
          rows.awaitUsed("row47b", 0);
          rows.createPolicy("row47b", "c", "row47b");
          assertThat(rows.awaitAddress("row47b", "c"))
              .startsWith(other.substring(0, other.indexOf('-') - 1));
          objects.policy("row47b", "b").delete();
          objects.policy("row47b", "c").delete();
          rows.awaitUsed("row47b", 0);
          ObjectRows.PATIENCE.await(
              "nothing outside the pool",
              () ->
                  condition("row47b", "AddressesOutsidePool").isEmpty()
                      ? Optional.of(true)
                      : Optional.empty());
          // The first pool is free for others.
          rows.createGateway("row47b-heir", pool);
          rows.createPolicy("row47b", "heir", "row47b-heir");
          rows.awaitAddress("row47b", "heir");
        });
  }

  @Test
  @DisplayName("67 a gateway with the addresses of another stands back until that one is gone")
  void laterGateway() throws Exception {
    rows.row(
        "row67",
        () -> {
          String pool = rows.pool();
          rows.createGateway("row67-first", pool);
          rows.createPolicy("row67", "first", "row67-first");
          String address = rows.awaitAddress("row67", "first");
          // Of two that were created in the same second the name decides.
          pause(Duration.ofSeconds(2));
          rows.createGateway("row67-a-later", pool);
          rows.createPolicy("row67", "later", "row67-a-later");
          String standsBack = "also in the pool of EgressGateway row67-first";
          objects.awaitReady(objects.gateway("row67-a-later"), standsBack);
          stage.restart();
          objects.awaitReady(objects.gateway("row67-a-later"), standsBack);
          rows.assertServed("row67", "after-a-restart");
          // Long enough for whoever would be given an address wrongly.
          pause(Duration.ofSeconds(5));
          assertThat(rows.address("row67", "later")).isEmpty();
          assertThat(rows.address("row67", "first")).contains(address);

          objects.policy("row67", "first").delete();
          objects.gateway("row67-first").delete();
          objects.awaitReady(objects.gateway("row67-a-later"), "NoNodeSelected");
          assertThat(rows.awaitAddress("row67", "later")).isEqualTo(address);
        });
  }

  private static void pause(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }

  @Test
  @DisplayName("67 gateways with the same addresses, made at once: no address is given twice")
  void gatewaysAtOnce() throws Exception {
    rows.row(
        "row67b",
        () -> {
          List<String> shared = Stream.generate(rows::pool).limit(PAIRS).toList();
          Clients.each(2 * PAIRS, i -> rows.createGateway("row67b-" + i, shared.get(i / 2)));
          Clients.each(2 * PAIRS, i -> rows.createPolicy("row67b", "policy-" + i, "row67b-" + i));
          rows.assertServed("row67b", "witness");
          assertGivenOnce();
          stage.restart();
          rows.assertServed("row67b", "after-a-restart");
          assertGivenOnce();
        });
  }

  /** One gateway of each pair serves, and the other one says why not. */
  private static void assertGivenOnce() throws Exception {
    for (int pair = 0; pair < PAIRS; pair++) {
      int even = 2 * pair;
      ObjectRows.PATIENCE.await(
          "one of a pair to be served",
          () ->
              Stream.of(even, even + 1)
                  .filter(i -> rows.address("row67b", "policy-" + i).isPresent())
                  .findFirst());
    }
    List<String> given =
        objects.policies("row67b").stream()
            .flatMap(policy -> ApiObjects.address(policy).stream())
            .toList();
    assertThat(given).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("67 an older gateway takes addresses that another one gives: none is given twice")
  void olderGatewayReachesOver() throws Exception {
    rows.row(
        "row67c",
        () -> {
          String own = rows.pool();
          String others = rows.pool();
          rows.createGateway("row67c-older", own);
          pause(Duration.ofSeconds(2));
          rows.createGateway("row67c-later", others);
          rows.createPolicy("row67c", "later", "row67c-later");
          String address = rows.awaitAddress("row67c", "later");

          setPools("row67c-older", List.of(others));
          rows.createPolicy("row67c", "older", "row67c-older");
          rows.assertServed("row67c", "witness");
          assertThat(rows.address("row67c", "later")).contains(address);
          assertThat(rows.address("row67c", "older")).isNotEqualTo(Optional.of(address));
          stage.restart();
          rows.assertServed("row67c", "after-a-restart");
          assertThat(rows.address("row67c", "later")).contains(address);
          assertThat(rows.address("row67c", "older")).isNotEqualTo(Optional.of(address));
        });
  }
}
