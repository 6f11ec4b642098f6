package io.egressgateway.policy.history;

import io.egressgateway.core.event.EipEvent;
import io.egressgateway.core.event.EipEvent.EipAssigned;
import io.egressgateway.core.event.EipEvent.EipMoveDecided;
import io.egressgateway.core.event.EipEvent.EipMoved;
import io.egressgateway.core.event.EipEvent.EipNumbered;
import io.egressgateway.core.event.EipEvent.EipReleaseRequested;
import io.egressgateway.core.event.EipEvent.EipReleased;
import io.egressgateway.core.event.GatewayEvent;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.policy.history.HistoryFact.Kind;
import io.egressgateway.policy.history.HistoryFact.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Who held an egress IP, one after the other. */
public final class EipHistory {
  private final String subject;
  private final Map<GatewayName, PlacementLog> places = new TreeMap<>();
  private final List<HistoryFact> facts = new ArrayList<>();
  private Optional<EipAssigned> holder = Optional.empty();
  private Optional<EipMoveDecided> decision = Optional.empty();

  private EipHistory(IpAddress address, Map<GatewayName, ? extends List<GatewayEvent>> gateways) {
    this.subject = NodeAddressSlot.describe(address);
    gateways.forEach((name, journal) -> places.put(name, PlacementLog.of(address, journal)));
  }

  /**
   * The facts, the oldest first.
   *
   * @param ledger the newest events of the egress IP's ledger, or all, the oldest first
   * @param gateways the journals of gateways that it belonged to, each the oldest first; what is
   *     missing leaves its facts without a reason
   */
  public static List<HistoryFact> of(
      IpAddress address,
      List<EipEvent> ledger,
      Map<GatewayName, ? extends List<GatewayEvent>> gateways) {
    EipHistory history = new EipHistory(address, gateways);
    ledger.forEach(history::add);
    return List.copyOf(history.facts);
  }

  private void add(EipEvent event) {
    switch (event) {
      case EipNumbered numbered ->
          add(event, Kind.NUMBERED, Step.none(), "number " + numbered.number() + " in the tunnel");
      case EipAssigned assigned -> assigned(assigned);
      case EipReleaseRequested requested ->
          add(
              event,
              Kind.RELEASE_REQUESTED,
              leaving(requested.epoch(), Optional.empty()),
              whyLeft(event));
      case EipMoveDecided decided -> {
        add(event, Kind.RELEASE_REQUESTED, toward(decided), whyLeft(event));
        decision = Optional.of(decided);
      }
      case EipMoved moved -> {
        moved(moved);
        decision = Optional.empty();
      }
      case EipReleased released -> {
        add(
            event,
            Kind.RELEASED,
            leaving(released.epoch(), Optional.of(released.proof())),
            whyLeft(event));
        holder = Optional.empty();
      }
    }
  }

  private Step toward(EipMoveDecided decided) {
    return new Step(
        Optional.of(decided.epoch()),
        holder.map(EipAssigned::session).map(NodeSession::node),
        Optional.of(decided.successor().node()),
        Optional.empty());
  }

  /** Who it was decided to be is not known if the page begins in between. */
  private void moved(EipMoved moved) {
    decision.ifPresentOrElse(
        decided ->
            assigned(
                new EipAssigned(
                    moved.epoch(),
                    decided.successor(),
                    decided.gateway(),
                    moved.proof(),
                    decided.onLoss(),
                    moved.at())),
        () -> add(moved, Kind.ASSIGNED, leaving(moved.epoch(), Optional.of(moved.proof())), ""));
  }

  private void assigned(EipAssigned assigned) {
    NodeName node = assigned.session().node();
    Optional<NodeName> from = assigned.proof().session().map(NodeSession::node);
    String placed =
        Optional.ofNullable(places.get(assigned.gateway()))
            .flatMap(log -> log.whyAt(node, assigned.at()))
            .orElse("");
    add(
        assigned,
        Kind.ASSIGNED,
        new Step(
            Optional.of(assigned.epoch()), from, Optional.of(node), Optional.of(assigned.proof())),
        from.equals(Optional.of(node)) ? "it is the same node's" : placed);
    holder = Optional.of(assigned);
  }

  private Step leaving(Epoch epoch, Optional<OwnershipProof> proof) {
    Optional<NodeName> from =
        proof
            .flatMap(OwnershipProof::session)
            .or(() -> holder.map(EipAssigned::session))
            .map(NodeSession::node);
    return new Step(Optional.of(epoch), from, Optional.empty(), proof);
  }

  private String whyLeft(EipEvent event) {
    return holder
        .flatMap(
            owner ->
                Optional.ofNullable(places.get(owner.gateway()))
                    .flatMap(log -> log.whyNotAt(owner.session().node(), event.at())))
        .orElse("");
  }

  private void add(EipEvent event, Kind kind, Step step, String why) {
    facts.add(new HistoryFact(event.at(), subject, kind, step, why));
  }
}
