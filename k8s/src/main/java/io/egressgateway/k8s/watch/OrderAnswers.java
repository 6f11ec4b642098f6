package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.GatewayName;
import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.status.EventRecorder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what has become of an order: first a Kubernetes event, then the annotation is taken away,
 * so that whoever sees that it is gone finds the event. Every method returns at once.
 */
final class OrderAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(OrderAnswers.class);

  private final KubernetesClient client;
  private final Executor executor;
  private final EventRecorder events;

  /**
   * @param executor may be blocked
   */
  OrderAnswers(KubernetesClient client, Executor executor) {
    this.client = client;
    this.executor = executor;
    this.events = new EventRecorder(client, Clock.systemUTC());
  }

  /** The gateway carries the order out. */
  void accepted(GatewayName gateway, GatewayOrder order) {
    answer(
        gateway,
        order,
        object ->
            events.normal(
                object,
                kind(order) + "Accepted",
                "order " + order.id() + ": it is being carried out"));
  }

  /** The gateway does not carry the order out. */
  void declined(GatewayName gateway, GatewayOrder order, String reason) {
    answer(
        gateway,
        order,
        object ->
            events.warning(
                object, kind(order) + "Declined", "order " + order.id() + ": " + reason));
  }

  private static String kind(GatewayOrder order) {
    return switch (order.annotation()) {
      case ApiGroup.MOVE_ANNOTATION -> "Move";
      case ApiGroup.FENCE_ANNOTATION -> "Fence";
      default -> "Rebalance";
    };
  }

  /** An event to write about a gateway. */
  @FunctionalInterface
  private interface Notice {
    void writeAbout(EgressGateway gateway);
  }

  private void answer(GatewayName gateway, GatewayOrder order, Notice notice) {
    executor.execute(
        () -> {
          try {
            EgressGateway object =
                client.resources(EgressGateway.class).withName(gateway.value()).get();
            if (object != null) {
              notice.writeAbout(object);
              take(gateway, order);
            }
          } catch (KubernetesClientException failure) {
            LOG.info(
                "answer not written gateway={} order={} cause=\"{}\"",
                gateway,
                order.id(),
                failure.getMessage());
          }
        });
  }

  /** Takes the annotation away, again. */
  void clear(GatewayName gateway, GatewayOrder order) {
    executor.execute(
        () -> {
          try {
            take(gateway, order);
          } catch (KubernetesClientException failure) {
            LOG.debug("order not cleared gateway={} cause=\"{}\"", gateway, failure.getMessage());
          }
        });
  }

  /** Only if it still is this order: another may have been written over it. */
  private void take(GatewayName gateway, GatewayOrder order) {
    String path = "/metadata/annotations/" + order.annotation().replace("/", "~1");
    client
        .resources(EgressGateway.class)
        .withName(gateway.value())
        .patch(
            PatchContext.of(PatchType.JSON),
            Serialization.asJson(
                List.of(
                    Map.of("op", "test", "path", path, "value", order.value()),
                    Map.of("op", "remove", "path", path))));
  }
}
