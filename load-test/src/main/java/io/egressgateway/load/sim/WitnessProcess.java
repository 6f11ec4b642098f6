package io.egressgateway.load.sim;

import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.core.lease.WitnessCore;
import io.egressgateway.core.lease.WitnessCore.Effect;
import io.egressgateway.core.lease.WitnessCore.Event;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.policy.domain.AuthorityCore;
import java.time.Duration;
import java.util.function.Consumer;

/** One witness: the product's core behind a network. */
final class WitnessProcess extends SimProcess {
  private static final long PULL_INTERVAL = 300 * Chance.MILLI;

  final int number;
  private WitnessCore core;
  private long startedAt;

  WitnessProcess(World world, int index, int number) {
    super(world, index, "witness " + number);
    this.number = number;
    this.core = new WitnessCore(world.rules(), localNow());
  }

  @Override
  void start() {
    startedAt = localNow();
    core = new WitnessCore(world.rules(), startedAt);
    pull();
  }

  /** R3: asks the others what they buried, until it may speak itself. */
  private void pull() {
    for (WitnessProcess peer : world.witnesses()) {
      if (peer != this) {
        world.network().send(this, peer, () -> peer.pulled(this));
      }
    }
    if (localNow() < core.muteUntilNanos()) {
      after(clock.trueSpan(PULL_INTERVAL), this::pull);
    }
  }

  private void pulled(WitnessProcess by) {
    for (Effect effect : core.on(new Event.Pull(), localNow())) {
      if (effect instanceof Effect.TombstoneList(var sessions)) {
        world
            .network()
            .send(this, by, () -> by.core.on(new Event.Tombstones(sessions), by.localNow()));
      }
    }
  }

  /** An agent asks. */
  void renew(AgentProcess agent, Event.Renew request, long sentAt) {
    for (Effect effect : core.on(request, localNow())) {
      switch (effect) {
        case Effect.Promise(NodeSession session, long sequence) -> {
          spoke("promise");
          world.audit().promised(number, session, sentAt);
          world
              .network()
              .send(this, agent, () -> agent.promised(number, session.incarnation(), sequence));
        }
        case Effect.Nack(NodeSession session) ->
            world.network().send(this, agent, () -> agent.nacked(number, session.incarnation()));
        case Effect.Refused refused -> world.trace("{} refuses: {}", name, refused.reason());
        case Effect.Vote ignored -> {}
        case Effect.Held ignored -> {}
        case Effect.Mute ignored -> {}
        case Effect.TombstoneList ignored -> {}
      }
    }
  }

  /** An authority asks. */
  void revoke(
      AuthorityProcess authority, Event.Revoke request, Consumer<AuthorityCore.Event> answer) {
    NodeSession session = request.session();
    long round = request.round();
    for (Effect effect : core.on(request, localNow())) {
      switch (effect) {
        case Effect.Vote ignored -> {
          spoke("vote");
          world.trace("{} votes {} dead in round {} of {}", name, session, round, authority.name);
          world.audit().voted(number, new Audit.Ballot(authority.index, session, round));
          AuthorityCore.Event vote = new AuthorityCore.Event.Voted(session, round, number);
          world.network().send(this, authority, () -> answer.accept(vote));
        }
        case Effect.Held(var ignored, long same, Duration remaining) -> {
          AuthorityCore.Event held = new AuthorityCore.Event.Held(session, same, number, remaining);
          world.network().send(this, authority, () -> answer.accept(held));
        }
        case Effect.Mute ignored -> {}
        case Effect.Refused refused -> world.trace("{} refuses: {}", name, refused.reason());
        case Effect.Promise ignored -> {}
        case Effect.Nack ignored -> {}
        case Effect.TombstoneList ignored -> {}
      }
    }
  }

  private void spoke(String what) {
    long silence = LeaseTerms.LEASE_MAX.toNanos();
    if (localNow() - startedAt < silence) {
      world.audit().broken(Invariant.I9, name + " gave a " + what + " right after its start");
    }
  }
}
