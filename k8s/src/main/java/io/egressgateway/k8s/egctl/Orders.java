package io.egressgateway.k8s.egctl;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.FenceOrder;
import io.egressgateway.k8s.crd.MoveOrder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * What can be ordered. Every method returns the exit code, 0 for done.
 *
 * @param ids a new one for each order
 * @param out for people
 */
record Orders(Supplier<String> ids, PrintWriter out) {
  private static final int DONE = 0;

  int move(Cluster cluster, String gateway, IpAddress address, String target)
      throws EgctlException {
    GatewayView before = GatewayView.of(cluster.gateway(gateway));
    String holder =
        before
            .holder(address)
            .orElseThrow(
                () ->
                    new EgctlException(
                        "no node of EgressGateway "
                            + gateway
                            + " holds "
                            + address
                            + "; in use are "
                            + inUse(before)));
    if (!before.held().containsKey(target)) {
      throw new EgctlException(
          "node "
              + target
              + " is none of EgressGateway "
              + gateway
              + "; its nodes are "
              + before.held().keySet());
    }
    if (holder.equals(target)) {
      say("no change: VIP " + address + " is on node " + target + " already");
      return DONE;
    }
    say("Moving VIP " + address + " to node " + target + "...");
    String id = ids.get();
    cluster.order(
        gateway,
        ApiGroup.MOVE_ANNOTATION,
        Serialization.asJson(new MoveOrder(address.toString(), target, id)),
        id);
    if (!cluster.await(gateway, view -> view.holder(address).filter(target::equals).isPresent())) {
      throw new EgctlException(
          "the order was accepted, but VIP "
              + address
              + " is not on node "
              + target
              + " within "
              + cluster.moveLimit().toSeconds()
              + " s; 'kubectl describe egressgateway "
              + gateway
              + "' says what it waits for");
    }
    say("Successfully moved VIP " + address + " to node " + target);
    return DONE;
  }

  private static List<String> inUse(GatewayView view) {
    SortedSet<IpAddress> all = new TreeSet<>();
    view.held().values().forEach(all::addAll);
    return described(all);
  }

  private static List<String> described(SortedSet<IpAddress> addresses) {
    return addresses.stream().map(NodeAddressSlot::describe).toList();
  }

  int drain(Cluster cluster, String node) throws EgctlException {
    cluster.drain(node, Optional.of("true"));
    say("Draining node " + node + "...");
    for (EgressGateway gateway : cluster.gateways()) {
      String name = gateway.getMetadata().getName();
      if (!cluster.await(name, view -> view.heldBy(node).isEmpty())) {
        throw new EgctlException(
            "node "
                + node
                + " still holds "
                + described(GatewayView.of(cluster.gateway(name)).heldBy(node))
                + " of EgressGateway "
                + name
                + " after "
                + cluster.moveLimit().toSeconds()
                + " s: is another of its nodes ready? The node stays marked; they move as soon as"
                + " they can, and 'egctl drain "
                + node
                + " --undo' lets them stay");
      }
    }
    say(
        "Node "
            + node
            + " holds no egress IP and gets none until 'egctl drain "
            + node
            + " --undo'");
    return DONE;
  }

  int undrain(Cluster cluster, String node) throws EgctlException {
    cluster.drain(node, Optional.empty());
    say(
        "Node "
            + node
            + " may hold egress IPs again; none comes back by itself, 'egctl rebalance' spreads"
            + " them");
    return DONE;
  }

  /**
   * @param by who vouches that the node is off
   * @param reason what was done to be sure
   */
  int fence(Cluster cluster, String node, String by, String reason) throws EgctlException {
    List<String> holding =
        cluster.gateways().stream()
            .filter(gateway -> !GatewayView.of(gateway).heldBy(node).isEmpty())
            .map(gateway -> gateway.getMetadata().getName())
            .toList();
    if (holding.isEmpty()) {
      say("no change: node " + node + " holds no egress IP");
      return DONE;
    }
    say("Fencing node " + node + "...");
    String id = ids.get();
    FenceOrder order = new FenceOrder(node, by, reason, id);
    cluster.order(holding.getFirst(), ApiGroup.FENCE_ANNOTATION, Serialization.asJson(order), id);
    for (String gateway : holding) {
      if (!cluster.await(gateway, view -> view.heldBy(node).isEmpty())) {
        throw new EgctlException(
            "the word was taken, but the egress IPs of EgressGateway "
                + gateway
                + " have not left node "
                + node
                + " within "
                + cluster.moveLimit().toSeconds()
                + " s: is another of its nodes ready? They move as soon as they can");
      }
    }
    say(
        "What node "
            + node
            + " held is elsewhere. Keep the machine off until its network is: one that comes back"
            + " is refused at its first word, and until then may answer too");
    return DONE;
  }

  int rebalance(Cluster cluster, String gateway) throws EgctlException {
    Set<String> unfit = cluster.unfitNodes();
    List<GatewayView.Move> moves =
        GatewayView.of(cluster.gateway(gateway)).without(unfit).evenOut();
    if (moves.isEmpty()) {
      say("no change: the egress IPs of EgressGateway " + gateway + " are spread evenly");
      return DONE;
    }
    String id = ids.get();
    cluster.order(gateway, ApiGroup.REBALANCE_ANNOTATION, id, id);
    boolean done = cluster.await(gateway, view -> view.without(unfit).evenOut().isEmpty());
    say(
        done
            ? "The egress IPs of EgressGateway " + gateway + " are spread evenly"
            : "EgressGateway " + gateway + " moves its egress IPs, a few at a time; it goes on");
    return DONE;
  }

  int tryRebalance(Cluster cluster, String gateway) throws EgctlException {
    GatewayView view = GatewayView.of(cluster.gateway(gateway));
    view.held().forEach((node, held) -> say(node + " holds " + held.size()));
    List<GatewayView.Move> moves = view.without(cluster.unfitNodes()).evenOut();
    say(moves.size() + " would move" + (moves.isEmpty() ? "" : ", for example"));
    moves.forEach(
        move ->
            say(
                "  "
                    + NodeAddressSlot.describe(move.address())
                    + " from "
                    + move.from()
                    + " to "
                    + move.to()));
    return DONE;
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
