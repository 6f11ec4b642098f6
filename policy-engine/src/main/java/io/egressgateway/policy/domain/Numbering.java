package io.egressgateway.policy.domain;

import io.egressgateway.core.event.NumberingEvent;
import io.egressgateway.core.event.NumberingEvent.NumberAssigned;
import io.egressgateway.core.event.NumberingEvent.NumberFreed;
import java.time.Instant;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
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
   * @param lastGiven the number that was given last, 0 before the first
   */
  public record State(NumberSpace space, SortedMap<String, Integer> numbers, int lastGiven) {
    public State {
      numbers = Collections.unmodifiableSortedMap(new TreeMap<>(numbers));
    }

    /** No name has a number. */
    public static State empty(NumberSpace space) {
      return new State(space, new TreeMap<>(), 0);
    }

    Optional<Integer> numberOf(String name) {
      return Optional.ofNullable(numbers.get(name));
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
    BitSet used = new BitSet(state.space().max() + 1);
    state.numbers().values().forEach(used::set);
    int above = used.nextClearBit(state.lastGiven() + 1);
    int candidate = above <= state.space().max() ? above : used.nextClearBit(1);
    return candidate <= state.space().max() ? Optional.of(candidate) : Optional.empty();
  }

  /** The state after a fact. */
  public static State evolve(State state, NumberingEvent event) {
    TreeMap<String, Integer> numbers = new TreeMap<>(state.numbers());
    return switch (event) {
      case NumberAssigned assigned -> {
        numbers.put(assigned.name(), assigned.number());
        yield new State(state.space(), numbers, assigned.number());
      }
      case NumberFreed freed -> {
        numbers.remove(freed.name());
        yield new State(state.space(), numbers, state.lastGiven());
      }
    };
  }
}
