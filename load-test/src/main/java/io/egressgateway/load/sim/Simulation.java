package io.egressgateway.load.sim;

import io.egressgateway.core.event.EipEvent;
import io.egressgateway.policy.domain.Eip;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** One run of a scenario from one seed. */
final class Simulation {
  /** Virtual time in which things go wrong. */
  private final long troubledNanos;

  private final Scenario scenario;

  // L' of the longest lease, during which a witness may be mute, a slow commit, and L + 1 s.
  private static final long RECOVERY = 10 * Chance.SECOND;

  private static final long BEFORE_CRASH = 10 * Chance.SECOND;
  private static final long CRASH_WINDOW = 3 * Chance.SECOND;
  private static final long AFTER_CRASH = 10 * Chance.SECOND;
  private static final long CUT_OFF = 60 * Chance.SECOND;

  Simulation(Scenario scenario, long troubledNanos) {
    this.scenario = scenario;
    this.troubledNanos = troubledNanos;
  }

  /** How much virtual time one run takes. */
  long nanos() {
    return troubledNanos + RECOVERY;
  }

  /** Runs it, and tells all steps if somebody wants to know. */
  Outcome run(long seed, Optional<Consumer<String>> trace) {
    World world = new World(scenario, seed, trace);
    world.begin();
    scenario.troubles().unleash(world);
    world.agenda().runUntil(troubledNanos);
    world.heal();
    world.agenda().runUntil(troubledNanos + RECOVERY);
    checkRecovery(world);
    checkReplay(world);
    world.holds().closeAll();
    List<Violation> violations = new ArrayList<>(world.holds().overlaps());
    violations.addAll(world.audit().violations());
    return new Outcome(seed, violations, world.holds().heldNanos());
  }

  /** What a crash of the holder costs with nothing else against it: until another gate is open. */
  OptionalLong failover(long seed) {
    World world = new World(scenario, seed, Optional.empty());
    world.begin();
    long crash = BEFORE_CRASH + world.chance().between(0, CRASH_WINDOW);
    world.agenda().runUntil(crash);
    Optional<Integer> holder = world.holds().holder(0);
    holder.ifPresent(node -> world.agents().get(node).crashNode(60 * Chance.SECOND));
    world.agenda().runUntil(crash + AFTER_CRASH);
    OptionalLong opened = world.holds().firstOpening(0, holder.orElse(-1), crash);
    return opened.isPresent() ? OptionalLong.of(opened.getAsLong() - crash) : OptionalLong.empty();
  }

  /** What becomes of a holder that no authority hears any more; empty if it goes on. */
  Optional<Dismissal> dismissal(long seed) {
    World world = new World(scenario, seed, Optional.empty());
    world.begin();
    long cut = BEFORE_CRASH + world.chance().between(0, CRASH_WINDOW);
    world.agenda().runUntil(cut);
    Optional<Integer> holder = world.holds().holder(0);
    holder
        .map(world.agents()::get)
        .ifPresent(
            agent ->
                world
                    .authorities()
                    .forEach(
                        authority -> {
                          world.network().cut(agent.index, authority.index, CUT_OFF);
                          world.network().cut(authority.index, agent.index, CUT_OFF);
                        }));
    world.agenda().runUntil(cut + CUT_OFF);
    OptionalLong opened = world.holds().firstOpening(0, holder.orElse(-1), cut);
    world.holds().closeAll();
    long since = world.holds().firstOpening(0, -1, 0).orElse(0);
    long dark = world.agenda().now() - since - world.holds().heldNanos();
    return opened.isPresent()
        ? Optional.of(new Dismissal(opened.getAsLong() - cut, dark))
        : Optional.empty();
  }

  /**
   * A holder was replaced.
   *
   * @param afterNanos from its being cut off to another's open gate
   * @param darkNanos for how long no gate was open
   */
  record Dismissal(long afterNanos, long darkNanos) {}

  /** I15. */
  private static void checkRecovery(World world) {
    for (int eip = 0; eip < world.addresses().size(); eip++) {
      if (world.holds().holder(eip).isEmpty()) {
        world.audit().broken(Invariant.I15, "egress IP " + eip + " is nowhere");
      }
    }
  }

  /** I18. */
  private static void checkReplay(World world) {
    for (AuthorityProcess authority : world.authorities()) {
      for (LedgerDesk desk : authority.desks()) {
        List<EipEvent> rows = world.journal().read(desk.address());
        Eip.State state = new Eip.State.Unnumbered();
        for (EipEvent event : rows) {
          state = world.physics().succession().evolve(state, event);
        }
        if (rows.equals(desk.known()) && !state.equals(desk.state())) {
          world.audit().broken(Invariant.I18, desk.address() + " is " + desk.state());
        }
      }
    }
  }

  /**
   * What came of a run.
   *
   * @param heldNanos how long gates were open, all egress IPs together
   */
  record Outcome(long seed, List<Violation> violations, long heldNanos) {
    Outcome {
      violations = List.copyOf(violations);
    }

    boolean isOverlap() {
      return violations.stream().anyMatch(violation -> violation.invariant() == Invariant.I1);
    }
  }
}
