package io.egressgateway.policy.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * Checks every cell of command × state. The first line of a table names the commands, the first
 * column the states; a cell reads {@code Event+Event OUTCOME} or {@code - OUTCOME}.
 *
 * @param <S> state
 * @param <C> command
 */
record DecisionTable<S, C>(Map<String, S> states, Map<String, C> commands) {

  static <T> Map<String, T> named(List<Map.Entry<String, ? extends T>> entries) {
    Map<String, T> named = new LinkedHashMap<>();
    entries.forEach(entry -> named.put(entry.getKey(), entry.getValue()));
    return named;
  }

  <E, O> void check(String table, BiFunction<S, C, Decision<E, O>> decide) {
    assertThat(render(decide)).isEqualTo(normalized(table));
  }

  private <E, O> String render(BiFunction<S, C, Decision<E, O>> decide) {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of(""));
    head.addAll(commands.keySet());
    rows.add(head);
    states.forEach(
        (name, state) -> {
          List<String> row = new ArrayList<>(List.of(name));
          commands.values().forEach(command -> row.add(cell(decide.apply(state, command))));
          rows.add(row);
        });
    return rows.stream().map(DecisionTable::line).collect(Collectors.joining("\n"));
  }

  private static <E, O> String cell(Decision<E, O> decision) {
    String events =
        decision.events().isEmpty()
            ? "-"
            : decision.events().stream()
                .map(event -> event.getClass().getSimpleName())
                .collect(Collectors.joining("+"));
    return events + " " + outcome(decision.outcome());
  }

  private static String outcome(Object outcome) {
    return outcome instanceof Enum<?> constant
        ? constant.name()
        : outcome.getClass().getSimpleName();
  }

  private static String normalized(String table) {
    return table
        .lines()
        .filter(line -> !line.isBlank())
        .map(line -> line(Arrays.stream(line.split("\\|", -1)).map(String::strip).toList()))
        .collect(Collectors.joining("\n"));
  }

  private static String line(List<String> cells) {
    return String.join(" | ", cells);
  }
}
