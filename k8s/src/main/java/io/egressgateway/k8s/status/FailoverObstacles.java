package io.egressgateway.k8s.status;

import io.egressgateway.policy.entity.Condition;
import io.egressgateway.policy.entity.FailoverObstacle;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What keeps which controller from failing over. The entities of one gateway, its nodes and its
 * addresses are on any of them, so what ails one controller concerns every gateway. Not
 * thread-safe.
 */
final class FailoverObstacles {
  private final SortedMap<String, SortedSet<FailoverObstacle>> byController = new TreeMap<>();

  /** A controller tells; whether there is something else to say now. */
  boolean told(String controller, SortedSet<FailoverObstacle> obstacles) {
    Optional<Condition> before = condition();
    if (obstacles.isEmpty()) {
      byController.remove(controller);
    } else {
      byController.put(controller, obstacles);
    }
    return !before.equals(condition());
  }

  /** For every gateway, if anything is in the way: the first in the order of what matters. */
  Optional<Condition> condition() {
    Map<FailoverObstacle, SortedSet<String>> concerned = new EnumMap<>(FailoverObstacle.class);
    byController.forEach(
        (controller, obstacles) ->
            obstacles.forEach(
                obstacle ->
                    concerned.computeIfAbsent(obstacle, added -> new TreeSet<>()).add(controller)));
    return concerned.keySet().stream()
        .findFirst()
        .map(
            first ->
                new Condition(
                    FailoverObstacle.CONDITION,
                    Condition.Status.TRUE,
                    first.reason(),
                    concerned.entrySet().stream()
                        .map(FailoverObstacles::sentence)
                        .collect(Collectors.joining("; "))));
  }

  private static String sentence(Map.Entry<FailoverObstacle, SortedSet<String>> obstacle) {
    return "at controller %s: %s"
        .formatted(String.join(", ", obstacle.getValue()), obstacle.getKey().message());
  }

  /** What a gateway's conditions are with it: its own word on failovers is a consequence. */
  SortedSet<Condition> over(SortedSet<Condition> conditions) {
    Optional<Condition> obstacle = condition();
    if (obstacle.isEmpty()) {
      return conditions;
    }
    TreeSet<Condition> all = new TreeSet<>(conditions);
    all.removeIf(condition -> condition.type().equals(FailoverObstacle.CONDITION));
    all.add(obstacle.get());
    return all;
  }
}
