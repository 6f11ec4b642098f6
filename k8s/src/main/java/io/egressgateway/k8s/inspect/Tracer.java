package io.egressgateway.k8s.inspect;

import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.policy.entity.KernelAnswer;
import io.egressgateway.policy.entity.KernelQuestion;
import io.egressgateway.policy.entity.NodeEntity;
import io.egressgateway.policy.plan.NodePlanner;
import io.egressgateway.policy.plan.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks the nodes what becomes of a pod's packets, and what their kernels have. Thread-safe. */
final class Tracer {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** For an agent to read its kernel; of very many pods that takes about a second. */
  private static final Duration KERNEL_PATIENCE = Duration.ofSeconds(3);

  private final ClusterSharding sharding;

  Tracer(ClusterSharding sharding) {
    this.sharding = sharding;
  }

  /** A pod's way to a destination. */
  record Packet(NodeName node, IpAddress pod, IpAddress destination) {}

  CompletionStage<TraceDocument> trace(Packet packet) {
    return node(packet.node())
        .<NodeEntity.Traced>ask(
            replyTo -> new NodeEntity.Trace(packet.pod(), packet.destination(), replyTo), PATIENCE)
        .thenCompose(
            traced ->
                kernels(packet, traced.verdict())
                    .thenApply(
                        kernels ->
                            new TraceDocument(
                                packet.node().value(),
                                packet.pod().toString(),
                                packet.destination().toString(),
                                TraceDocument.Decision.of(traced.verdict()),
                                TraceDocument.Plan.of(traced),
                                kernels)));
  }

  private EntityRef<NodeEntity.Command> node(NodeName name) {
    return sharding.entityRefFor(NodeEntity.TYPE, name.toString());
  }

  /** That of the pod's node, and that of the holder; without a verdict there is nothing to ask. */
  private CompletionStage<List<TraceDocument.Kernel>> kernels(
      Packet packet, Optional<Verdict> verdict) {
    if (verdict.isEmpty()) {
      return CompletableFuture.completedStage(List.of());
    }
    CompletionStage<TraceDocument.Kernel> first =
        kernel(packet.node(), TraceDocument.POD_NODE, question(packet, verdict.get()));
    if (!(verdict.get() instanceof Verdict.Taken taken) || taken.route().holder().isEmpty()) {
      return first.thenApply(List::of);
    }
    KernelQuestion second =
        new KernelQuestion.OfHolder(
            taken.route().number(), taken.address(), packet.node(), packet.destination());
    return first.thenCombine(
        kernel(taken.route().holder().get(), TraceDocument.GATEWAY_NODE, second),
        (pod, gateway) -> List.of(pod, gateway));
  }

  private static KernelQuestion question(Packet packet, Verdict verdict) {
    Optional<EipNumber> eip =
        switch (verdict) {
          case Verdict.Taken taken -> Optional.of(taken.route().number());
          case Verdict.Unanswered ignored -> Optional.of(NodePlanner.NOWHERE);
          case Verdict.LeftAlone ignored -> Optional.empty();
        };
    Optional<NodeName> holder =
        verdict instanceof Verdict.Taken taken ? taken.route().holder() : Optional.empty();
    return new KernelQuestion.OfPod(packet.pod(), packet.destination(), eip, holder);
  }

  private CompletionStage<TraceDocument.Kernel> kernel(
      NodeName node, String role, KernelQuestion question) {
    return node(node)
        .<KernelAnswer>ask(replyTo -> new NodeEntity.AskKernel(question, replyTo), KERNEL_PATIENCE)
        .thenApply(answer -> TraceDocument.Kernel.of(node, role, answer))
        .exceptionally(
            silent ->
                TraceDocument.Kernel.of(
                    node,
                    role,
                    new KernelAnswer.Refused(
                        "its agent did not answer within "
                            + KERNEL_PATIENCE.toSeconds()
                            + " s: it is stopped or busy, or of a version that does not know the"
                            + " question")));
  }
}
