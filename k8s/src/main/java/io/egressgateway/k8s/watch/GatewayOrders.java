package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.FenceOrder;
import io.egressgateway.k8s.crd.MoveOrder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the orders in a gateway's annotations. */
final class GatewayOrders {
  private static final int ID_LENGTH_MAX = 64;
  private static final String EXAMPLE =
      "{\"vip\":\"10.6.1.21\",\"targetNode\":\"worker-1\",\"id\":\"1\"}";
  private static final String FENCE_EXAMPLE =
      "{\"node\":\"worker-1\",\"by\":\"jane\",\"reason\":\"power cord pulled\",\"id\":\"1\"}";

  private GatewayOrders() {}

  /** The orders; those that cannot be read, too. */
  static List<GatewayOrder> read(@Nullable Map<String, String> annotations) {
    List<GatewayOrder> orders = new ArrayList<>();
    if (annotations != null) {
      Optional.ofNullable(annotations.get(ApiGroup.MOVE_ANNOTATION))
          .map(GatewayOrders::move)
          .ifPresent(orders::add);
      Optional.ofNullable(annotations.get(ApiGroup.REBALANCE_ANNOTATION))
          .map(GatewayOrders::rebalance)
          .ifPresent(orders::add);
      Optional.ofNullable(annotations.get(ApiGroup.FENCE_ANNOTATION))
          .map(GatewayOrders::fence)
          .ifPresent(orders::add);
    }
    return List.copyOf(orders);
  }

  private static GatewayOrder move(String value) {
    String id = "";
    try {
      MoveOrder order = Serialization.unmarshal(value, MoveOrder.class);
      if (order == null) {
        return unreadable(ApiGroup.MOVE_ANNOTATION, value, id, "it is not like " + EXAMPLE);
      }
      id = text(order.id());
      if (order.vip() == null || order.targetNode() == null) {
        return unreadable(ApiGroup.MOVE_ANNOTATION, value, id, "it is not like " + EXAMPLE);
      }
      Optional<IpAddress> address = IpAddress.parse(order.vip());
      if (address.isEmpty() || !isId(id)) {
        return unreadable(
            ApiGroup.MOVE_ANNOTATION,
            value,
            id,
            address.isEmpty() ? "vip '" + order.vip() + "' is no address" : idRule(id));
      }
      return new GatewayOrder.Move(value, id, address.get(), new NodeName(order.targetNode()));
    } catch (RuntimeException malformed) {
      return unreadable(ApiGroup.MOVE_ANNOTATION, value, id, complaint(malformed, EXAMPLE));
    }
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** Jackson's and the types' own words; the former are long and end in where in the text. */
  private static String complaint(RuntimeException malformed, String example) {
    return String.valueOf(malformed.getMessage()).lines().findFirst().orElse("")
        + "; write it like "
        + example;
  }

  private static GatewayOrder fence(String value) {
    String id = "";
    try {
      FenceOrder order = Serialization.unmarshal(value, FenceOrder.class);
      if (order == null) {
        return unreadable(ApiGroup.FENCE_ANNOTATION, value, id, "it is not like " + FENCE_EXAMPLE);
      }
      id = text(order.id());
      if (order.node() == null) {
        return unreadable(ApiGroup.FENCE_ANNOTATION, value, id, "it is not like " + FENCE_EXAMPLE);
      }
      String by = text(order.by());
      String reason = text(order.reason());
      if (!isId(id) || !FenceOrder.isSaid(by) || !FenceOrder.isSaid(reason)) {
        return unreadable(
            ApiGroup.FENCE_ANNOTATION,
            value,
            id,
            isId(id)
                ? "by and reason are for the audit and have 1 to "
                    + FenceOrder.SAID_MAX
                    + " characters"
                : idRule(id));
      }
      return new GatewayOrder.Fence(
          value,
          id,
          new NodeName(order.node()),
          new GatewayOrder.Assertion(by.strip(), reason.strip()));
    } catch (RuntimeException malformed) {
      return unreadable(ApiGroup.FENCE_ANNOTATION, value, id, complaint(malformed, FENCE_EXAMPLE));
    }
  }

  private static GatewayOrder rebalance(String value) {
    return isId(value)
        ? new GatewayOrder.Rebalance(value)
        : unreadable(ApiGroup.REBALANCE_ANNOTATION, value, value, idRule(value));
  }

  private static boolean isId(String id) {
    return !id.isEmpty()
        && id.length() <= ID_LENGTH_MAX
        && id.chars().allMatch(character -> character > ' ' && character < 0x7f);
  }

  private static String idRule(String id) {
    return "id '" + id + "' is not 1 to " + ID_LENGTH_MAX + " printable characters";
  }

  private static GatewayOrder unreadable(
      String annotation, String value, String id, String reason) {
    return new GatewayOrder.Unreadable(
        annotation, value, isId(id) ? id : GatewayOrder.Unreadable.NO_ID, reason);
  }
}
