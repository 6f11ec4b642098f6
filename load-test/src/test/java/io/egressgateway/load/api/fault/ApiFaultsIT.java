package io.egressgateway.load.api.fault;

import static io.egressgateway.load.api.fault.ApiCall.ANY;
import static io.egressgateway.load.api.fault.ApiCall.LISTS;
import static io.egressgateway.load.api.fault.ApiCall.READS;
import static io.egressgateway.load.api.fault.ApiCall.WATCHES;
import static io.egressgateway.load.api.fault.ApiCall.WRITES;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.k8s.crd.EgressClusterPolicy;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.load.lab.Patience;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows of the fault matrix in which the Kubernetes API answers, but badly: a real kube-apiserver, a
 * controller, and a proxy between them. What the controller makes of it is read past the proxy.
 * There are no agents; that packets do not care is shown where the API is down.
 */
@Tag("matrix")
final class ApiFaultsIT {
  private static final String POLICIES = "egresspolicies";
  private static final String GATEWAYS = "egressgateways";
  private static final String TUNNELS = "egresstunnels";
  private static final String SLICES = "egressendpointslices";
  private static final String PODS = "pods";

  /** What is withdrawn if it is believed to be gone. */
  private static final List<String> WATCHED =
      List.of("namespaces", "nodes", PODS, GATEWAYS, POLICIES);

  private static final Duration A_WHILE = Duration.ofSeconds(20);

  /** A list that lacks too much is asked for again after ten seconds, and everything is retried. */
  private static final Duration SOON = Duration.ofSeconds(60);

  /** A change behind a watch that stalls. */
  private static final Duration STALE_MAX = Duration.ofSeconds(60);

  /** The client gives up a call after ten. */
  private static final Duration CALL_MAX = Duration.ofSeconds(15);

  private static final Duration VERY_SLOW = Duration.ofSeconds(30);

  /** Of eleven kinds, each with a pause that grows; a hot loop asks thousands of times. */
  private static final int REQUESTS_PER_SECOND_MAX = 15;

  /** More than a write is repeated at once. */
  private static final int CONFLICTS = 8;

  private static FaultyCluster cluster;
  private static ApiProxy proxy;
  private static Controller controller;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    cluster = FaultyCluster.start(directory);
    proxy = cluster.proxy();
    controller = cluster.controller();
  }

  @AfterAll
  static void end() {
    cluster.close();
  }

  private static void pause(Duration time) throws InterruptedException {
    Thread.sleep(time);
  }

  /** Nothing is withdrawn or written anew while this is so. */
  private static void assertStays(Tenant tenant, Map<String, String> before, Duration time)
      throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      assertThat(tenant.shown()).isEqualTo(before);
      pause(Duration.ofMillis(500));
    }
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of("429", Treatment.Refused.tooManyRequests(2)),
        Arguments.of("503", Treatment.Refused.unavailable()));
  }

  @ParameterizedTest(
      name = "37 the API answers {0} to everything: held, no hot loop, caught up with")
  @MethodSource("refusals")
  void refused(String code, Treatment.Refused refusal) throws Exception {
    cluster.row(
        "row37-" + code,
        tenant -> {
          Map<String, String> before = tenant.awaitCalm();
          Rule rule = proxy.strike(ANY, refusal);
          proxy.toWatches(ANY, ProxiedWatch::end);
          pause(Duration.ofSeconds(2));
          int first = rule.hits();
          assertStays(tenant, before, A_WHILE);
          assertThat(rule.hits() - first)
              .as("requests in %d s", A_WHILE.toSeconds())
              .isBetween(1, Math.toIntExact(REQUESTS_PER_SECOND_MAX * A_WHILE.toSeconds()));
          controller.awaitComplaint(true);
          tenant.deletePolicy("p0");
          tenant.createPolicy("late");
          tenant.createPod("late", "late");
          rule.lift();
          tenant.awaitTruth(SOON);
        });
  }

  @Test
  @DisplayName("38 every answer takes 30 s: given up in time, held, said, caught up with")
  void slow() throws Exception {
    cluster.row(
        "row38",
        tenant -> {
          Map<String, String> before = tenant.awaitCalm();
          Rule rule = proxy.strike(ANY, new Treatment.Late(VERY_SLOW));
          proxy.toWatches(ANY, ProxiedWatch::end);
          tenant.objects().policy("row38", "p0").delete();
          tenant.createPolicy("late");
          controller.awaitComplaint(true);
          pause(VERY_SLOW.plus(A_WHILE));
          assertThat(controller.unreadiness()).as("what keeps it from deciding").isEmpty();
          assertThat(rule.hits()).isPositive();
          // Those that have just begun may still wait.
          assertThat(proxy.abandoned()).hasSizeGreaterThan(rule.hits() / 2);
          assertThat(proxy.abandoned())
              .allSatisfy(each -> assertThat(each.after()).as("" + each).isLessThan(CALL_MAX));
          before.keySet().removeIf(shown -> !shown.startsWith("EgressTunnel/"));
          assertThat(tenant.shown()).containsAllEntriesOf(before);
          rule.lift();
          tenant.awaitTruth(SOON);
        });
  }

  /** As a part of a namespace's name. */
  private static String label(Enum<?> way) {
    return way.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** How a watch ends behind which something is missed. */
  enum End {
    CLOSED,
    EXPIRED,
    EXPIRED_AT_BEGIN
  }

  @ParameterizedTest(name = "39 watches end, {0}: no deletion is missed")
  @EnumSource(End.class)
  void ended(End end) throws Exception {
    cluster.row(
        "row39-" + label(end),
        tenant -> {
          List<Rule> gap = new ArrayList<>();
          gap.add(proxy.strike(READS.of(POLICIES), Treatment.Refused.unavailable()));
          gap.add(proxy.strike(READS.of(PODS), Treatment.Refused.unavailable()));
          proxy.toWatches(ANY, end == End.EXPIRED ? ProxiedWatch::expire : ProxiedWatch::end);
          tenant.deletePolicy("p0");
          tenant.deletePolicy("p1");
          tenant.createPolicy("p1");
          tenant.deletePod("p2");
          tenant.createPod("p2", "p2");
          tenant.deletePod("p3");
          Optional<Rule> expired =
              end == End.EXPIRED_AT_BEGIN
                  ? Optional.of(proxy.strike(WATCHES, Treatment.Refused.expired(), WATCHED.size()))
                  : Optional.empty();
          gap.forEach(Rule::lift);
          tenant.awaitTruth(SOON);
          expired.ifPresent(rule -> assertThat(rule.hits()).isPositive());
          tenant.createPolicy("after");
          tenant.createPod("after", "after");
          tenant.awaitTruth(SOON);
        });
  }

  @Test
  @DisplayName("40 watches stall and nobody says so: a change is known within a minute")
  void stalled() throws Exception {
    cluster.row(
        "row40",
        tenant -> {
          proxy.toWatches(ANY, ProxiedWatch::stall);
          tenant.deletePolicy("p0");
          tenant.createPolicy("late");
          tenant.createPod("late", "late");
          tenant.deletePod("p1");
          tenant.awaitTruth(STALE_MAX);
        });
  }

  /** What happens to the events of a watch. */
  enum Disorder {
    REPEATED,
    COALESCED,
    DELETIONS_LATE;

    Tampering tampering() {
      return switch (this) {
        case REPEATED -> Tampering.repeats();
        case COALESCED -> Tampering.coalesces();
        case DELETIONS_LATE -> Tampering.delaysDeletions();
      };
    }
  }

  @ParameterizedTest(name = "41 events are {0}: the last object of a name is what counts")
  @EnumSource(Disorder.class)
  void disordered(Disorder disorder) throws Exception {
    cluster.row(
        "row41-" + label(disorder),
        tenant -> {
          proxy.tamper(disorder::tampering);
          for (String kind : List.of(POLICIES, PODS)) {
            proxy.toWatches(WATCHES.of(kind), ProxiedWatch::end);
          }
          awaitWatch(POLICIES);
          awaitWatch(PODS);
          tenant.createPod("other", "other");
          tenant.createPolicy("new");
          tenant.createPod("new", "new");
          tenant.awaitTruth(SOON);
          tenant.select("p0", "other");
          for (String name : List.of("p1", "p2", "new")) {
            tenant.deletePolicy(name);
            tenant.createPolicy(name);
            tenant.deletePod(name);
            tenant.createPod(name, name);
          }
          tenant.deletePolicy("p3");
          tenant.deletePod("p4");
          // Whatever comes last is told.
          tenant.createPolicy("last");
          tenant.createPod("last", "last");
          tenant.awaitTruth(SOON);
          staysTrue(tenant);
          // What a watch has begun to hold back it would hold back for ever.
          proxy.behave();
          relist(ProxiedWatch::end);
        });
  }

  /** What was believed wrongly would be told again every ten seconds. */
  private static void staysTrue(Tenant tenant) throws InterruptedException {
    long end = System.nanoTime() + A_WHILE.toNanos();
    while (System.nanoTime() < end) {
      assertThat(tenant.untruth()).isEmpty();
      pause(Duration.ofMillis(500));
    }
  }

  private static void awaitWatch(String kind) throws Exception {
    Patience.USUAL.await(
        "a watch of " + kind,
        () -> proxy.hasWatch(WATCHES.of(kind)) ? Optional.of(true) : Optional.empty());
  }

  @ParameterizedTest(name = "42 a list has {0} items once: nothing is withdrawn")
  @ValueSource(ints = {0, 2})
  void shortLists(int items) throws Exception {
    cluster.row(
        "row42-" + items,
        tenant -> {
          Map<String, String> before = tenant.awaitCalm();
          List<Rule> lies = new ArrayList<>();
          for (String kind : WATCHED) {
            lies.add(proxy.strike(LISTS.of(kind), new Treatment.Shortened(items), 1));
          }
          relist(ProxiedWatch::expire);
          awaitSpent(lies);
          assertStays(tenant, before, A_WHILE);
        });
  }

  @Test
  @DisplayName("42 two short lists that do not agree: nothing is withdrawn")
  void differentShortLists() throws Exception {
    cluster.row(
        "row42-twice",
        tenant -> {
          Map<String, String> before = tenant.awaitCalm();
          List<Rule> lies = new ArrayList<>();
          for (int items : List.of(0, 2)) {
            for (String kind : WATCHED) {
              lies.add(proxy.strike(LISTS.of(kind), new Treatment.Shortened(items), 1));
            }
          }
          relist(ProxiedWatch::expire);
          awaitSpent(lies);
          assertStays(tenant, before, A_WHILE);
        });
  }

  @Test
  @DisplayName("42 most of a kind was deleted behind a watch: believed all the same")
  void manyDeleted() throws Exception {
    cluster.row(
        "row42-true",
        tenant -> {
          Rule gap = proxy.strike(READS.of(POLICIES), Treatment.Refused.unavailable());
          proxy.toWatches(WATCHES.of(POLICIES), ProxiedWatch::expire);
          for (String policy : Tenant.names()) {
            tenant.deletePolicy(policy);
          }
          gap.lift();
          tenant.awaitTruth(SOON);
        });
  }

  private static void relist(Consumer<ProxiedWatch> how) {
    for (String kind : WATCHED) {
      proxy.toWatches(WATCHES.of(kind), how);
    }
  }

  private static void awaitSpent(List<Rule> rules) throws Exception {
    Patience.USUAL.await(
        "every kind to be listed",
        () -> rules.stream().allMatch(Rule::isSpent) ? Optional.of(true) : Optional.empty());
  }

  @Test
  @DisplayName("43 writes meet 409: every status, slice and finalizer comes, and the last one goes")
  void conflicts() throws Exception {
    Tenant more = cluster.tenant("row43-more");
    cluster.row(
        "row43",
        tenant -> {
          List<Rule> creating = conflicts(POLICIES, GATEWAYS, SLICES);
          more.create();
          more.awaitTruth();
          assertThat(creating).allSatisfy(rule -> assertThat(rule.isSpent()).isTrue());
          List<Rule> changing = conflicts(POLICIES, GATEWAYS, SLICES);
          for (String policy : Tenant.names()) {
            more.select(policy, "p0");
          }
          more.deletePolicy("p4");
          more.createPolicy("p4");
          more.awaitTruth();
          assertThat(changing.getLast().hits()).isPositive();
          proxy.behave();
          Rule releasing =
              proxy.strike(WRITES.of(GATEWAYS), Treatment.Refused.conflict(), CONFLICTS);
          more.remove();
          assertThat(releasing.hits()).isPositive();
        });
  }

  private static List<Rule> conflicts(String... kinds) {
    return Stream.of(kinds)
        .map(kind -> proxy.strike(WRITES.of(kind), Treatment.Refused.conflict(), CONFLICTS))
        .toList();
  }

  @Test
  @DisplayName("44 a CRD is missing at the start: said, no crash, and it goes on when it is there")
  void noDefinitionAtStart() throws Exception {
    controller.stop();
    cluster.undefine(TUNNELS);
    try {
      controller.start();
      Patience.USUAL.await(
          "the log to say what is missing",
          () ->
              controller
                      .log()
                      .contains(
                          "the custom resource definition egresstunnels.egressgateway.spidernet.io"
                              + " is missing")
                  ? Optional.of(true)
                  : Optional.empty());
      assertThat(controller.unreadiness().orElse("")).contains("not usable yet");
      pause(Duration.ofSeconds(5));
      assertThat(controller.isAlive()).isTrue();
    } finally {
      cluster.define(TUNNELS);
    }
    controller.awaitReady();
    cluster.row("row44-start", tenant -> cluster.awaitTunnels());
  }

  @ParameterizedTest(name = "44 the CRD of {0} is deleted and comes back: said, the rest works")
  @ValueSource(strings = {"egressclusterpolicies", TUNNELS})
  void definitionDeleted(String kind) throws Exception {
    cluster.row(
        "row44-" + kind,
        tenant -> {
          cluster.undefine(kind);
          try {
            controller.awaitComplaint(true);
            tenant.deletePolicy("p0");
            tenant.createPolicy("late");
            tenant.createPod("late", "late");
            tenant.awaitTruth(SOON);
            assertThat(controller.isAlive()).isTrue();
          } finally {
            cluster.define(kind);
          }
          controller.awaitComplaint(false);
          cluster.awaitTunnels();
          awaitClusterPolicy("row44-" + kind);
        });
  }

  /** Policies of the cluster are seen, too. */
  private static void awaitClusterPolicy(String gateway) throws Exception {
    var policy =
        cluster
            .client()
            .resource(
                Serialization.unmarshal(
                    """
                apiVersion: egressgateway.spidernet.io/v1beta1
                kind: EgressClusterPolicy
                metadata: {name: %1$s}
                spec:
                  egressGatewayName: %1$s
                  egressIP: {allocatorPolicy: rr}
                  appliedTo: {podSelector: {matchLabels: {app: none}}}
                """
                        .formatted(gateway),
                    EgressClusterPolicy.class));
    policy.create();
    Patience.USUAL.await(
        "the cluster policy to have an egress IP",
        () ->
            Optional.ofNullable(policy.get().getStatus())
                .map(EgressPolicy.Status::eip)
                .filter(eip -> eip.ipv4() != null && !eip.ipv4().isEmpty()));
    policy.delete();
  }

  @ParameterizedTest(
      name = "44 the API says 404 to {0}, though they are there: nothing is withdrawn")
  @ValueSource(strings = {POLICIES, GATEWAYS, PODS, "nodes"})
  void notFound(String kind) throws Exception {
    cluster.row(
        "row44-404-" + kind,
        tenant -> {
          Map<String, String> before = tenant.awaitCalm();
          Rule rule = proxy.strike(READS.of(kind), Treatment.Refused.notFound());
          proxy.toWatches(WATCHES.of(kind), ProxiedWatch::expire);
          assertStays(tenant, before, A_WHILE);
          assertThat(rule.hits()).isPositive();
        });
  }
}
