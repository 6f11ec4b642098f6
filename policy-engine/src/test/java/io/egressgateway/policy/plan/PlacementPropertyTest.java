package io.egressgateway.policy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.policy.testing.Property;
import java.util.Collections;
import java.util.HashMap;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PlacementPropertyTest {

  @Test
  void everyAddressHasANodeIfOneIsEligible() {
    Property.forAll(
        random -> {
          SortedMap<NodeName, Fitness> members = members(random);
          SortedSet<IpAddress> wanted = addresses(random);
          SortedMap<IpAddress, NodeName> placed = Placement.place(current(random), wanted, members);

          if (members.containsValue(Fitness.GOOD) || members.containsValue(Fitness.RESERVE)) {
            assertThat(placed.keySet()).isEqualTo(wanted);
          }
          assertThat(wanted).containsAll(placed.keySet());
          assertThat(members.keySet()).containsAll(placed.values());
        });
  }

  @Test
  void whatIsInOrderStays() {
    Property.forAll(
        random -> {
          SortedMap<NodeName, Fitness> members = members(random);
          SortedSet<IpAddress> wanted = addresses(random);
          SortedMap<IpAddress, NodeName> once = Placement.place(current(random), wanted, members);

          assertThat(Placement.place(once, wanted, members)).isEqualTo(once);
          members.put(new NodeName("a-new-node"), Fitness.GOOD);
          once.forEach(
              (address, node) -> {
                if (members.get(node) == Fitness.GOOD || members.get(node) == Fitness.KEEPS) {
                  assertThat(Placement.place(once, wanted, members)).containsEntry(address, node);
                }
              });
        });
  }

  @Test
  void nothingNewGoesToANodeThatIsNotEligible() {
    Property.forAll(
        random -> {
          SortedMap<NodeName, Fitness> members = members(random);
          SortedMap<IpAddress, NodeName> current = current(random);

          Placement.place(current, addresses(random), members)
              .forEach(
                  (address, node) -> {
                    if (!node.equals(current.get(address))) {
                      assertThat(members.get(node))
                          .isEqualTo(
                              members.containsValue(Fitness.GOOD) ? Fitness.GOOD : Fitness.RESERVE);
                    }
                  });
        });
  }

  @Test
  void theAddressesOfALostNodeAreSpreadEvenly() {
    Property.forAll(
        random -> {
          TreeMap<NodeName, Fitness> members = new TreeMap<>();
          int nodes = 2 + random.nextInt(5);
          for (int i = 0; i < nodes; i++) {
            members.put(new NodeName("node-" + i), Fitness.GOOD);
          }
          TreeSet<IpAddress> wanted = new TreeSet<>();
          for (int i = 0; i < random.nextInt(300); i++) {
            wanted.add(new Ipv4Address(i));
          }
          SortedMap<IpAddress, NodeName> before = Placement.place(new TreeMap<>(), wanted, members);
          members.remove(members.firstKey());

          SortedMap<IpAddress, NodeName> after = Placement.place(before, wanted, members);

          assertThat(spread(members, after)).isLessThanOrEqualTo(1);
          assertThat(after.keySet()).isEqualTo(wanted);
        });
  }

  @Test
  void aNodeWithoutAnySuccessorKeepsWhatItHas() {
    TreeMap<IpAddress, NodeName> current =
        new TreeMap<>(Map.of(new Ipv4Address(1), new NodeName("a")));

    for (Fitness trouble : List.of(Fitness.DRAINED, Fitness.UNFIT, Fitness.LOST)) {
      assertThat(
              Placement.place(
                  current,
                  new TreeSet<>(current.keySet()),
                  new TreeMap<>(Map.of(new NodeName("a"), trouble))))
          .isEqualTo(current);
    }
    assertThat(
            Placement.place(current, new TreeSet<>(current.keySet()), Collections.emptySortedMap()))
        .isEmpty();
  }

  @Test
  void rebalancingMovesAsFewAsItCan() {
    Property.forAll(
        random -> {
          SortedMap<NodeName, Fitness> members = members(random);
          SortedMap<IpAddress, NodeName> current = current(random);
          SortedMap<IpAddress, NodeName> balanced = Placement.rebalance(current, members);

          SortedMap<NodeName, Fitness> good = new TreeMap<>(members);
          good.values().removeIf(fitness -> fitness != Fitness.GOOD);
          SortedMap<IpAddress, NodeName> onGood = new TreeMap<>(balanced);
          onGood.values().retainAll(good.keySet());
          assertThat(spread(good, onGood)).isLessThanOrEqualTo(1);
          assertThat(balanced.keySet()).isEqualTo(current.keySet());
          assertThat(Placement.rebalance(balanced, members)).isEqualTo(balanced);
          balanced.forEach(
              (address, node) -> {
                if (!node.equals(current.get(address))) {
                  assertThat(good).containsKeys(node, current.get(address));
                }
              });
        });
  }

  private static int spread(
      SortedMap<NodeName, Fitness> members, SortedMap<IpAddress, NodeName> placed) {
    Map<NodeName, Integer> counts = new HashMap<>();
    members.keySet().forEach(node -> counts.put(node, 0));
    placed.values().forEach(node -> counts.merge(node, 1, Integer::sum));
    IntSummaryStatistics statistics =
        counts.values().stream().mapToInt(Integer::intValue).summaryStatistics();
    return counts.isEmpty() ? 0 : statistics.getMax() - statistics.getMin();
  }

  private static SortedMap<NodeName, Fitness> members(Random random) {
    TreeMap<NodeName, Fitness> members = new TreeMap<>();
    for (int i = 0; i < random.nextInt(6); i++) {
      members.put(new NodeName("node-" + i), Property.any(random, List.of(Fitness.values())));
    }
    return members;
  }

  private static SortedSet<IpAddress> addresses(Random random) {
    TreeSet<IpAddress> addresses = new TreeSet<>();
    for (int i = 0; i < random.nextInt(40); i++) {
      addresses.add(new Ipv4Address(random.nextInt(50)));
    }
    return addresses;
  }

  private static SortedMap<IpAddress, NodeName> current(Random random) {
    TreeMap<IpAddress, NodeName> current = new TreeMap<>();
    addresses(random)
        .forEach(address -> current.put(address, new NodeName("node-" + random.nextInt(8))));
    return current;
  }
}
