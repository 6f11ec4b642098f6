package io.egressgateway.load.bench.cluster;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.EgressEndpointSlice;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.load.bench.api.Clients;
import io.egressgateway.load.lab.Egctl;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.LabSettings;
import io.egressgateway.load.lab.LabSettings.ApiChoice;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.PodExec;
import io.egressgateway.load.lab.kube.PodPlacement;
import io.egressgateway.load.oracle.KernelOracle;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The ancestor's cases of many pods and many policies, in the scene of the benchmark: most nodes
 * and pods are in the API only, and two pods are real.
 */
@Tag("matrix")
final class ManyCasesIT {
  private static final int MANY = 1_000;

  /** A policy for each of as many pods, and room for as many pods of one policy on ten nodes. */
  private static final ScalePlan PLAN = new ScalePlan(MANY, MANY, MANY, 1, 1, 1);

  private static final String ONE = "one-for-many";
  private static final Patience PATIENCE =
      new Patience(Duration.ofMinutes(10), Duration.ofMillis(200));

  @Test
  @DisplayName("R00001-R00004 a thousand policies are spread evenly, a thousand pods have one")
  void manyPoliciesAndManyPods() throws Exception {
    LabStage.set(
        LabSettings.usual().with(ApiChoice.REAL).with(LeaseProfile.CONSERVATIVE),
        System.out::println,
        stage -> {
          try (ScaleScene scene = ScaleScene.set(stage, PLAN)) {
            scene.policies();
            spread(stage);
            podsOfOnePolicy(stage);
            return scene;
          }
        });
  }

  /** Every policy has an egress IP of its own, and each gateway node as many as the other. */
  private static void spread(LabStage stage) throws Exception {
    KubernetesClient client = stage.lab().client();
    List<EgressPolicy> policies =
        client.resources(EgressPolicy.class).inNamespace(ScaleObjects.NAMESPACE).list().getItems();
    assertThat(policies).hasSize(MANY);
    assertThat(policies.stream().map(ManyCasesIT::address).collect(Collectors.toSet()))
        .hasSize(MANY);
    Map<String, Integer> placed = awaitTold(client);
    stage.progress().accept("spread over the nodes as " + placed);
    Map<String, Integer> told = difference(placed) > 1 ? rebalanced(stage) : placed;
    assertThat(told).hasSize(2);
    assertThat(difference(told)).as("spread over the nodes: %s", told).isLessThanOrEqualTo(1);
    KernelOracle kernels = new KernelOracle(stage.lab().settings().topology());
    PATIENCE.await(
        "the kernels to have what the status says, " + told,
        () -> Optional.of(held(stage, kernels)).filter(told::equals));
  }

  private static Map<String, Integer> awaitTold(KubernetesClient client) throws Exception {
    return PATIENCE.await(
        "the gateway's status to have all egress IPs",
        () -> Optional.of(told(client)).filter(counts -> sum(counts) == MANY));
  }

  private static String address(EgressPolicy policy) {
    return requireNonNull(requireNonNull(requireNonNull(policy.getStatus()).eip()).ipv4());
  }

  /** How many egress IPs each node has, by the gateway's status. */
  private static Map<String, Integer> told(KubernetesClient client) {
    EgressGateway.Status status =
        requireNonNull(client.resources(EgressGateway.class).withName(ScaleObjects.GATEWAY).get())
            .getStatus();
    Map<String, Integer> counts = new TreeMap<>();
    Stream.ofNullable(status)
        .flatMap(known -> Stream.ofNullable(known.nodeList()))
        .flatMap(List::stream)
        .forEach(
            node ->
                counts.put(
                    requireNonNull(node.name()), node.eips() == null ? 0 : node.eips().size()));
    return counts;
  }

  /**
   * A node that is not heard of for a moment, on a busy machine, is passed over, and nothing moves
   * to it by itself. An order that is not carried out in time goes on with the next one.
   */
  private static Map<String, Integer> rebalanced(LabStage stage) throws Exception {
    return PATIENCE.await(
        "the egress IPs to be spread evenly",
        () -> {
          stage.progress().accept(rebalance(stage));
          return Optional.of(told(stage.lab().client()))
              .filter(counts -> sum(counts) == MANY && difference(counts) <= 1);
        });
  }

  private static String rebalance(LabStage stage) {
    try {
      return Egctl.run(
          stage.lab(), List.of("rebalance", "--egressGatewayName", ScaleObjects.GATEWAY));
    } catch (IOException notInTime) {
      return String.valueOf(notInTime.getMessage());
    }
  }

  private static int difference(Map<String, Integer> counts) {
    return Collections.max(counts.values()) - Collections.min(counts.values());
  }

  private static int sum(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  private static Map<String, Integer> held(LabStage stage, KernelOracle kernels)
      throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    for (LabNode node : stage.lab().settings().topology().nodes(LabNode.Role.GATEWAY)) {
      counts.put(node.name().value(), kernels.open(node).size());
    }
    return counts;
  }

  /** Real pods have the egress IP beside a thousand others, and when those are all new. */
  private static void podsOfOnePolicy(LabStage stage) throws Exception {
    KubernetesClient client = stage.lab().client();
    client.resource(ScaleObjects.policy(ONE, ONE)).create();
    List<PodPlacement> real = List.of(stage.cluster().matchedPod(), stage.cluster().unmatchedPod());
    for (PodPlacement pod : real) {
      client
          .pods()
          .inNamespace(pod.key().namespace())
          .withName(pod.key().name())
          .edit(
              object -> {
                object.getMetadata().getLabels().put("app", ONE);
                return object;
              });
    }
    Ipv4Address eip =
        PATIENCE
            .await(
                "the status of EgressPolicy " + ONE,
                () -> stage.cluster().objects().policyStatus(ScaleObjects.NAMESPACE, ONE))
            .eip();
    for (String generation : List.of("first", "second")) {
      stage.progress().accept("starting the %s %d pods of one policy".formatted(generation, MANY));
      Set<String> names = start(client, generation);
      real.forEach(pod -> names.add(pod.key().name()));
      PATIENCE.await(
          "endpoint slices with exactly these %d pods".formatted(names.size()),
          () -> Optional.of(listed(client)).filter(names::equals));
      for (PodPlacement pod : real) {
        try (PodExec inside = stage.lab().exec(pod)) {
          stage.cluster().awaitSource(inside, eip);
        }
      }
      Clients.each(MANY, i -> client.resource(pod(generation, i)).delete());
    }
  }

  private static Set<String> start(KubernetesClient client, String generation) throws Exception {
    Clients.each(
        MANY,
        i -> {
          client.resource(pod(generation, i)).create();
          client.resource(pod(generation, i)).patchStatus();
        });
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < MANY; i++) {
      names.add(generation + "-" + i);
    }
    return names;
  }

  /** On the ten nodes after those of the pods that have a policy each. */
  private static Pod pod(String generation, int number) {
    return ScaleObjects.crowdPod(generation + "-" + number, ONE, MANY + number);
  }

  /** The pods in the policy's endpoint slices. */
  private static Set<String> listed(KubernetesClient client) {
    return client
        .resources(EgressEndpointSlice.class)
        .inNamespace(ScaleObjects.NAMESPACE)
        .withLabel(ApiGroup.POLICY_NAME_LABEL, ONE)
        .list()
        .getItems()
        .stream()
        .flatMap(slice -> Stream.ofNullable(slice.getEndpoints()))
        .flatMap(List::stream)
        .map(endpoint -> requireNonNull(endpoint.pod()))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
