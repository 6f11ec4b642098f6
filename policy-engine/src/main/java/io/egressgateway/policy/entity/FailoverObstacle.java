package io.egressgateway.policy.entity;

/**
 * What keeps a controller from moving the egress IPs of a node that dies. In the order in which
 * they matter: what is first is the cause to look for first.
 */
public enum FailoverObstacle {
  JOURNAL_UNAVAILABLE(
      "JournalUnavailable",
      "the journal's database does not answer: egress IPs stay where they are, those of a node that"
          + " dies too, and policies get none; check that the database runs and can be reached"),
  JOURNAL_READ_ONLY(
      "JournalReadOnly",
      "the journal's database refuses writes, as a standby does: egress IPs stay where they are,"
          + " those of a node that dies too, and policies get none; promote the database, or name"
          + " the primary in the database's URL"),
  JOURNAL_FULL(
      "JournalFull",
      "the disk of the journal's database is full: egress IPs stay where they are, those of a node"
          + " that dies too, and policies get none; make room on it"),
  JOURNAL_SLOW(
      "JournalSlow",
      "a write to the journal takes more than a second: a failover takes as much longer, or fails;"
          + " look at the database's disk, its replicas and the network to it"),
  WITNESSES_UNREACHABLE(
      "WitnessesUnreachable",
      "no majority of the witnesses is reached: egress IPs of a node that dies stay where they are,"
          + " planned moves go on; check that the witnesses run and that the controllers' list of"
          + " them is theirs");

  /** The type of the condition that says so. */
  public static final String CONDITION = "FailoverBlocked";

  private final String reason;
  private final String message;

  FailoverObstacle(String reason, String message) {
    this.reason = reason;
    this.message = message;
  }

  /** One word in CamelCase. */
  public String reason() {
    return reason;
  }

  /** For people: what follows and what to do. */
  public String message() {
    return message;
  }
}
