package io.egressgateway.policy.entity;

import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.policy.plan.EipRoute;
import java.util.Optional;

/** The ledger of one egress IP; its id is the text of the address. */
public final class EipEntity {

  /** The kind of entity, for cluster sharding. */
  public static final EntityTypeKey<Command> TYPE = EntityTypeKey.create(Command.class, "eip");

  private EipEntity() {}

  /** All of a node's life in one session, until nodes tell of their sessions. */
  static NodeSession session(NodeName node) {
    return new NodeSession(node, "any", 0);
  }

  /** What an egress IP can be told. Every command may be repeated. */
  public sealed interface Command extends ClusterMessage {}

  /** The gateway wants the node to hold the address. */
  public record Assign(GatewayName gateway, NodeName node) implements Command {}

  /** The gateway wants nobody to hold the address. */
  public record Unassign(GatewayName gateway) implements Command {}

  /**
   * The node sends packets with the address and wants to know where it is, now and whenever it
   * changes. To be repeated: a subscription lapses.
   *
   * @param known what the node knows; it is answered only if that is not so
   */
  public record Subscribe(NodeName node, Optional<EipRoute> known) implements Command {}

  /** The node's kernel has the address as of this epoch. */
  public record GrantProgrammed(NodeName node, Epoch epoch) implements Command {}

  /** The node's kernel does not have the address, and will not have it again in this epoch. */
  public record WithdrawAcknowledged(NodeName node, Epoch epoch, OwnershipProof proof)
      implements Command {}

  /** What the number space answers. */
  record NumberAnswered(NumberingEntity.Reply reply) implements Command {}

  /** The entity reminds itself of what nobody has confirmed. */
  record Repeat() implements Command {}

  /** The entity reminds itself to forget subscribers. */
  record Sweep() implements Command {}
}
