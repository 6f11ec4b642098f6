package io.egressgateway.policy.plan;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
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
      SortedMap<NodeName, Eligibility> members) {
    TreeMap<IpAddress, NodeName> placed = new TreeMap<>();
    Load load = Load.of(members);
    TreeSet<IpAddress> homeless = new TreeSet<>();
    for (IpAddress address : wanted) {
      Optional<NodeName> node =
          Optional.ofNullable(current.get(address))
              .filter(holder -> mayKeep(members, holder, load));
      node.ifPresentOrElse(
          holder -> {
            placed.put(address, holder);
            load.add(holder);
          },
          () -> homeless.add(address));
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
  private static boolean mayKeep(
      SortedMap<NodeName, Eligibility> members, NodeName holder, Load load) {
    return Optional.ofNullable(members.get(holder))
        .filter(
            eligibility ->
                switch (eligibility) {
                  case ELIGIBLE, UNSCHEDULABLE -> true;
                  case NOT_READY, NO_TUNNEL -> load.least().isEmpty();
                })
        .isPresent();
  }

  /** How many addresses each eligible node has. */
  private record Load(TreeMap<NodeName, Integer> counts) {
    private static final Comparator<Map.Entry<NodeName, Integer>> FEWEST_THEN_NAME =
        Map.Entry.<NodeName, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey());

    static Load of(SortedMap<NodeName, Eligibility> members) {
      TreeMap<NodeName, Integer> counts = new TreeMap<>();
      members.forEach(
          (node, eligibility) -> {
            if (eligibility == Eligibility.ELIGIBLE) {
              counts.put(node, 0);
            }
          });
      return new Load(counts);
    }

    void add(NodeName node) {
      counts.computeIfPresent(node, (name, count) -> count + 1);
    }

    Optional<NodeName> least() {
      return counts.entrySet().stream().min(FEWEST_THEN_NAME).map(Map.Entry::getKey);
    }
  }
}
