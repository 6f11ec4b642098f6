package io.egressgateway.policy.entity;

import akka.actor.typed.ActorRef;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.domain.Gateway;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.NodeStanding;
import io.egressgateway.policy.domain.SpecVersion;
import io.egressgateway.policy.domain.Tenure;
import io.egressgateway.policy.plan.Eligibility;
import io.egressgateway.policy.plan.Fitness;
import io.egressgateway.policy.plan.OrderRefusal;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** One EgressGateway; its id is its name. */
public final class GatewayEntity {

  /** The kind of entity, for cluster sharding. */
  public static final EntityTypeKey<Command> TYPE = EntityTypeKey.create(Command.class, "gateway");

  private GatewayEntity() {}

  /** What a gateway can be told. Every command may be repeated. */
  public sealed interface Command extends ClusterMessage {}

  /**
   * The object exists with this spec.
   *
   * @param members the nodes that the spec's selector matches
   * @param prospect of one that is being deleted: nothing new is given out; answered with {@link
   *     StatusReport.GatewayGone} once no policy uses it
   */
  public record Apply(
      SpecVersion version,
      EgressGatewaySpec spec,
      SortedMap<NodeName, Eligibility> members,
      ActorRef<StatusReport> reportTo,
      Gateway.Prospect prospect)
      implements Command {
    public Apply {
      members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
      // A controller of an earlier version does not say.
      prospect = Objects.requireNonNullElse(prospect, Gateway.Prospect.STAYS);
    }

    /** Of one that stays. */
    public Apply(
        SpecVersion version,
        EgressGatewaySpec spec,
        SortedMap<NodeName, Eligibility> members,
        ActorRef<StatusReport> reportTo) {
      this(version, spec, members, reportTo, Gateway.Prospect.STAYS);
    }
  }

  /**
   * The object does not exist, or is being deleted and never had a valid spec. Nothing new is given
   * out; answered with {@link StatusReport.GatewayGone} once no policy uses it.
   */
  public record Retire(ActorRef<StatusReport> reportTo) implements Command {}

  /** A policy wants addresses. Answered with what it has, or has been given, or with a refusal. */
  public record Allocate(PolicyKey policy, SpecVersion claim, EgressIpRequest request)
      implements Command {}

  /** A policy needs its addresses no more. Answered with {@link PolicyEntity.Freed}. */
  public record Free(PolicyKey policy) implements Command {}

  /** The ledger of an address tells who holds it. */
  public record OwnerChanged(IpAddress address, Tenure tenure) implements Command {}

  /** A node answers {@link NodeEntity.Watch}, now and whenever it changes. */
  public record NodeStood(NodeName node, NodeStanding standing) implements Command {}

  /** A foreign machine answers for the address on the node's network. */
  public record ConflictSeen(IpAddress address, NodeName node, MacAddress mac) implements Command {}

  /**
   * An operator wants the address on this node, once: from then on it is placed like any other. The
   * answer does not wait for the move.
   *
   * @param order id of the operator's choice; the same order is not carried out again
   */
  public record MoveEip(
      IpAddress address, NodeName node, String order, ActorRef<OrderReply> replyTo)
      implements Command {}

  /**
   * An operator wants the addresses spread evenly, once. They move a few at a time; the answer does
   * not wait for it.
   *
   * @param order id of the operator's choice; the same order is not carried out again
   */
  public record Rebalance(String order, ActorRef<OrderReply> replyTo) implements Command {}

  /** Somebody wants to know why the address is where it is. Nothing changes by it. */
  public record Explain(IpAddress address, ActorRef<Explained> replyTo) implements Command {}

  /**
   * Why an address is where it is.
   *
   * @param users the policies that have it
   * @param place where it should be
   * @param members the nodes that the gateway's selector matches
   */
  public record Explained(
      IpAddress address,
      SortedSet<PolicyKey> users,
      Place place,
      SortedMap<NodeName, Candidate> members)
      implements ClusterMessage {
    public Explained {
      users = Collections.unmodifiableSortedSet(new TreeSet<>(users));
      members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    }
  }

  /**
   * Where an address is.
   *
   * @param wanted the node that should hold it
   * @param holding who does, as its ledger tells
   * @param refuge where it would go if the session of that node ended now
   */
  public record Place(Optional<NodeName> wanted, Holding holding, Optional<NodeName> refuge) {}

  /**
   * A node that might hold addresses.
   *
   * @param lease absent as long as the node has not spoken of it
   * @param addresses of this gateway that are placed there
   */
  public record Candidate(
      Eligibility eligibility, Optional<NodeStanding.Kind> lease, Fitness fitness, int addresses) {}

  /** What is answered to an order. */
  public sealed interface OrderReply extends ClusterMessage {}

  /** The order is in the journal, and is being carried out. */
  public record OrderAccepted(String order) implements OrderReply {}

  /** The order is not carried out; the message names the remedy. */
  public record OrderDeclined(String order, OrderRefusal reason, String message)
      implements OrderReply {}

  /** The entity reminds itself of what nobody has confirmed. */
  record Repeat() implements Command {}

  /** The entity reminds itself of what policies have asked for. */
  record Settle() implements Command {}

  /** The entity reminds itself of a policy that it refused. */
  record Reconsider(PolicyKey policy) implements Command {}

  /** The entity reminds itself that the node's addresses may have to go elsewhere soon. */
  record PrepareRefuges(NodeName node) implements Command {}

  /** The entity reminds itself to watch its nodes. */
  record WatchAgain() implements Command {}

  /** The entity reminds itself to report. */
  record Report() implements Command {}

  /** Answered once everything that came before it has been taken; see {@link Sluice}. */
  record Mark(ActorRef<Sluice.Passed> answerTo, long mark) implements Command {}
}
