package io.egressgateway.policy.entity;

import akka.actor.typed.ActorRef;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessLoss;
import io.egressgateway.policy.domain.Eip;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.NumberSpace;
import io.egressgateway.policy.domain.Tenure;
import io.egressgateway.policy.plan.EipRoute;

/** What an egress IP asks of nodes and of the number space, and what it tells gateways. */
final class EipErrands {
  private final IpAddress address;
  private final EntityDirectory entities;
  private final ActorRef<NumberingEntity.Reply> numberReplies;

  EipErrands(
      IpAddress address, EntityDirectory entities, ActorRef<NumberingEntity.Reply> numberReplies) {
    this.address = address;
    this.entities = entities;
    this.numberReplies = numberReplies;
  }

  /** Asks for what the state needs of others. */
  void pursue(Eip.State state) {
    switch (state) {
      case Eip.State.Unnumbered ignored ->
          entities
              .numbering(NumberSpace.EIP)
              .tell(new NumberingEntity.Assign(address.toString(), numberReplies));
      case Eip.State.Unowned ignored -> {}
      case Eip.State.Owned owned -> grant(owned);
      case Eip.State.Releasing releasing -> withdraw(releasing.ownership());
      case Eip.State.Moving moving -> {
        withdraw(moving.ownership());
        // A holder that does not answer for long is no reason for the next one to forget.
        prepare(moving, moving.next().session());
      }
    }
  }

  /** Tells the owner's node that the address is its own: the journal says so, or will. */
  void grant(Eip.State.Owned owned) {
    Eip.Ownership owner = owned.ownership();
    entities
        .node(owner.session().node())
        .tell(
            new NodeEntity.GrantEip(
                address, owned.number(), owner.epoch(), owner.session(), owner.onLoss()));
  }

  private void withdraw(Eip.Ownership owner) {
    entities
        .node(owner.session().node())
        .tell(new NodeEntity.WithdrawEip(address, owner.epoch(), owner.session(), owner.onLoss()));
  }

  /** The session's node should have the address ready. */
  void prepare(Eip.State state, NodeSession session) {
    Eip.number(state)
        .ifPresent(
            number ->
                entities.node(session.node()).tell(new NodeEntity.PrepareEip(address, number)));
  }

  /** The connections should be on the session's node before the address; whether there are any. */
  boolean handOver(Eip.State state, NodeSession receiver) {
    if (!(state instanceof Eip.State.Owned owned)
        || owned.ownership().session().node().equals(receiver.node())) {
      return false;
    }
    entities
        .node(owned.ownership().session().node())
        .tell(
            new NodeEntity.HandOverFlows(
                new FlowParcel.Eip(address, owned.number()), receiver.node()));
    return true;
  }

  /** Tells the nodes that send packets with the address where it is. */
  void announce(Eip.State state, Subscriptions<EipRoute> subscriptions) {
    Eip.number(state)
        .map(
            number ->
                new EipRoute(
                    number,
                    Eip.ownership(state).map(owner -> owner.session().node()),
                    Eip.epoch(state)))
        .ifPresent(
            route ->
                subscriptions.announce(
                    route,
                    (node, told) ->
                        entities.node(node).tell(new NodeEntity.EipRouted(address, told))));
  }

  /** Tells the gateway who holds the address. */
  void tell(GatewayName gateway, Holding holding, Eip.State state) {
    entities
        .gateway(gateway)
        .tell(
            new GatewayEntity.OwnerChanged(
                address,
                new Tenure(
                    holding,
                    Eip.ownership(state).map(Eip.Ownership::session),
                    Eip.epoch(state),
                    Eip.ownership(state).map(Eip.Ownership::onLoss).orElse(WitnessLoss.CLOSE))));
  }
}
