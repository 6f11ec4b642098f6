package io.egressgateway.policy.plan;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Chooses the node of each egress IP: the one with the fewest, and of equals the first by name. An
 * address stays where it is as long as that node may keep it, also when a better one appears.
 */
public final class Placement {
  private Placement() {}

  /**
   * Where each wanted address belongs. An address that no node can have is absent.
   *
   * @param current where addresses are now; those that are not wanted count for nothing
   * @param wanted the addresses that policies use
   * @param members the nodes that may have addresses at all
   */
  public static SortedMap<IpAddress, NodeName> place(
      SortedMap<IpAddress, NodeName> current,
      SortedSet<IpAddress> wanted,
      SortedMap<NodeName, Fitness> members) {
    return placeMore(current, wanted, members, Collections.emptySortedMap());
  }

  /**
   * The same for addresses that come to others, which stay where they are: it costs nothing for
   * those.
   *
   * @param loads how many others each node has
   */
  public static SortedMap<IpAddress, NodeName> placeMore(
      SortedMap<IpAddress, NodeName> current,
      SortedSet<IpAddress> wanted,
      SortedMap<NodeName, Fitness> members,
      SortedMap<NodeName, Integer> loads) {
    TreeMap<IpAddress, NodeName> placed = new TreeMap<>();
    Load load = Load.of(members, loads);
    TreeSet<IpAddress> homeless = new TreeSet<>();
    for (IpAddress address : wanted) {
      NodeName holder = current.get(address);
      Fitness fitness = holder == null ? null : members.get(holder);
      if (holder != null && fitness != null && keeps(fitness, load)) {
        placed.put(address, holder);
        load.add(holder);
      } else {
        homeless.add(address);
      }
    }
    for (IpAddress address : homeless) {
      load.least()
          .ifPresent(
              node -> {
                placed.put(address, node);
                load.add(node);
              });
    }
    return placed;
  }

  /**
   * A node in trouble keeps its addresses while there is no better one: it may still carry them.
   */
  private static boolean keeps(Fitness fitness, Load load) {
    return switch (fitness) {
      case GOOD, KEEPS -> true;
      case RESERVE -> load.hasOnlyReserves();
      case DRAINED, UNFIT, LOST -> load.isEmpty();
    };
  }

  /**
   * Where each address belongs so that good nodes differ by one at most; as few as possible move.
   *
   * @param current where addresses are now
   */
  public static SortedMap<IpAddress, NodeName> rebalance(
      SortedMap<IpAddress, NodeName> current, SortedMap<NodeName, Fitness> members) {
    TreeMap<IpAddress, NodeName> placed = new TreeMap<>(current);
    TreeMap<NodeName, TreeSet<IpAddress>> byNode = new TreeMap<>();
    members.forEach(
        (node, fitness) -> {
          if (fitness == Fitness.GOOD) {
            byNode.put(node, new TreeSet<>());
          }
        });
    current.forEach(
        (address, node) -> {
          TreeSet<IpAddress> addresses = byNode.get(node);
          if (addresses != null) {
            addresses.add(address);
          }
        });
    Comparator<Map.Entry<NodeName, TreeSet<IpAddress>>> bySize =
        Comparator.comparingInt(entry -> entry.getValue().size());
    while (!byNode.isEmpty()) {
      var most = byNode.entrySet().stream().max(bySize).orElseThrow();
      var fewest = byNode.entrySet().stream().min(bySize).orElseThrow();
      if (most.getValue().size() - fewest.getValue().size() <= 1) {
        break;
      }
      IpAddress moved = most.getValue().removeFirst();
      fewest.getValue().add(moved);
      placed.put(moved, fewest.getKey());
    }
    return placed;
  }

  /** How many addresses each node has that may be given some. */
  private record Load(TreeMap<NodeName, Integer> counts, Fitness kind) {
    private static final Comparator<Map.Entry<NodeName, Integer>> FEWEST_THEN_NAME =
        Map.Entry.<NodeName, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey());

    static Load of(SortedMap<NodeName, Fitness> members, SortedMap<NodeName, Integer> loads) {
      Fitness kind = members.containsValue(Fitness.GOOD) ? Fitness.GOOD : Fitness.RESERVE;
      TreeMap<NodeName, Integer> counts = new TreeMap<>();
      members.forEach(
          (node, fitness) -> {
            if (fitness == kind) {
              counts.put(node, loads.getOrDefault(node, 0));
            }
          });
      return new Load(counts, kind);
    }

    boolean isEmpty() {
      return counts.isEmpty();
    }

    boolean hasOnlyReserves() {
      return kind == Fitness.RESERVE;
    }

    void add(NodeName node) {
      counts.computeIfPresent(node, (name, count) -> count + 1);
    }

    Optional<NodeName> least() {
      return counts.entrySet().stream().min(FEWEST_THEN_NAME).map(Map.Entry::getKey);
    }
  }
}
