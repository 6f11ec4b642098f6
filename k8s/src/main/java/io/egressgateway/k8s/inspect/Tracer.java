package io.egressgateway.k8s.inspect;

import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.policy.entity.NodeEntity;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Asks the nodes what becomes of a pod's packets. Thread-safe. */
final class Tracer {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ClusterSharding sharding;

  Tracer(ClusterSharding sharding) {
    this.sharding = sharding;
  }

  /** A pod's way to a destination. */
  record Packet(NodeName node, IpAddress pod, IpAddress destination) {}

  CompletionStage<TraceDocument> trace(Packet packet) {
    return sharding
        .entityRefFor(NodeEntity.TYPE, packet.node().toString())
        .<NodeEntity.Traced>ask(
            replyTo -> new NodeEntity.Trace(packet.pod(), packet.destination(), replyTo), PATIENCE)
        .thenApply(
            traced ->
                new TraceDocument(
                    packet.node().value(),
                    packet.pod().toString(),
                    packet.destination().toString(),
                    TraceDocument.Decision.of(traced.verdict()),
                    TraceDocument.Plan.of(traced)));
  }
}
