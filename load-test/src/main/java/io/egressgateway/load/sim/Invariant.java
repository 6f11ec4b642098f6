package io.egressgateway.load.sim;

/**
 * What must hold in every run. Judged from what kernels let out, what witnesses answered and what
 * the journal holds, never from what a core believes.
 *
 * <p>Of the list in {@code docs/ownership.md}, these are not judged here: I7 (marks of an
 * incarnation are inside the agent's core; its property tests do), I11, I12, I14 and I17 (packets,
 * allocation and kernel reconciliation are not simulated; the lab's tests do), and I13 (an egress
 * IP's ledger moves all its policies by being one).
 */
enum Invariant {
  I1("two nodes had the gate of one egress IP open"),
  I2("a gate was open without promises of a majority for that time"),
  I3("a gate of a session was open after its certificate"),
  I4("epochs of an egress IP did not grow by one"),
  I5("a grant was sent that the journal does not bear out"),
  I6("a gate was open for a grant that the journal does not bear out"),
  I8("an incarnation came back"),
  I9("a mute witness spoke"),
  I10("a gate was open after the deadline of its lease"),
  I15("an egress IP was held by nobody long after the last fault"),
  I16("a move in the journal had no proof, or a false one"),
  I18("replaying the journal gave another state");

  private final String meaning;

  Invariant(String meaning) {
    this.meaning = meaning;
  }

  String meaning() {
    return meaning;
  }
}
