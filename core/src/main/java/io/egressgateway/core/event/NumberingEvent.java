package io.egressgateway.core.event;

import java.time.Instant;

/** Which name has which number in one number space ("node", "eip"). */
public sealed interface NumberingEvent {
  Instant at();

  /** The number belongs to the name until it is freed; no other name has it. */
  record NumberAssigned(String name, int number, Instant at) implements NumberingEvent {}

  /** The name is gone for good. Its number is given out again as late as possible. */
  record NumberFreed(String name, int number, Instant at) implements NumberingEvent {}
}
