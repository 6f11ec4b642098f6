package io.egressgateway.load.failover;

import io.egressgateway.load.lab.Lab;

/**
 * How often agents have lost their lease, by their own account.
 *
 * @param number since the lab was started
 */
public record Lapses(long number) {
  /** An agent writes one when it is told the leases' terms, and one for each lapse. */
  private static final String WITHOUT_LEASE = "standing=UNLEASED";

  private static final String TOLD_THE_TERMS = "enlisted terms=";

  /** Counts in all agents' logs. */
  public static Lapses count(Lab lab) {
    return new Lapses(lines(lab, WITHOUT_LEASE) - lines(lab, TOLD_THE_TERMS));
  }

  private static long lines(Lab lab, String text) {
    return lab.agents().stream()
        .flatMap(agent -> agent.output().lines())
        .filter(line -> line.contains(text))
        .count();
  }

  /** How many came after an earlier count. */
  public long since(Lapses earlier) {
    return number - earlier.number;
  }
}
