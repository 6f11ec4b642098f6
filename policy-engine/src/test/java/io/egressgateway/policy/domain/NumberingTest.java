package io.egressgateway.policy.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.event.NumberingEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NumberingTest {
  private static final Instant NOW = Instant.EPOCH;
  private static final Numbering.State FULL = full();

  private static final DecisionTable<Numbering.State, Numbering.Command> TABLE =
      new DecisionTable<>(
          DecisionTable.named(
              List.of(
                  Map.entry("empty", Numbering.State.empty(NumberSpace.NODE)),
                  Map.entry("known", known()),
                  Map.entry("full", FULL))),
          DecisionTable.named(
              List.of(
                  Map.entry("assign", new Numbering.Command.Assign("name")),
                  Map.entry("free", new Numbering.Command.Free("name")))));

  @Test
  void everyCommandInEveryState() {
    TABLE.check(
        """
              | assign               | free
        empty | NumberAssigned Given | - Unnumbered
        known | - Given              | NumberFreed Unnumbered
        full  | - Full               | - Unnumbered
        """,
        (state, command) -> Numbering.decide(state, command, NOW));
  }

  @Test
  void aFreedNumberRestsUntilAllOthersHaveBeenGiven() {
    Numbering.State state = Numbering.State.empty(NumberSpace.NODE);
    state = after(state, new Numbering.Command.Assign("a"));
    state = after(state, new Numbering.Command.Assign("b"));
    state = after(state, new Numbering.Command.Free("a"));

    state = after(state, new Numbering.Command.Assign("c"));

    assertThat(state.numbers()).containsExactly(Map.entry("b", 2), Map.entry("c", 3));
  }

  @Test
  void afterTheHighestComesTheLowestThatIsFree() {
    Numbering.State last =
        new Numbering.State(
            NumberSpace.NODE,
            new TreeMap<>(Map.of("first", 1, "last", NumberSpace.NODE.max())),
            NumberSpace.NODE.max());

    assertThat(after(last, new Numbering.Command.Assign("next")).numbers())
        .containsEntry("next", 2);
  }

  private static Numbering.State known() {
    return after(Numbering.State.empty(NumberSpace.NODE), new Numbering.Command.Assign("name"));
  }

  private static Numbering.State full() {
    TreeMap<String, Integer> numbers = new TreeMap<>();
    for (int number = 1; number <= NumberSpace.NODE.max(); number++) {
      numbers.put("node-" + number, number);
    }
    return new Numbering.State(NumberSpace.NODE, numbers, NumberSpace.NODE.max());
  }

  private static Numbering.State after(Numbering.State state, Numbering.Command command) {
    Numbering.State next = state;
    for (NumberingEvent event : Numbering.decide(state, command, NOW).events()) {
      next = Numbering.evolve(next, event);
    }
    return next;
  }
}
