package io.egressgateway.policy.witness;

import io.egressgateway.core.lease.Renewals;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** All witnesses, as a controller asks them. Thread-safe. */
public interface WitnessPanel {

  /** What a witness says when it is asked for its vote. */
  sealed interface Answer {
    /** The session that was asked about. */
    NodeSession session();

    /** As it was asked; answers of different rounds prove nothing together. */
    long round();

    /** Index in {@link #addresses}. */
    int witness();
  }

  /**
   * One witness's word that the session's lease is over, as far as it knows, and that it will not
   * promise to it again.
   */
  record Vote(NodeSession session, long round, int witness) implements Answer {}

  /**
   * One witness has promised to the session, and cannot vote yet.
   *
   * @param remaining from now until the promise is over, unless it is renewed
   */
  record Held(NodeSession session, long round, int witness, Duration remaining) implements Answer {}

  /** How many witnesses there are. */
  int size();

  /** Digest of the list of witnesses, which goes with every renewal and question. */
  String membership();

  /** The witnesses in order. */
  List<WitnessAddress> addresses();

  /** How many of them are connected now. Without a majority nobody's lease can be found over. */
  int reached();

  /**
   * Asks every witness that can be reached for its vote. Never blocks. To be repeated: a witness
   * whose copy of the lease still runs does not vote, and one that cannot be reached says nothing.
   *
   * @param renewals whether the session may have further promises
   * @param onAnswer called at most once for each witness, on any thread, or never
   */
  void askVotes(NodeSession session, long round, Renewals renewals, Consumer<Answer> onAnswer);
}
