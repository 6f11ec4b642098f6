package io.egressgateway.k8s.inspect;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.Revision;
import io.egressgateway.policy.entity.KernelAnswer;
import io.egressgateway.policy.entity.NodeEntity;
import io.egressgateway.policy.plan.EipRoute;
import io.egressgateway.policy.plan.Verdict;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a pod's new connections to a destination, as JSON has it.
 *
 * @param node that the pod is on
 * @param pod its address
 * @param kernels that of the pod's node, and that of the egress IP's holder if there is one; none
 *     if nothing is decided
 */
public record TraceDocument(
    String node,
    String pod,
    String destination,
    Decision decision,
    Plan plan,
    List<Kernel> kernels) {
  static final String POD_NODE = "pod's node";
  static final String GATEWAY_NODE = "gateway node";

  public TraceDocument {
    kernels = List.copyOf(kernels);
  }

  /**
   * What the controllers decided.
   *
   * @param outcome {@code EgressIp}, {@code Dropped}, {@code LeftAlone} or {@code Unknown}
   * @param reason in one word: of {@code LeftAlone} and {@code Dropped}
   * @param policy that decides, as {@code EgressPolicy/namespace/name}
   * @param source absent where the packets do not get another one
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Decision(
      String outcome,
      @Nullable String reason,
      @Nullable String policy,
      @Nullable Integer priority,
      @Nullable Source source) {

    static Decision of(Optional<Verdict> verdict) {
      return verdict.map(Decision::of).orElse(new Decision("Unknown", null, null, null, null));
    }

    private static Decision of(Verdict verdict) {
      return switch (verdict) {
        case Verdict.Taken taken ->
            new Decision(
                taken.route().holder().isPresent() ? "EgressIp" : "Dropped",
                taken.route().holder().isPresent() ? null : "NO_HOLDER",
                taken.policy().toString(),
                taken.priority().value(),
                Source.of(taken));
        case Verdict.Unanswered ignored ->
            new Decision("Dropped", "POLICY_UNANSWERED", null, null, null);
        case Verdict.LeftAlone(var reason, var policy) ->
            new Decision(
                "LeftAlone",
                reason.toString(),
                policy.map(Object::toString).orElse(null),
                null,
                null);
      };
    }
  }

  /**
   * What the packets leave with.
   *
   * @param egressIp the address, or the slot that stands for its holder's own
   * @param number that stands for it in the tunnel
   * @param holder name of the node that has it
   * @param epoch of its assignment
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Source(String egressIp, int number, @Nullable String holder, long epoch) {
    private static Source of(Verdict.Taken taken) {
      EipRoute route = taken.route();
      Epoch epoch = route.epoch();
      return new Source(
          taken.address().toString(),
          route.number().value(),
          route.holder().map(NodeName::value).orElse(null),
          epoch.value());
    }
  }

  /**
   * What a kernel has of it.
   *
   * @param problem why there are no facts
   * @param facts in the order in which a packet meets them
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Kernel(String node, String role, @Nullable String problem, List<Fact> facts) {
    public Kernel {
      facts = List.copyOf(facts);
    }

    static Kernel of(NodeName node, String role, KernelAnswer answer) {
      return switch (answer) {
        case KernelAnswer.Read(var facts) ->
            new Kernel(node.value(), role, null, facts.stream().map(Fact::of).toList());
        case KernelAnswer.Refused(var reason) -> new Kernel(node.value(), role, reason, List.of());
      };
    }
  }

  /** Something as it should be, and as it is. */
  public record Fact(String subject, String planned, String found, boolean differs) {
    private static Fact of(KernelAnswer.Fact fact) {
      return new Fact(
          fact.subject(),
          fact.planned(),
          fact.found(),
          fact.agreement() == KernelAnswer.Agreement.DIFFERS);
    }
  }

  /**
   * How far the pod's node is.
   *
   * @param newest revision of the plan that was made last; 0 if none was since its controller began
   * @param applied the revision that its agent's kernel has, as far as it has said; absent if no
   *     agent is connected
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Plan(long newest, @Nullable Long applied) {
    static Plan of(NodeEntity.Traced traced) {
      return new Plan(traced.newest().value(), traced.applied().map(Revision::value).orElse(null));
    }
  }
}
