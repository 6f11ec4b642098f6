package io.egressgateway.policy.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.event.NumberingEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
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
        state(Map.of("first", 1, "last", NumberSpace.NODE.max()), NumberSpace.NODE.max());

    assertThat(after(last, new Numbering.Command.Assign("next")).numbers())
        .containsEntry("next", 2);
  }

  private static Numbering.State known() {
    return after(Numbering.State.empty(NumberSpace.NODE), new Numbering.Command.Assign("name"));
  }

  private static Numbering.State full() {
    Map<String, Integer> numbers = new TreeMap<>();
    for (int number = 1; number <= NumberSpace.NODE.max(); number++) {
      numbers.put("node-" + number, number);
    }
    return state(numbers, NumberSpace.NODE.max());
  }

  private static Numbering.State state(Map<String, Integer> numbers, int lastGiven) {
    TreeMap<Integer, String> names = new TreeMap<>();
    numbers.forEach((name, number) -> names.put(number, name));
    return new Numbering.State(NumberSpace.NODE, new TreeMap<>(numbers), names, lastGiven);
  }

  @Test
  void manyNamesAreNumberedTogetherAsTheyWouldBeOneByOne() {
    Numbering.State one = known();
    TreeSet<String> names = new TreeSet<>(List.of("a", "b", "name", "z"));

    Numbering.Assignment together = Numbering.assignAll(one, names, NOW);

    Numbering.State oneByOne = one;
    for (String name : names) {
      oneByOne = after(oneByOne, new Numbering.Command.Assign(name));
    }
    Numbering.State all = one;
    for (NumberingEvent event : together.events()) {
      all = Numbering.evolve(all, event);
    }
    assertThat(all).isEqualTo(oneByOne);
    assertThat(together.events()).hasSize(3);
    assertThat(together.outcomes())
        .containsEntry("name", new Numbering.Outcome.Given(1))
        .containsEntry("z", new Numbering.Outcome.Given(4))
        .containsOnlyKeys(names);
  }

  private static Numbering.State after(Numbering.State state, Numbering.Command command) {
    Numbering.State next = state;
    for (NumberingEvent event : Numbering.decide(state, command, NOW).events()) {
      next = Numbering.evolve(next, event);
    }
    return next;
  }
}
