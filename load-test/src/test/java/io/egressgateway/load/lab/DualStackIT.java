package io.egressgateway.load.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.load.lab.LabSettings.ApiChoice;
import io.egressgateway.load.lab.guide.GuideCluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Both address families, and the node's own addresses, from the API object to the server. */
final class DualStackIT {
  private static final LabSettings SETTINGS =
      LabSettings.usual().with(ApiChoice.EMBEDDED).with(Topology.guide().dualStack());
  private static final String API = "egressgateway.spidernet.io/v1beta1";
  private static final Ipv4Address EIP = Ipv4Address.of("10.6.168.201");
  private static final Ipv6Address EIP_V6 = Ipv6Address.of("fd06:0:0:a8::201");
  private static final Ipv6Address OTHER_EIP_V6 = Ipv6Address.of("fd06:0:0:a8::202");

  private static final String GATEWAY =
      """
      apiVersion: egressgateway.spidernet.io/v1beta1
      kind: EgressGateway
      metadata:
        name: default
      spec:
        ippools:
          ipv4: ["10.6.168.201-10.6.168.202"]
          ipv6: ["fd06:0:0:a8::201-fd06:0:0:a8::202"]
        nodeSelector:
          selector:
            matchLabels: {egressgateway: "true"}
      """;

  private static final String POOLLESS =
      """
      apiVersion: egressgateway.spidernet.io/v1beta1
      kind: EgressGateway
      metadata:
        name: nodes
      spec:
        nodeSelector:
          selector:
            matchLabels: {egressgateway: "true"}
      """;

  private final List<Long> pids = new ArrayList<>();

  /** The source of a connection of each family. */
  private record Sources(Ipv4Address ipv4, Ipv6Address ipv6) {
    static Optional<Sources> of(PodExec pod) throws Exception {
      Optional<Ipv4Address> ipv4 = pod.sourceAddress(GuideCluster.ANSWER_PATIENCE);
      Optional<Ipv6Address> ipv6 = pod.sourceAddressV6(GuideCluster.ANSWER_PATIENCE);
      return ipv4.flatMap(four -> ipv6.map(six -> new Sources(four, six)));
    }

    static Sources of(LabNode node) {
      return new Sources(node.underlay(), node.underlayV6().orElseThrow());
    }
  }

  @Test
  void everyPolicyGivesEachFamilyTheSourceThatItSays() throws Exception {
    try (Lab lab = Lab.open(SETTINGS, LabWitness::event)) {
      LabWitness.explaining(lab, () -> check(lab));
      lab.supervisor().processes().values().forEach(process -> pids.add(process.pid()));
    }
    LabWitness.expectNone(pids);
  }

  private static void check(Lab lab) throws Exception {
    GuideCluster guide = GuideCluster.start(lab);
    create(lab, GATEWAY);
    create(lab, POOLLESS);
    guide.gatewayNodes().forEach(guide::label);
    guide.awaitGateway();
    guide.createPods();
    LabNode worker = guide.matchedPod().node();
    LabNode otherWorker = guide.unmatchedPod().node();
    try (PodExec matched = lab.exec(guide.matchedPod());
        PodExec other = lab.exec(guide.unmatchedPod())) {
      await(matched, Sources.of(worker));
      checkEgressIps(lab, matched, worker);
      checkNodeAddress(lab, guide, matched);
      await(matched, Sources.of(worker));
      await(other, Sources.of(otherWorker));
    }
    assertThat(lab.supervisor().process(Lab.SERVER_NAME).output())
        .contains(EIP.toString(), EIP_V6.toString());
  }

  private static void checkEgressIps(Lab lab, PodExec matched, LabNode worker) throws Exception {
    GenericKubernetesResource both = create(lab, policy("both", "default", "{}"));
    await(matched, new Sources(EIP, EIP_V6));
    assertThat(status(lab, "both").get("eip"))
        .isEqualTo(Map.of("ipv4", EIP.toString(), "ipv6", EIP_V6.toString()));
    delete(lab, both);
    GenericKubernetesResource onlyV6 =
        create(lab, policy("only-v6", "default", "{ipv6: \"%s\"}".formatted(OTHER_EIP_V6)));
    await(matched, new Sources(worker.underlay(), OTHER_EIP_V6));
    delete(lab, onlyV6);
    GenericKubernetesResource onlyV4 =
        create(lab, policy("only-v4", "default", "{ipv4: \"%s\"}".formatted(EIP)));
    await(matched, new Sources(EIP, worker.underlayV6().orElseThrow()));
    delete(lab, onlyV4);
    await(matched, Sources.of(worker));
  }

  private static void checkNodeAddress(Lab lab, GuideCluster guide, PodExec matched)
      throws Exception {
    GenericKubernetesResource policy = create(lab, policy("own", "nodes", "{useNodeIP: true}"));
    LabNode first = holder(lab, "");
    await(matched, Sources.of(first));
    assertThat(status(lab, "own").get("eip")).isIn(null, Map.of());
    awaitBucket(lab, first);
    guide.unlabel(first.name().value());
    LabNode second = holder(lab, first.name().value());
    await(matched, Sources.of(second));
    awaitBucket(lab, second);
    delete(lab, policy);
  }

  private static LabNode holder(Lab lab, String former) throws Exception {
    return Patience.USUAL.await(
        "status.node of EgressPolicy own to be another than '" + former + "'",
        () ->
            Optional.ofNullable(status(lab, "own").get("node"))
                .filter(node -> !node.equals(former))
                .flatMap(
                    node ->
                        SETTINGS.topology().nodes().stream()
                            .filter(one -> one.name().value().equals(node))
                            .findFirst()));
  }

  /** Statuses are written one by one: the gateway's may come after the policy's. */
  private static void awaitBucket(Lab lab, LabNode holder) throws Exception {
    Patience.USUAL.await(
        "status.nodeList of EgressGateway nodes to have policy own at " + holder.name() + " alone",
        () -> Optional.of(buckets(lab)).filter(List.of(holder.name() + " [own]")::equals));
  }

  /** The entries without addresses in the status of the gateway without pools. */
  private static List<String> buckets(Lab lab) {
    GenericKubernetesResource gateway =
        lab.client().genericKubernetesResources(API, "EgressGateway").withName("nodes").get();
    List<String> buckets = new ArrayList<>();
    for (Object node : list(gateway.get("status", "nodeList"))) {
      for (Object eip : list(((Map<?, ?>) node).get("eips"))) {
        Map<?, ?> entry = (Map<?, ?>) eip;
        assertThat(entry.get("ipv4")).isNull();
        assertThat(entry.get("ipv6")).isNull();
        List<Object> names = new ArrayList<>();
        list(entry.get("policies")).forEach(named -> names.add(((Map<?, ?>) named).get("name")));
        buckets.add(((Map<?, ?>) node).get("name") + " " + names);
      }
    }
    return buckets;
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static Map<?, ?> status(Lab lab, String policy) {
    GenericKubernetesResource found =
        lab.client()
            .genericKubernetesResources(API, "EgressPolicy")
            .inNamespace(GuideCluster.NAMESPACE)
            .withName(policy)
            .get();
    return Objects.requireNonNull(found).get("status") instanceof Map<?, ?> map ? map : Map.of();
  }

  private static String policy(String name, String gateway, String egressIp) {
    return """
    apiVersion: egressgateway.spidernet.io/v1beta1
    kind: EgressPolicy
    metadata:
      name: %s
      namespace: default
    spec:
      egressGatewayName: %s
      egressIP: %s
      appliedTo:
        podSelector:
          matchLabels: {app: test-app}
    """
        .formatted(name, gateway, egressIp);
  }

  private static void await(PodExec pod, Sources sources) throws Exception {
    Patience.USUAL.await(
        "connections from " + sources, () -> Sources.of(pod).filter(sources::equals));
  }

  private static GenericKubernetesResource create(Lab lab, String yaml) {
    return (GenericKubernetesResource)
        lab.client().load(new ByteArrayInputStream(yaml.getBytes(UTF_8))).create().getFirst();
  }

  private static void delete(Lab lab, GenericKubernetesResource policy) {
    lab.client().resource(policy).delete();
  }
}
