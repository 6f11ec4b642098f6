package io.egressgateway.policy.entity;

import akka.actor.typed.ActorRef;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import io.egressgateway.core.collection.CompactSet;
import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.model.WitnessLoss;
import io.egressgateway.policy.domain.AuthorityCore;
import io.egressgateway.policy.plan.Binding;
import io.egressgateway.policy.plan.EipRoute;
import io.egressgateway.policy.plan.NodeInventory;
import io.egressgateway.policy.plan.Verdict;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** One node and the session of its agent; its id is the node's name. */
public final class NodeEntity {

  /** The kind of entity, for cluster sharding. */
  public static final EntityTypeKey<Command> TYPE = EntityTypeKey.create(Command.class, "node");

  private NodeEntity() {}

  /** What a node can be told. Every command may be repeated. */
  public sealed interface Command extends ClusterMessage {}

  /** The node exists, and this is its place in the cluster. */
  public record Observe(NodeInventory inventory, ActorRef<StatusReport> reportTo)
      implements Command {}

  /**
   * The pods of the node that policies select, all of them each time. Nothing is offered to the
   * node's agent before this has come once.
   */
  public record Endpoints(SortedMap<IpAddress, SortedSet<PolicyKey>> policiesByPod)
      implements Command {
    public Endpoints {
      TreeMap<IpAddress, SortedSet<PolicyKey>> copy = new TreeMap<>();
      policiesByPod.forEach((pod, policies) -> copy.put(pod, CompactSet.copyOf(policies)));
      policiesByPod = Collections.unmodifiableSortedMap(copy);
    }
  }

  /**
   * The node object does not exist. Answered with {@link StatusReport.NodeGone}. It is no proof
   * that the machine is off: what the node holds it holds until it gives it back, or its lease is
   * over.
   */
  public record Remove(ActorRef<StatusReport> reportTo) implements Command {}

  /** A policy's answer to {@link PolicyEntity.Subscribe}; empty if it does nothing. */
  public record PolicyBound(PolicyKey policy, Optional<Binding> binding) implements Command {}

  /** An egress IP's answer to {@link EipEntity.Subscribe}. */
  public record EipRouted(IpAddress address, EipRoute route) implements Command {}

  /**
   * The gateway wants to know how the node stands, now and whenever it changes. To be repeated: who
   * does not is forgotten. A node that is watched keeps a lease.
   *
   * @param relief what would become of the gateway's egress IPs there if the node were dismissed
   */
  public record Watch(GatewayName gateway, Relief relief) implements Command {
    public Watch {
      // A controller of an earlier version does not say.
      relief = Objects.requireNonNullElse(relief, Relief.NONE);
    }
  }

  /** Whether a gateway could do without a node. */
  public enum Relief {
    /** Another node of it is heard of and could take what this one holds, if it holds anything. */
    READY,
    /** No other node could. */
    NONE
  }

  /**
   * The node's kernel should have the address, behind a closed gate, because it may soon be
   * granted. Answered with {@link EipEntity.EipPrepared}; forgotten after a while.
   */
  public record PrepareEip(IpAddress address, EipNumber number) implements Command {}

  /** What concerns connections on their way from one node to another. */
  public sealed interface FlowCommand extends Command {}

  /**
   * The address is about to move from this node: its connections are to be sent ahead. Answered
   * with {@link EipEntity.FlowsHanded} by the receiver.
   */
  public record HandOverFlows(FlowParcel.Eip eip, NodeName receiver) implements FlowCommand {}

  /** The agent has sent a part of the connections that were asked for. */
  public record FlowsFound(NodeName receiver, FlowParcel parcel) implements FlowCommand {}

  /** Connections of an address that this node is about to hold have come. */
  public record FlowsArrived(NodeName sender, FlowParcel parcel) implements FlowCommand {}

  /** The agent's kernel has the connections of the address that were sent. */
  public record FlowsInstalled(IpAddress address, int installed, int refused)
      implements FlowCommand {}

  /**
   * Other nodes are to be told of the connections of what this node holds for the gateway, all the
   * time. To be repeated: who does not is forgotten.
   *
   * @param standbys the node that is to be told of each address's
   */
  public record ReplicateFlows(GatewayName gateway, SortedMap<IpAddress, NodeName> standbys)
      implements FlowCommand {
    public ReplicateFlows {
      standbys = Collections.unmodifiableSortedMap(new TreeMap<>(standbys));
    }
  }

  /** The agent tells another node what is new of the connections of an address that it holds. */
  public record ReplicaFound(NodeName receiver, FlowReplica part) implements FlowCommand {}

  /** Another node tells what is new of the connections of an address that it holds. */
  public record ReplicaArrived(NodeName sender, FlowReplica part) implements FlowCommand {}

  /** A question about what becomes of a pod's packets. It changes nothing. */
  public sealed interface TraceCommand extends Command {}

  /** What becomes of the pod's new connections to the destination. */
  public record Trace(IpAddress pod, IpAddress destination, ActorRef<Traced> replyTo)
      implements TraceCommand {}

  /** The node's agent is to read its kernel. Nobody answers if the agent does not. */
  public record AskKernel(KernelQuestion question, ActorRef<KernelAnswer> replyTo)
      implements TraceCommand {}

  /** The agent has answered. */
  public record KernelAnswered(long id, KernelAnswer answer) implements TraceCommand {}

  /**
   * The answer to {@link Trace}.
   *
   * @param verdict by what the node has been told; absent until it has been told enough to plan
   * @param newest the plan that was made last; zero if none was since the entity started
   * @param applied the plan that the agent's kernel has, as far as it has said; absent if no agent
   *     is connected
   */
  public record Traced(Optional<Verdict> verdict, Revision newest, Optional<Revision> applied)
      implements ClusterMessage {}

  /**
   * The session shall hold the address. Answered once its gate is open, or when it is known that it
   * never will be.
   */
  public record GrantEip(
      IpAddress address, EipNumber number, Epoch epoch, NodeSession session, WitnessLoss onLoss)
      implements Command {
    public GrantEip {
      // A controller of an earlier version does not say.
      onLoss = Objects.requireNonNullElse(onLoss, WitnessLoss.CLOSE);
    }

    /** Of an address that ends with the session's lease. */
    public GrantEip(IpAddress address, EipNumber number, Epoch epoch, NodeSession session) {
      this(address, number, epoch, session, WitnessLoss.CLOSE);
    }
  }

  /** The session shall stop holding the address. Answered once its gate is closed. */
  public record WithdrawEip(IpAddress address, Epoch epoch, NodeSession session, WitnessLoss onLoss)
      implements Command {
    public WithdrawEip {
      onLoss = Objects.requireNonNullElse(onLoss, WitnessLoss.CLOSE);
    }

    /** Of an address that ends with the session's lease. */
    public WithdrawEip(IpAddress address, Epoch epoch, NodeSession session) {
      this(address, epoch, session, WitnessLoss.CLOSE);
    }
  }

  /** The agent says how its session is; with each renewal, and on each change. */
  public record Beat(ActorRef<AgentOffer> agent, NodeSession session, Standing standing)
      implements Command {}

  /** The session has the gate of the address open. */
  public record EipOpened(NodeSession session, IpAddress address, Epoch epoch) implements Command {}

  /** The session has the gate of the address closed, and never opens it in that epoch again. */
  public record EipReleased(NodeSession session, IpAddress address, Epoch epoch)
      implements Command {}

  /** A foreign machine answers for the address on the node's network. */
  public record ConflictFound(IpAddress address, MacAddress mac) implements Command {}

  /**
   * The node's agent has a session. The session repeats it, with the newest revision that the agent
   * has acknowledged, so that a node that moved to another controller finds its agent again.
   */
  public record Attach(AgentHello hello, ActorRef<AgentOffer> session) implements Command {}

  /** The session has ended. */
  public record Detach(ActorRef<AgentOffer> session) implements Command {}

  /** The agent's kernel has this revision for certain. */
  public record PlanApplied(ActorRef<AgentOffer> session, Revision revision) implements Command {}

  /** The agent could not bring its kernel to this revision. */
  public record PlanFailed(ActorRef<AgentOffer> session, Revision revision, List<AgentFault> faults)
      implements Command {
    public PlanFailed {
      faults = List.copyOf(faults);
    }
  }

  /** What the agent found out about its node. */
  public record FactsFound(AgentFacts facts) implements Command {}

  /** A witness votes that the session is over. */
  record Voted(NodeSession session, long round, int witness) implements Command {}

  /** A witness cannot vote yet; see {@link AuthorityCore.Event.Held}. */
  record VoteHeld(NodeSession session, long round, int witness, Duration remaining)
      implements Command {}

  /** The authority over the node's lease asked to be woken. */
  record Wake() implements Command {}

  /** The agent had time enough to speak: the gateways are told how the node stands. */
  record Speak() implements Command {}

  /** The entity reminds itself to decide on what has gathered. */
  record Settle() implements Command {}

  /**
   * An operator vouches that the machine is off and stays off. Answered once it is journalled.
   *
   * @param by who says so
   * @param reason what was done to be sure
   * @param order name of the order, unique; part of what is journalled
   */
  public record AssertFence(
      String by, String reason, String order, ActorRef<GatewayEntity.OrderReply> replyTo)
      implements Command {}

  /** The entity reminds itself of grants and releases that the agent has not confirmed. */
  record Insist() implements Command {}

  /** The entity reminds itself of what nobody has answered. */
  record Repeat() implements Command {}

  /** The entity reminds itself to renew its subscriptions. */
  record Renew() implements Command {}

  /** The entity reminds itself to make a plan of what has changed. */
  record Replan() implements Command {}

  /** The entity reminds itself to offer the plan again that its agent failed at. */
  record Reoffer() implements Command {}

  /** What has not been answered by now is not waited for any longer. */
  record PatienceOver() implements Command {}

  /** The agent has been silent for the grace period. */
  record GraceOver() implements Command {}

  /** Answered once everything that came before it has been taken; see {@link Sluice}. */
  record Mark(ActorRef<Sluice.Passed> answerTo, long mark) implements Command {}
}
