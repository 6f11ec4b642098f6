package io.egressgateway.load.failover;

import io.egressgateway.load.lab.Lab;

/**
 * How often agents have lost their lease, by their own account.
 *
 * @param number since the lab was started
 */
public record Lapses(long number) {
  private static final String LINE = "lease lapsed";

  /** Counts in all agents' logs. */
  public static Lapses count(Lab lab) {
    return new Lapses(
        lab.agents().stream()
            .flatMap(agent -> agent.output().lines())
            .filter(line -> line.contains(LINE))
            .count());
  }

  /** How many came after an earlier count. */
  public long since(Lapses earlier) {
    return number - earlier.number;
  }
}
