package io.egressgateway.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.Labels;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Selection;
import io.egressgateway.k8s.translate.PodFacts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens in whatever order, the index says what asking every policy would say. */
class PodIndexPropertyTest {

  private static final int STEPS = 2_000;

  private final PodIndex index = new PodIndex();
  private final Map<String, PodFacts> pods = new TreeMap<>();
  private final Map<String, Labels> namespaces = new TreeMap<>();
  private final Map<PolicyKey, Selection> policies = new TreeMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void incrementalEqualsFromScratch(long seed) {
    Random random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      change(random);
    }
    for (int node = 0; node < 3; node++) {
      NodeName name = new NodeName("n" + node);
      assertThat(index.endpointsOn(name)).as("seed %d", seed).isEqualTo(expected(name));
    }
  }

  private void change(Random random) {
    String uid = "u" + random.nextInt(40);
    PolicyKey policy = policy(random);
    String namespace = namespace(random);
    switch (random.nextInt(8)) {
      case 0 -> {
        pods.remove(uid);
        index.remove(uid);
      }
      case 1 -> {
        policies.remove(policy);
        index.remove(policy);
      }
      case 2 -> {
        namespaces.remove(namespace);
        index.removeNamespace(namespace);
      }
      case 3 -> {
        Labels labels = Labels.of(Map.of("team", "t" + random.nextInt(2)));
        namespaces.put(namespace, labels);
        index.putNamespace(namespace, labels);
      }
      case 4, 5 -> {
        Selection selection = selection(random, policy);
        policies.put(policy, selection);
        index.put(policy, selection);
      }
      default -> {
        PodFacts pod = pod(random, uid);
        pods.put(uid, pod);
        index.put(pod);
      }
    }
  }

  private static String namespace(Random random) {
    return "ns" + random.nextInt(3);
  }

  private static PolicyKey policy(Random random) {
    String name = "p" + random.nextInt(6);
    return random.nextBoolean()
        ? new PolicyKey.Namespaced(namespace(random), name)
        : new PolicyKey.ClusterScoped(name);
  }

  private static Selection selection(Random random, PolicyKey policy) {
    Optional<LabelSelector> ofNamespaces =
        policy instanceof PolicyKey.ClusterScoped && random.nextBoolean()
            ? Optional.of(LabelSelector.ofLabels(Map.of("team", "t" + random.nextInt(2))))
            : Optional.empty();
    return switch (random.nextInt(3)) {
      case 0 ->
          new Selection.Subnets(
              switch (Given.subnets(
                  "10.244."
                      + random.nextInt(2)
                      + "."
                      + random.nextInt(40)
                      + "/3"
                      + random.nextInt(3),
                  "fd00::" + random.nextInt(4) + "0/12" + random.nextInt(9))) {
                case Selection.Subnets blocks -> blocks.cidrs();
                case Selection.Pods other -> throw new AssertionError(other);
              },
              ofNamespaces);
      default ->
          new Selection.Pods(
              LabelSelector.ofLabels(Map.of("k" + random.nextInt(2), "v" + random.nextInt(3))),
              ofNamespaces);
    };
  }

  private static PodFacts pod(Random random, String uid) {
    Map<String, String> labels =
        Map.of("k0", "v" + random.nextInt(3), "k1", "v" + random.nextInt(3));
    String number = uid.substring(1);
    return new PodFacts(
        // Everything but the namespace of a pod may change.
        new PodFacts.Id(uid, "ns" + Integer.parseInt(number) % 3, "pod-" + uid, Instant.EPOCH),
        Labels.of(labels),
        new NodeName("n" + random.nextInt(3)),
        new TreeSet<>(
            List.of(
                IpAddress.of("10.244." + random.nextInt(2) + "." + number),
                IpAddress.of("fd00::" + number))));
  }

  private Map<IpAddress, SortedSet<PolicyKey>> expected(NodeName node) {
    Map<IpAddress, SortedSet<PolicyKey>> endpoints = new TreeMap<>();
    for (PodFacts pod : pods.values()) {
      for (IpAddress address : pod.addresses()) {
        SortedSet<PolicyKey> matching = new TreeSet<>();
        policies.forEach(
            (key, selection) -> {
              if (selects(key, selection, pod, address)) {
                matching.add(key);
              }
            });
        if (pod.node().equals(node) && !matching.isEmpty()) {
          endpoints.put(address, matching);
        }
      }
    }
    return endpoints;
  }

  private boolean selects(PolicyKey key, Selection selection, PodFacts pod, IpAddress address) {
    String namespace = pod.id().namespace();
    boolean reached =
        switch (key) {
          case PolicyKey.Namespaced namespaced -> namespaced.namespace().equals(namespace);
          case PolicyKey.ClusterScoped ignored ->
              selection
                  .namespaceSelector()
                  .map(
                      selector ->
                          Optional.ofNullable(namespaces.get(namespace))
                              .filter(selector::matches)
                              .isPresent())
                  .orElse(true);
        };
    return reached
        && switch (selection) {
          case Selection.Pods labelled -> labelled.podSelector().matches(pod.labels());
          case Selection.Subnets subnets -> subnets.cidrs().contains(address);
        };
  }
}
