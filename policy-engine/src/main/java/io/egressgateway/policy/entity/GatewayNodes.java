package io.egressgateway.policy.entity;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.policy.domain.Member;
import io.egressgateway.policy.domain.NodeStanding;
import io.egressgateway.policy.plan.Eligibility;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The nodes that a gateway has an eye on, and what they have told of themselves. */
final class GatewayNodes {
  /** A node that was just selected gets a lease, if it is alive, in less. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private SortedMap<NodeName, Eligibility> eligibilities = Collections.emptySortedMap();
  private final TreeMap<NodeName, NodeStanding> standings = new TreeMap<>();
  private final TreeMap<NodeName, Long> silentSince = new TreeMap<>();
  private final TreeMap<NodeName, Long> selectedAt = new TreeMap<>();

  /**
   * These nodes are the members from now on. What was told of others is forgotten.
   *
   * @param holders nodes that still hold something
   */
  void select(
      SortedMap<NodeName, Eligibility> members, SortedSet<NodeName> holders, long nowNanos) {
    eligibilities = members;
    selectedAt.keySet().retainAll(members.keySet());
    members.keySet().forEach(node -> selectedAt.putIfAbsent(node, nowNanos));
    standings.keySet().retainAll(watched(holders));
    silentSince.keySet().retainAll(standings.keySet());
  }

  /**
   * The members as they are now.
   *
   * @param inUse whether a session has addresses
   */
  SortedMap<NodeName, Member> members(Predicate<NodeSession> inUse, long nowNanos) {
    TreeMap<NodeName, Member> members = new TreeMap<>();
    eligibilities.forEach(
        (node, eligibility) -> {
          Optional<NodeStanding> standing = Optional.ofNullable(standings.get(node));
          boolean used = standing.flatMap(NodeStanding::session).filter(inUse).isPresent();
          boolean isNew = nowNanos - selectedAt.getOrDefault(node, nowNanos) < PATIENCE.toNanos();
          Member.History history =
              used ? Member.History.IN_USE : isNew ? Member.History.NEW : Member.History.IDLE;
          members.put(node, new Member(eligibility, standing, history));
        });
    return members;
  }

  /** The members that are heard of and may be given addresses. */
  SortedSet<NodeName> good() {
    TreeSet<NodeName> good = new TreeSet<>();
    standings.forEach(
        (node, standing) -> {
          if (eligibilities.get(node) == Eligibility.ELIGIBLE && standing.usable().isPresent()) {
            good.add(node);
          }
        });
    return good;
  }

  /** The members, and others that hold something still. */
  SortedSet<NodeName> watched(SortedSet<NodeName> holders) {
    TreeSet<NodeName> watched = new TreeSet<>(eligibilities.keySet());
    watched.addAll(holders);
    return watched;
  }

  /** Takes up what a node tells; whether it is news. */
  boolean stood(NodeName node, NodeStanding standing, long nowNanos) {
    if (standing.kind() == NodeStanding.Kind.SILENT) {
      silentSince.putIfAbsent(node, nowNanos);
    } else {
      silentSince.remove(node);
    }
    return !standing.equals(standings.put(node, standing));
  }

  /** Whether the session is over, as its node has told. */
  boolean isOver(NodeSession session) {
    return Optional.ofNullable(standings.get(session.node()))
        .filter(standing -> !standing.session().equals(Optional.of(session)))
        .isPresent();
  }

  /** Whether somebody speaks for the boot of the session, who would give back what it holds. */
  boolean isHeard(NodeSession session) {
    return Optional.ofNullable(standings.get(session.node()))
        .filter(
            standing ->
                switch (standing.kind()) {
                  case LEASED, HELD_DOWN, HOLDING, LEAVING, UPLINK_DOWN -> true;
                  case UNLEASED, SILENT -> false;
                })
        .flatMap(NodeStanding::session)
        .filter(session::isSameBootAs)
        .isPresent();
  }

  /** Whether the session's node may carry what it holds, and is not heard of. */
  boolean isSilent(NodeSession session) {
    return silentSince.containsKey(session.node());
  }

  /** Whether the session's node has no lease and holds on. */
  boolean isHolding(NodeSession session) {
    return Optional.ofNullable(standings.get(session.node()))
        .filter(standing -> standing.kind() == NodeStanding.Kind.HOLDING)
        .isPresent();
  }

  /** The nodes that have been silent for longer, and yet nobody has certified their end. */
  SortedSet<NodeName> silentFor(Duration patience, long nowNanos) {
    TreeSet<NodeName> silent = new TreeSet<>();
    silentSince.forEach(
        (node, since) -> {
          if (nowNanos - since > patience.toNanos()) {
            silent.add(node);
          }
        });
    return silent;
  }
}
