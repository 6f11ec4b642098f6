package io.egressgateway.load.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Which kernels have which gates open, and the overlaps there were (I1). */
final class Holds {
  private static final long CLOSED = Long.MIN_VALUE;

  /** A gate opened. */
  record Opening(int eip, int node, long atNanos) {}

  private final Agenda agenda;
  private final long[][] since;
  private final List<Violation> overlaps = new ArrayList<>();
  private final List<Opening> openings = new ArrayList<>();
  private long heldNanos;

  Holds(Agenda agenda, int eips, int nodes) {
    this.agenda = agenda;
    this.since = new long[eips][nodes];
    for (long[] row : since) {
      java.util.Arrays.fill(row, CLOSED);
    }
  }

  void opened(int eip, int node) {
    if (since[eip][node] == CLOSED) {
      since[eip][node] = agenda.now();
      openings.add(new Opening(eip, node, agenda.now()));
    }
  }

  void closed(int eip, int node) {
    long from = since[eip][node];
    if (from == CLOSED) {
      return;
    }
    since[eip][node] = CLOSED;
    heldNanos += agenda.now() - from;
    for (int other = 0; other < since[eip].length; other++) {
      long theirs = since[eip][other];
      if (theirs != CLOSED && Math.max(from, theirs) < agenda.now()) {
        long begin = Math.max(from, theirs);
        overlaps.add(
            new Violation(
                Invariant.I1,
                begin,
                agenda.now() - begin,
                "egress IP " + eip + " at nodes " + node + " and " + other));
      }
    }
  }

  boolean isOpen(int eip, int node) {
    return since[eip][node] != CLOSED;
  }

  /** A node whose gate is open. */
  Optional<Integer> holder(int eip) {
    for (int node = 0; node < since[eip].length; node++) {
      if (since[eip][node] != CLOSED) {
        return Optional.of(node);
      }
    }
    return Optional.empty();
  }

  /** When the gate first opened elsewhere after a time. */
  OptionalLong firstOpening(int eip, int notAt, long afterNanos) {
    return openings.stream()
        .filter(opening -> opening.eip() == eip && opening.node() != notAt)
        .mapToLong(Opening::atNanos)
        .filter(at -> at > afterNanos)
        .min();
  }

  void closeAll() {
    for (int eip = 0; eip < since.length; eip++) {
      for (int node = 0; node < since[eip].length; node++) {
        closed(eip, node);
      }
    }
  }

  List<Violation> overlaps() {
    return overlaps;
  }

  long heldNanos() {
    return heldNanos;
  }
}
