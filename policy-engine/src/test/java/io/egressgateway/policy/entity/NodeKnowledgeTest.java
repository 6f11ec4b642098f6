package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.plan.EipRoute;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NodeKnowledgeTest {
  private static final int RUNS = 200;
  private static final int STEPS = 60;
  private static final List<PolicyKey> POLICIES =
      List.of(policy("a"), policy("b"), policy("c"), policy("d"));
  private static final List<IpAddress> EIPS =
      List.of(
          IpAddress.of("10.6.0.1"),
          IpAddress.of("10.6.0.2"),
          IpAddress.of("10.6.0.3"),
          IpAddress.of("10.6.0.4"));

  private final NodeKnowledge knowledge = new NodeKnowledge(new NodeName("worker-1"));

  // What is needed, computed from scratch.
  private SortedMap<IpAddress, SortedSet<PolicyKey>> pods = new TreeMap<>();
  private final SortedMap<PolicyKey, SortedSet<IpAddress>> bound = new TreeMap<>();
  private final Set<IpAddress> routed = new HashSet<>();

  @Test
  void knowsAtEveryStepWhatAFreshLookWouldFind() {
    for (int seed = 0; seed < RUNS; seed++) {
      knowledge.forget();
      pods = new TreeMap<>();
      bound.clear();
      routed.clear();
      Random random = new Random(seed);
      for (int step = 0; step < STEPS; step++) {
        step(random);
        assertThat(knowledge.neededPolicies()).as("seed %d", seed).isEqualTo(neededPolicies());
        assertThat(knowledge.neededEips()).as("seed %d", seed).isEqualTo(neededEips());
        assertThat(knowledge.unansweredPolicies())
            .as("seed %d", seed)
            .isEqualTo(without(neededPolicies(), bound.keySet()));
        assertThat(knowledge.unansweredEips())
            .as("seed %d", seed)
            .isEqualTo(without(neededEips(), routed));
      }
    }
  }

  private void step(Random random) {
    switch (random.nextInt(3)) {
      case 0 -> {
        pods = new TreeMap<>();
        for (int pod = random.nextInt(3); pod > 0; pod--) {
          pods.put(IpAddress.of("10.244.0." + pod), some(POLICIES, random));
        }
        knowledge.endpoints(pods);
      }
      case 1 -> {
        PolicyKey policy = POLICIES.get(random.nextInt(POLICIES.size()));
        SortedSet<IpAddress> eips = some(EIPS, random);
        boolean news = knowledge.learn(SampleMessages.bound(policy, eips));
        boolean needed = neededPolicies().contains(policy);
        assertThat(news).isEqualTo(needed && !eips.equals(bound.get(policy)));
        if (needed) {
          bound.put(policy, eips);
        }
      }
      default -> {
        IpAddress eip = EIPS.get(random.nextInt(EIPS.size()));
        boolean needed = neededEips().contains(eip);
        boolean news =
            knowledge.learn(
                new NodeEntity.EipRouted(
                    eip, new EipRoute(new EipNumber(1), Optional.empty(), Epoch.ZERO)));
        assertThat(news).isEqualTo(needed && !routed.contains(eip));
        if (needed) {
          routed.add(eip);
        }
      }
    }
    bound.keySet().retainAll(neededPolicies());
    routed.retainAll(neededEips());
  }

  private SortedSet<PolicyKey> neededPolicies() {
    TreeSet<PolicyKey> needed = new TreeSet<>();
    pods.values().forEach(needed::addAll);
    return needed;
  }

  private SortedSet<IpAddress> neededEips() {
    TreeSet<IpAddress> needed = new TreeSet<>();
    bound.values().forEach(needed::addAll);
    return needed;
  }

  private static <T> SortedSet<T> without(SortedSet<T> all, Set<T> some) {
    TreeSet<T> rest = new TreeSet<>(all);
    rest.removeAll(some);
    return rest;
  }

  private static <T> SortedSet<T> some(List<T> all, Random random) {
    TreeSet<T> some = new TreeSet<>();
    all.stream().filter(one -> random.nextBoolean()).forEach(some::add);
    return some;
  }

  private static PolicyKey policy(String name) {
    return new PolicyKey.Namespaced("default", name);
  }
}
