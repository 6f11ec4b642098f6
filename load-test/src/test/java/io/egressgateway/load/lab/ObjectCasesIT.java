package io.egressgateway.load.lab;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.load.bench.api.Clients;
import io.egressgateway.load.lab.LabSettings.ApiChoice;
import io.egressgateway.load.lab.guide.GuideCluster;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Cases of the ancestor that are about objects only: a real kube-apiserver, a controller, and no
 * node. The API server asks no webhook, so that what stands in a condition is all that a user is
 * told. Every case has gateways and a namespace of its own.
 */
final class ObjectCasesIT {
  private static final LabSettings SETTINGS =
      LabSettings.usual().with(ApiChoice.REAL).with(Topology.of(1, 1).dualStack());
  private static final String NODES = "nodeSelector: {selector: {matchLabels: {egress: 'no'}}}";

  private static final int ADDRESSES = 50;
  private static final int POLICIES = 70;

  private static Lab lab;
  private static ApiObjects objects;

  @BeforeAll
  static void start() throws Exception {
    lab = Lab.open(SETTINGS, LabWitness::event);
    try {
      lab.buildNetwork();
      lab.startApi();
      lab.startControllers();
      new GuideCluster(lab).awaitControllers();
      objects = new ApiObjects(lab.client());
    } catch (Exception | AssertionError e) {
      LabWitness.explain(lab);
      lab.close();
      throw e;
    }
  }

  @AfterAll
  static void end() {
    lab.close();
  }

  private static void namespace(String name, Map<String, String> labels) {
    lab.client()
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .build())
        .create();
  }

  private static void awaitAddress(String namespace, String policy) throws Exception {
    Patience.USUAL.await(
        policy + " to have an egress IP",
        () ->
            Optional.ofNullable(objects.policy(namespace, policy).get())
                .flatMap(ApiObjects::address));
  }

  /** The name comes into the spec by itself, before the address is in the status or after. */
  private static void awaitGateway(String namespace, String policy, String gateway)
      throws Exception {
    Patience.USUAL.await(
        policy + " to name " + gateway,
        () -> Optional.of(objects.gatewayOf(namespace, policy)).filter(gateway::equals));
  }

  @Test
  @DisplayName("a gateway that matches no node shows what its pools have")
  void totalsWithoutANode() throws Exception {
    objects.createGateway(
        "nodeless",
        "{ippools: {ipv4: [10.1.1.21-10.1.1.30, 10.1.1.40], ipv6: ['fd01::21-fd01::2a',"
            + " 'fd01::40']}, "
            + NODES
            + "}");

    objects.awaitReady(objects.gateway("nodeless"), "NoNodeSelected: spec.nodeSelector");
    assertThat(objects.usage("nodeless")).contains(new EgressGateway.IpUsage(11, 11, 11, 11));
    assertThat(objects.nodes("nodeless")).isEmpty();
  }

  @Test
  @DisplayName("G00015, G00016, G00020 a gateway goes after its last policy, and not before")
  void finalizer() throws Exception {
    namespace("used", Map.of());
    objects.createGateway("used", "{ippools: {ipv4: [10.1.2.1-10.1.2.9]}, " + NODES + "}");
    objects.createGateway("unused", "{ippools: {ipv4: [10.1.2.11-10.1.2.19]}, " + NODES + "}");
    for (String policy : List.of("first", "second")) {
      objects.createPolicy("used", policy, "egressGatewayName: used");
      awaitAddress("used", policy);
    }
    for (String gateway : List.of("used", "unused")) {
      awaitGuarded(gateway);
      objects.gateway(gateway).delete();
    }

    awaitGone("unused");
    objects.awaitReady(
        objects.gateway("used"),
        "Retiring: in use by EgressPolicy/used/first, EgressPolicy/used/second; delete");
    objects.policy("used", "first").delete();
    objects.awaitReady(
        objects.gateway("used"), "Retiring: in use by EgressPolicy/used/second; delete");
    assertThat(
            requireNonNull(objects.gateway("used").get()).hasFinalizer(ApiGroup.GATEWAY_FINALIZER))
        .isTrue();
    objects.policy("used", "second").delete();
    awaitGone("used");
  }

  /** Without webhooks it is the controller that adds the finalizer. */
  private static void awaitGuarded(String gateway) throws Exception {
    Patience.USUAL.await(
        gateway + " to have the finalizer",
        () ->
            Optional.ofNullable(objects.gateway(gateway).get())
                .filter(object -> object.hasFinalizer(ApiGroup.GATEWAY_FINALIZER)));
  }

  private static void awaitGone(String gateway) throws Exception {
    Patience.USUAL.await(
        gateway + " to be gone",
        () -> objects.gateway(gateway).get() == null ? Optional.of(gateway) : Optional.empty());
  }

  @Test
  @Tag("matrix")
  @DisplayName("R00008 of 70 policies 50 have an egress IP each, again and again")
  void exhaustion() throws Exception {
    namespace("many", Map.of());
    objects.createGateway("many", "{ippools: {ipv4: [10.1.3.1-10.1.3.50]}, " + NODES + "}");
    awaitFree(ADDRESSES);
    for (int round = 0; round < 2; round++) {
      Clients.each(
          POLICIES,
          i ->
              objects.createPolicy(
                  "many",
                  "policy-" + i,
                  "egressGatewayName: many, egressIP: {allocatorPolicy: rr}"));
      awaitSpread();
      awaitFree(0);
      lab.client().resources(EgressPolicy.class).inNamespace("many").delete();
      awaitFree(ADDRESSES);
    }
  }

  /** As many as there are addresses have one each, and the others say why they have none. */
  private static void awaitSpread() throws Exception {
    List<EgressPolicy> judged =
        Patience.USUAL.await(
            "every policy to have an egress IP or to say why not",
            () ->
                Optional.of(objects.policies("many"))
                    .filter(all -> all.size() == POLICIES)
                    .filter(all -> all.stream().allMatch(ObjectCasesIT::isJudged)));
    assertThat(judged.stream().filter(ObjectCasesIT::isRefused)).hasSize(POLICIES - ADDRESSES);
    assertThat(ApiObjects.addresses(judged)).hasSize(ADDRESSES);
  }

  private static boolean isJudged(EgressPolicy policy) {
    return isRefused(policy) != ApiObjects.address(policy).isPresent();
  }

  private static boolean isRefused(EgressPolicy policy) {
    return ApiObjects.ready(policy).filter(said -> said.startsWith("PoolExhausted: ")).isPresent();
  }

  private static void awaitFree(long addresses) throws Exception {
    Patience.USUAL.await(
        addresses + " addresses to be free",
        () ->
            objects
                .usage("many")
                .filter(
                    usage -> usage.equals(new EgressGateway.IpUsage(addresses, ADDRESSES, 0, 0))));
  }

  @Test
  @DisplayName("of two gateways that are the cluster's default the older is, and the other says so")
  void twoDefaults() throws Exception {
    namespace("undecided", Map.of());
    objects.createGateway(
        "z-older", "{clusterDefault: true, ippools: {ipv4: [10.1.4.1-10.1.4.9]}, " + NODES + "}");
    awaitNextSecond("z-older");
    objects.createGateway(
        "a-later", "{clusterDefault: true, ippools: {ipv4: [10.1.5.1-10.1.5.9]}, " + NODES + "}");

    objects.awaitReady(
        objects.gateway("a-later"),
        "InvalidSpec: spec.clusterDefault 'true': EgressGateway z-older is the cluster default"
            + " already; set it to false here or there");
    objects.createPolicy("undecided", "any", "egressIP: {}");
    awaitAddress("undecided", "any");
    awaitGateway("undecided", "any", "z-older");
    objects.awaitReady(objects.gateway("z-older"), "NoNodeSelected");
  }

  /** By age and not by name; the API has whole seconds. */
  private static void awaitNextSecond(String gateway) throws Exception {
    Instant created =
        Instant.parse(
            requireNonNull(objects.gateway(gateway).get()).getMetadata().getCreationTimestamp());
    Clock clock = Clock.systemUTC();
    Patience.USUAL.await(
        "the next second",
        () -> Optional.of(clock.instant()).filter(now -> now.isAfter(created.plusSeconds(1))));
  }

  @Test
  @DisplayName("a namespace's label that names no gateway is said, and can be corrected")
  void labelWithoutAGateway() throws Exception {
    namespace("tenant", Map.of(ApiGroup.DEFAULT_GATEWAY_LABEL, "nowhere"));
    objects.createGateway("somewhere", "{ippools: {ipv4: [10.1.6.1-10.1.6.9]}, " + NODES + "}");
    objects.createPolicy("tenant", "any", "egressIP: {}");

    objects.awaitReady(
        objects.policy("tenant", "any"),
        "InvalidSpec: spec.egressGatewayName 'nowhere': no EgressGateway has this name; correct the"
            + " namespace's label spidernet.io/egressgateway-default, which has it, or create it,"
            + " or name one that exists: ");
    assertThat(objects.gatewayOf("tenant", "any")).isEmpty();

    label("tenant", "Some_Where");
    objects.awaitReady(
        objects.policy("tenant", "any"), "InvalidSpec: spec.egressGatewayName 'Some_Where': ");
    assertThat(objects.gatewayOf("tenant", "any")).isEmpty();

    label("tenant", "somewhere");
    awaitAddress("tenant", "any");
    awaitGateway("tenant", "any", "somewhere");
  }

  private static void label(String namespace, String gateway) {
    lab.client()
        .namespaces()
        .withName(namespace)
        .edit(
            object -> {
              object.getMetadata().getLabels().put(ApiGroup.DEFAULT_GATEWAY_LABEL, gateway);
              return object;
            });
  }
}
