package io.egressgateway.policy.entity;

import akka.actor.typed.ActorRef;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import io.egressgateway.core.model.EgressPolicySpec;
import io.egressgateway.core.model.FailMode;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.SpecVersion;
import io.egressgateway.policy.plan.Refusal;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** One EgressPolicy or EgressClusterPolicy; its id is the text of its key. */
public final class PolicyEntity {

  /** The kind of entity, for cluster sharding. */
  public static final EntityTypeKey<Command> TYPE = EntityTypeKey.create(Command.class, "policy");

  private PolicyEntity() {}

  /** What a policy can be told. Every command may be repeated. */
  public sealed interface Command extends ClusterMessage {}

  /** The object exists with this spec. */
  public record Apply(SpecVersion version, EgressPolicySpec spec, ActorRef<StatusReport> reportTo)
      implements Command {}

  /**
   * The object does not exist. Answered with {@link StatusReport.PolicyGone} once all is undone.
   */
  public record Withdraw(ActorRef<StatusReport> reportTo) implements Command {}

  /**
   * The node has pods that the policy selects and wants to know what to do with them, now and
   * whenever it changes. To be repeated: a subscription lapses.
   *
   * @param known what the node knows; it is answered only if that is not so
   */
  public record Subscribe(NodeName node, Optional<NodeEntity.PolicyBound> known)
      implements Command {}

  /**
   * The gateway's answer to {@link GatewayEntity.Allocate}, and again whenever a holder changes.
   */
  public record Allocated(
      GatewayName gateway,
      SpecVersion claim,
      SortedMap<IpAddress, Holding> addresses,
      FailMode failMode)
      implements Command {
    public Allocated {
      addresses = Collections.unmodifiableSortedMap(new TreeMap<>(addresses));
    }
  }

  /** The gateway gives no address, or takes back what it gave. */
  public record Refused(GatewayName gateway, SpecVersion claim, Refusal reason, String message)
      implements Command {}

  /** The gateway holds nothing for this policy. */
  public record Freed(GatewayName gateway) implements Command {}

  /** The entity reminds itself of what nobody has confirmed. */
  record Repeat() implements Command {}

  /** The entity reminds itself to forget subscribers. */
  record Sweep() implements Command {}
}
