package io.egressgateway.k8s.egctl;

import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.k8s.crd.EgressGateway;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway's status says of who holds what. Policies with the node's own address are there as
 * the gateway's {@link NodeAddressSlot}.
 *
 * @param held by the name of each of its nodes
 * @param ready names of those nodes whose tunnel is ready
 */
record GatewayView(SortedMap<String, SortedSet<IpAddress>> held, SortedSet<String> ready) {
  private static final String READY = "Ready";

  GatewayView {
    held = Collections.unmodifiableSortedMap(new TreeMap<>(held));
    ready = Collections.unmodifiableSortedSet(new TreeSet<>(ready));
  }

  /** A step of a rebalancing. */
  record Move(IpAddress address, String from, String to) {}

  static GatewayView of(EgressGateway gateway) {
    SortedMap<String, SortedSet<IpAddress>> held = new TreeMap<>();
    SortedSet<String> ready = new TreeSet<>();
    EgressGateway.Status status = gateway.getStatus();
    IpAddress slot = NodeAddressSlot.of(new GatewayName(gateway.getMetadata().getName()));
    for (EgressGateway.NodeStatus node : items(status == null ? null : status.nodeList())) {
      String name = String.valueOf(node.name());
      SortedSet<IpAddress> addresses = held.computeIfAbsent(name, key -> new TreeSet<>());
      items(node.eips()).forEach(eip -> addresses.addAll(addresses(eip, slot)));
      if (READY.equals(node.status())) {
        ready.add(name);
      }
    }
    return new GatewayView(held, ready);
  }

  /** An entry without an address is for policies that use the node's own. */
  private static List<IpAddress> addresses(EgressGateway.Eip eip, IpAddress slot) {
    List<String> texts =
        Stream.of(Optional.ofNullable(eip.ipv4()), Optional.ofNullable(eip.ipv6()))
            .flatMap(Optional::stream)
            .filter(text -> !text.isEmpty())
            .toList();
    return texts.isEmpty()
        ? List.of(slot)
        : texts.stream().flatMap(text -> IpAddress.parse(text).stream()).toList();
  }

  private static <T> List<T> items(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  /** The same without nodes that are not to be given anything. */
  GatewayView without(Set<String> nodes) {
    SortedSet<String> fit = new TreeSet<>(ready);
    fit.removeAll(nodes);
    return new GatewayView(held, fit);
  }

  /** The node that holds the address, or is to get it. */
  Optional<String> holder(IpAddress address) {
    return held.entrySet().stream()
        .filter(entry -> entry.getValue().contains(address))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** What the node holds. */
  SortedSet<IpAddress> heldBy(String node) {
    return Optional.ofNullable(held.get(node)).orElseGet(TreeSet::new);
  }

  /**
   * How many addresses would have to move, and could, until no ready node has two more than
   * another. The gateway itself chooses which; these are an example.
   */
  List<Move> evenOut() {
    TreeMap<String, TreeSet<IpAddress>> load = new TreeMap<>();
    ready.forEach(node -> load.put(node, new TreeSet<>(heldBy(node))));
    List<Move> moves = new ArrayList<>();
    while (load.size() > 1) {
      String most = extreme(load, -1);
      String least = extreme(load, 1);
      TreeSet<IpAddress> from = load.getOrDefault(most, new TreeSet<>());
      TreeSet<IpAddress> to = load.getOrDefault(least, new TreeSet<>());
      if (from.size() - to.size() <= 1) {
        break;
      }
      IpAddress moved = from.last();
      from.remove(moved);
      to.add(moved);
      moves.add(new Move(moved, most, least));
    }
    return moves;
  }

  private static String extreme(SortedMap<String, TreeSet<IpAddress>> load, int sign) {
    String best = load.firstKey();
    for (Map.Entry<String, TreeSet<IpAddress>> entry : load.entrySet()) {
      int size = entry.getValue().size();
      int bestSize = load.getOrDefault(best, new TreeSet<>()).size();
      if (sign * size < sign * bestSize) {
        best = entry.getKey();
      }
    }
    return best;
  }
}
