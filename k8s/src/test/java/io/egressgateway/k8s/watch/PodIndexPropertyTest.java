package io.egressgateway.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.translate.PodFacts;
import java.util.Map;
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
  private final Map<PolicyKey.Namespaced, LabelSelector> policies = new TreeMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void incrementalEqualsFromScratch(long seed) {
    Random random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      change(random);
    }
    for (int node = 0; node < 3; node++) {
      NodeName name = new NodeName("n" + node);
      assertThat(index.endpointsOn(name)).isEqualTo(expected(name));
    }
  }

  private void change(Random random) {
    String uid = "u" + random.nextInt(40);
    PolicyKey.Namespaced policy = Given.policy("p" + random.nextInt(10));
    switch (random.nextInt(5)) {
      case 0 -> {
        pods.remove(uid);
        index.remove(uid);
      }
      case 1 -> {
        policies.remove(policy);
        index.remove(policy);
      }
      case 2 -> {
        LabelSelector selector = Given.selector("k" + random.nextInt(2), "v" + random.nextInt(3));
        policies.put(policy, selector);
        index.put(policy, selector);
      }
      default -> {
        PodFacts pod = pod(random, uid);
        pods.put(uid, pod);
        index.put(pod);
      }
    }
  }

  private static PodFacts pod(Random random, String uid) {
    Map<String, String> labels =
        Map.of("k0", "v" + random.nextInt(3), "k1", "v" + random.nextInt(3));
    return Given.pod(uid, labels, "n" + random.nextInt(3), "10.244.0." + uid.substring(1));
  }

  private Map<IpAddress, SortedSet<PolicyKey>> expected(NodeName node) {
    Map<IpAddress, SortedSet<PolicyKey>> endpoints = new TreeMap<>();
    for (PodFacts pod : pods.values()) {
      SortedSet<PolicyKey> matching = new TreeSet<>();
      policies.forEach(
          (key, selector) -> {
            if (selector.matches(pod.labels())) {
              matching.add(key);
            }
          });
      if (pod.node().equals(node) && !matching.isEmpty()) {
        endpoints.put(pod.addresses().first(), matching);
      }
    }
    return endpoints;
  }
}
