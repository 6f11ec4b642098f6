package io.egressgateway.k8s.watch;

import akka.actor.typed.ActorRef;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.policy.entity.EntityDirectory;
import io.egressgateway.policy.entity.GatewayEntity;
import io.egressgateway.policy.entity.NodeEntity;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Passes operators' orders on to gateways and nodes until they are answered, and has the answers
 * written down. Not thread-safe.
 */
final class OrderDesk {

  /** An order of a gateway, and what has become of it. */
  private record Order(GatewayName gateway, GatewayOrder what, Progress progress) {
    Order now(Progress next) {
      return new Order(gateway, what, next);
    }
  }

  private enum Progress {
    NEW,
    ASKED,
    ANSWERED
  }

  private final EntityDirectory entities;
  private final ActorRef<GatewayEntity.OrderReply> replyTo;
  private final OrderAnswers answers;
  private final TreeMap<String, Order> orders = new TreeMap<>();

  OrderDesk(
      EntityDirectory entities, ActorRef<GatewayEntity.OrderReply> replyTo, OrderAnswers answers) {
    this.entities = entities;
    this.replyTo = replyTo;
    this.answers = answers;
  }

  /** Takes up which orders the gateway has now. */
  void put(GatewayObject gateway) {
    TreeMap<String, Order> now = new TreeMap<>();
    for (GatewayOrder what : gateway.orders()) {
      Order order = new Order(gateway.name(), what, Progress.NEW);
      String name = name(order);
      now.put(
          name,
          Optional.ofNullable(orders.get(name))
              .filter(known -> known.what().equals(what))
              .orElse(order));
    }
    remove(gateway.name());
    orders.putAll(now);
  }

  /** The gateway is gone, and its orders with it. */
  void remove(GatewayName gateway) {
    orders.values().removeIf(order -> order.gateway().equals(gateway));
  }

  /** Unique among all gateways, so that an answer needs no more than this. */
  private static String name(Order order) {
    String annotation = order.what().annotation();
    return order.gateway()
        + "/"
        + annotation.substring(annotation.indexOf('/') + 1)
        + "/"
        + order.what().id();
  }

  /** Tells gateways the orders that they have not been told. */
  void flush() {
    orders.replaceAll((name, order) -> order.progress() == Progress.NEW ? ask(name, order) : order);
  }

  private Order ask(String name, Order order) {
    return switch (order.what()) {
      case GatewayOrder.Move move -> {
        entities
            .gateway(order.gateway())
            .tell(new GatewayEntity.MoveEip(move.address(), move.node(), name, replyTo));
        yield order.now(Progress.ASKED);
      }
      case GatewayOrder.Rebalance ignored -> {
        entities.gateway(order.gateway()).tell(new GatewayEntity.Rebalance(name, replyTo));
        yield order.now(Progress.ASKED);
      }
      case GatewayOrder.Fence fence -> {
        entities
            .node(fence.node())
            .tell(
                new NodeEntity.AssertFence(
                    fence.assertion().by(), fence.assertion().reason(), name, replyTo));
        yield order.now(Progress.ASKED);
      }
      case GatewayOrder.Unreadable unreadable -> {
        answers.declined(order.gateway(), unreadable, unreadable.reason());
        yield order.now(Progress.ANSWERED);
      }
    };
  }

  void onReply(GatewayEntity.OrderReply reply) {
    switch (reply) {
      case GatewayEntity.OrderAccepted(String name) ->
          answered(name).ifPresent(order -> answers.accepted(order.gateway(), order.what()));
      case GatewayEntity.OrderDeclined(String name, var reason, String message) ->
          answered(name)
              .ifPresent(
                  order ->
                      answers.declined(
                          order.gateway(), order.what(), reason.reason() + ": " + message));
    }
  }

  /** The order, if this is its first answer. */
  private Optional<Order> answered(String name) {
    Optional<Order> asked =
        Optional.ofNullable(orders.get(name))
            .filter(order -> order.progress() != Progress.ANSWERED);
    asked.ifPresent(order -> orders.put(name, order.now(Progress.ANSWERED)));
    return asked;
  }

  /** Asks again what has not been answered, and takes away again what has. */
  void resync(Outbox.Slice slice) {
    orders.replaceAll(
        (name, order) -> slice.contains(order.gateway()) ? again(name, order) : order);
  }

  private Order again(String name, Order order) {
    return switch (order.progress()) {
      case NEW, ASKED -> ask(name, order);
      case ANSWERED -> {
        answers.clear(order.gateway(), order.what());
        yield order;
      }
    };
  }
}
