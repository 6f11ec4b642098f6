package io.egressgateway.load.sim;

import java.util.ArrayList;
import java.util.List;

/** Which troubles there are, each as often as it is likely, and how close they follow. */
record Troubles(List<Trouble> kinds, long pauseMaxNanos) {
  private static final long PAUSE_MIN = 200 * Chance.MILLI;

  Troubles {
    kinds = List.copyOf(kinds);
  }

  static Troubles none() {
    return new Troubles(List.of(), 0);
  }

  /** Every kind, one about every 1.7 seconds. */
  static Troubles all() {
    return new Troubles(List.of(Trouble.values()), 3_200 * Chance.MILLI);
  }

  /** These as often again, ten times; closer to each other. */
  static Troubles mostly(Trouble... kinds) {
    List<Trouble> all = new ArrayList<>(List.of(Trouble.values()));
    for (int time = 0; time < 10; time++) {
      all.addAll(List.of(kinds));
    }
    return new Troubles(all, 1_600 * Chance.MILLI);
  }

  boolean isEmpty() {
    return kinds.isEmpty();
  }

  /** Lets one after the other happen for as long as the world is hostile. */
  void unleash(World world) {
    if (isEmpty()) {
      return;
    }
    world
        .agenda()
        .after(
            world.chance().between(PAUSE_MIN, pauseMaxNanos),
            () -> {
              if (world.isHostile()) {
                happen(world);
                unleash(world);
              }
            });
  }

  private void happen(World world) {
    Chance chance = world.chance();
    Trouble kind = chance.any(kinds);
    AgentProcess agent = chance.any(world.agents());
    WitnessProcess witness = chance.any(world.witnesses());
    AuthorityProcess authority = chance.any(world.authorities());
    long length = chance.outage();
    world.trace(
        "TROUBLE {}: {}, {}, {} for {} ms",
        kind,
        agent.name,
        witness.name,
        authority.name,
        length / Chance.MILLI);
    switch (kind) {
      case NODE_CRASH -> agent.crashNode(500 * Chance.MILLI + length);
      case AGENT_CRASH -> agent.crash(100 * Chance.MILLI + length);
      case AGENT_STOP -> agent.stop(length);
      case AGENT_LEAVES -> agent.leave(10 * Chance.SECOND);
      case UPLINK_LOST -> {
        agent.uplink(true);
        world.agenda().after(length, () -> agent.uplink(false));
      }
      case WITNESS_CRASH -> witness.crash(50 * Chance.MILLI + length);
      case WITNESS_STOP -> witness.stop(length);
      case AUTHORITY_CRASH -> authority.crash(100 * Chance.MILLI + length);
      case AUTHORITY_STOP -> authority.stop(length);
      case AUTHORITY_TWICE -> twice(world, length);
      case NODE_CUT_OFF -> world.network().isolate(agent.index, length);
      case WITNESS_CUT_OFF -> world.network().isolate(witness.index, length);
      case AUTHORITY_CUT_OFF -> world.network().isolate(authority.index, length);
      case AGENT_UNHEARD_BY_WITNESS -> world.network().cut(agent.index, witness.index, length);
      case WITNESS_UNHEARD_BY_AGENT -> world.network().cut(witness.index, agent.index, length);
      case AGENT_UNHEARD_BY_AUTHORITIES ->
          world
              .authorities()
              .forEach(other -> world.network().cut(agent.index, other.index, length));
      case AUTHORITY_UNHEARD_BY_AGENT -> world.network().cut(authority.index, agent.index, length);
      case AUTHORITY_FROM_WITNESS -> {
        world.network().cut(authority.index, witness.index, length);
        world.network().cut(witness.index, authority.index, length);
      }
      case AUTHORITY_FROM_JOURNAL ->
          world.network().cut(authority.index, world.journalIndex(), length);
      case JOURNAL_DOWN -> world.journal().fail(length / 2);
      case MOVE ->
          world.authorities().forEach(each -> each.move(chance.any(world.addresses()), agent));
    }
  }

  /** A shard that moved, or one that two controllers believe to have. */
  private static void twice(World world, long length) {
    AuthorityProcess one = world.authorities().getFirst();
    AuthorityProcess other = world.authorities().getLast();
    if (world.chance().oneIn(3)) {
      boolean firstWins = world.chance().oneIn(2);
      one.activate(true);
      other.activate(true);
      world
          .agenda()
          .after(
              length,
              () -> {
                one.activate(firstWins);
                other.activate(!firstWins);
              });
    } else {
      boolean first = world.chance().oneIn(2);
      one.activate(first);
      other.activate(!first);
    }
  }
}
