package io.egressgateway.policy.domain;

import io.egressgateway.core.collection.PersistentMap;
import io.egressgateway.core.event.NumberingEvent;
import io.egressgateway.core.event.NumberingEvent.NumberAssigned;
import io.egressgateway.core.event.NumberingEvent.NumberFreed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Gives every name of a space its own number. A freed number is given again as late as possible:
 * whatever still knows it by the old name shall have had time to forget.
 */
public final class Numbering {
  private Numbering() {}

  /**
   * Who has which number.
   *
   * @param space the range of numbers
   * @param numbers number of each name; no two names have the same
   * @param names the same by number
   * @param lastGiven the number that was given last, 0 before the first
   */
  public record State(
      NumberSpace space,
      SortedMap<String, Integer> numbers,
      SortedMap<Integer, String> names,
      int lastGiven) {
    public State {
      numbers = PersistentMap.copyOf(numbers);
      names = PersistentMap.copyOf(names);
    }

    /** No name has a number. */
    public static State empty(NumberSpace space) {
      return new State(space, PersistentMap.empty(), PersistentMap.empty(), 0);
    }

    /** The number of a name that has one. */
    public Optional<Integer> numberOf(String name) {
      return Optional.ofNullable(numbers.get(name));
    }

    private State with(String name, int number) {
      return new State(
          space,
          PersistentMap.copyOf(numbers).with(name, number),
          PersistentMap.copyOf(names).with(number, name),
          number);
    }

    private State without(String name, int number) {
      return new State(
          space,
          PersistentMap.copyOf(numbers).without(name),
          PersistentMap.copyOf(names).without(number),
          lastGiven);
    }
  }

  /** What can be asked. */
  public sealed interface Command {
    /** The name needs a number. */
    record Assign(String name) implements Command {}

    /** The name is gone for good. */
    record Free(String name) implements Command {}
  }

  /** What is answered. */
  public sealed interface Outcome {
    /** The name has this number. */
    record Given(int number) implements Outcome {}

    /** Every number belongs to another name. */
    record Full() implements Outcome {}

    /** The name has no number. */
    record Unnumbered() implements Outcome {}
  }

  /** Decides; see {@link Decision}. */
  public static Decision<NumberingEvent, Outcome> decide(
      State state, Command command, Instant now) {
    return switch (command) {
      case Command.Assign(String name) ->
          state
              .numberOf(name)
              .map(number -> Decision.<NumberingEvent, Outcome>nothing(new Outcome.Given(number)))
              .orElseGet(() -> assign(state, name, now));
      case Command.Free(String name) ->
          state
              .numberOf(name)
              .map(number -> free(name, number, now))
              .orElseGet(() -> Decision.nothing(new Outcome.Unnumbered()));
    };
  }

  private static Decision<NumberingEvent, Outcome> assign(State state, String name, Instant now) {
    return nextFree(state)
        .map(
            number ->
                new Decision<NumberingEvent, Outcome>(
                    List.of(new NumberAssigned(name, number, now)), new Outcome.Given(number)))
        .orElseGet(() -> Decision.nothing(new Outcome.Full()));
  }

  private static Decision<NumberingEvent, Outcome> free(String name, int number, Instant now) {
    return new Decision<>(List.of(new NumberFreed(name, number, now)), new Outcome.Unnumbered());
  }

  private static Optional<Integer> nextFree(State state) {
    int max = state.space().max();
    if (state.names().size() >= max) {
      return Optional.empty();
    }
    int candidate = state.lastGiven();
    do {
      candidate = candidate % max + 1;
    } while (state.names().containsKey(candidate));
    return Optional.of(candidate);
  }

  /** The state after a fact. */
  public static State evolve(State state, NumberingEvent event) {
    return switch (event) {
      case NumberAssigned assigned -> state.with(assigned.name(), assigned.number());
      case NumberFreed freed -> state.without(freed.name(), freed.number());
    };
  }

  /**
   * Decides on many names that need a number, one after the other.
   *
   * @param outcomes by name
   */
  public record Assignment(List<NumberingEvent> events, SortedMap<String, Outcome> outcomes) {
    /** Makes both immutable. */
    public Assignment {
      events = List.copyOf(events);
      outcomes = Collections.unmodifiableSortedMap(new TreeMap<>(outcomes));
    }
  }

  /** Decides {@link Command.Assign} for each of the names. */
  public static Assignment assignAll(State state, SortedSet<String> names, Instant now) {
    List<NumberingEvent> events = new ArrayList<>();
    TreeMap<String, Outcome> outcomes = new TreeMap<>();
    State next = state;
    for (String name : names) {
      Decision<NumberingEvent, Outcome> decision = decide(next, new Command.Assign(name), now);
      for (NumberingEvent event : decision.events()) {
        next = evolve(next, event);
      }
      events.addAll(decision.events());
      outcomes.put(name, decision.outcome());
    }
    return new Assignment(events, outcomes);
  }
}
