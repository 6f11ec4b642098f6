package io.egressgateway.policy.entity;

import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessLoss;
import io.egressgateway.policy.plan.EipRoute;
import java.util.Objects;
import java.util.Optional;

/** The ledger of one egress IP; its id is the text of the address. */
public final class EipEntity {

  /** The kind of entity, for cluster sharding. */
  public static final EntityTypeKey<Command> TYPE = EntityTypeKey.create(Command.class, "eip");

  private EipEntity() {}

  /** What an egress IP can be told. Every command may be repeated. */
  public sealed interface Command extends ClusterMessage {}

  /** The gateway wants the session to hold the address. */
  public record Assign(GatewayName gateway, NodeSession session, WitnessLoss onLoss)
      implements Command {
    public Assign {
      // A controller of an earlier version does not say.
      onLoss = Objects.requireNonNullElse(onLoss, WitnessLoss.CLOSE);
    }

    /** Until the session's lease ends. */
    public Assign(GatewayName gateway, NodeSession session) {
      this(gateway, session, WitnessLoss.CLOSE);
    }
  }

  /** The gateway wants nobody to hold the address. */
  public record Unassign(GatewayName gateway) implements Command {}

  /** The gateway wants nothing but to know who holds the address. */
  public record Inquire(GatewayName gateway) implements Command {}

  /** The gateway may soon want the session to hold the address: its node should be ready. */
  public record Prepare(NodeSession session) implements Command {}

  /**
   * The node sends packets with the address and wants to know where it is, now and whenever it
   * changes. To be repeated: a subscription lapses.
   *
   * @param known what the node knows; it is answered only if that is not so
   */
  public record Subscribe(NodeName node, Optional<EipRoute> known) implements Command {}

  /** The node's kernel has the address behind a closed gate. */
  public record EipPrepared(NodeName node) implements Command {}

  /** The node's kernel has the connections that the holder sent, as far as it takes them. */
  public record FlowsHanded(NodeName node) implements Command {}

  /** The session has the gate open, as of this epoch. */
  public record GrantOpened(NodeSession session, Epoch epoch) implements Command {}

  /** The address is not held in this epoch, and will not be again. */
  public record Stopped(Epoch epoch, OwnershipProof proof) implements Command {}

  /** The session of the proof holds no address any more. */
  public record SessionOver(OwnershipProof proof) implements Command {}

  /** What the number space answers. */
  record NumberAnswered(NumberingEntity.Reply reply) implements Command {}

  /** The entity reminds itself of what nobody has confirmed. */
  record Repeat() implements Command {}

  /** The target of a move was waited for long enough. */
  record PreparationOver() implements Command {}

  /** Nobody has said where the address goes after the end of its session. */
  record Settle() implements Command {}

  /** The entity reminds itself to forget subscribers. */
  record Sweep() implements Command {}
}
