package io.egressgateway.policy.member;

import akka.actor.Address;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.cluster.ClusterEvent;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Subscribe;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;

/** Holds a line to each other member, from when it is up until it is gone. */
public final class LifeLines extends AbstractBehavior<ClusterEvent.MemberEvent> {
  private final Address self;
  private final Map<Address, LifeLine> lines = new HashMap<>();

  private LifeLines(ActorContext<ClusterEvent.MemberEvent> context) {
    super(context);
    Cluster cluster = Cluster.get(context.getSystem());
    self = cluster.selfMember().address();
    cluster
        .subscriptions()
        .tell(Subscribe.create(context.getSelf(), ClusterEvent.MemberEvent.class));
  }

  /** To be started once for each actor system that is a member. */
  public static Behavior<ClusterEvent.MemberEvent> create() {
    return Behaviors.setup(LifeLines::new);
  }

  @Override
  public Receive<ClusterEvent.MemberEvent> createReceive() {
    return newReceiveBuilder()
        .onMessage(ClusterEvent.MemberEvent.class, event -> changed(event.member()))
        .onSignal(PostStop.class, stopped -> closeAll())
        .build();
  }

  private Behavior<ClusterEvent.MemberEvent> changed(Member member) {
    if (member.status().equals(MemberStatus.up())) {
      watch(member.address());
    } else if (member.status().equals(MemberStatus.removed())) {
      unwatch(member.address());
    }
    return this;
  }

  private void watch(Address member) {
    if (member.equals(self) || member.getHost().isEmpty() || member.getPort().isEmpty()) {
      return;
    }
    InetSocketAddress peer =
        InetSocketAddress.createUnresolved(member.getHost().get(), member.getPort().get());
    Logger log = getContext().getLog();
    lines.computeIfAbsent(member, address -> LifeLine.to(peer, sign -> note(address, sign, log)));
  }

  private static void note(Address member, LifeLine.Sign sign, Logger log) {
    switch (sign) {
      case LISTENING -> EndedProcesses.forget(member);
      case ENDED -> {
        log.warn("process has ended member={}: connections are refused", member);
        EndedProcesses.note(member);
      }
    }
  }

  private void unwatch(Address member) {
    LifeLine line = lines.remove(member);
    if (line != null) {
      line.close();
      EndedProcesses.forget(member);
    }
  }

  private Behavior<ClusterEvent.MemberEvent> closeAll() {
    List.copyOf(lines.keySet()).forEach(this::unwatch);
    return this;
  }
}
