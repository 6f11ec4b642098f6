package io.egressgateway.policy.entity;

import java.util.List;

/** An agent's answer to a {@link KernelQuestion}. */
public sealed interface KernelAnswer extends ClusterMessage {

  /** What was read, in the order in which a packet meets it. */
  record Read(List<Fact> facts) implements KernelAnswer {
    public Read {
      facts = List.copyOf(facts);
    }
  }

  /** Nothing was read; the reason is for people. */
  record Refused(String reason) implements KernelAnswer {}

  /**
   * Something as it should be, and as it is.
   *
   * @param subject what it is
   */
  record Fact(String subject, String planned, String found, Agreement agreement) {}

  /** Whether what is there is what should be. */
  enum Agreement {
    AS_PLANNED,
    DIFFERS
  }
}
