package io.egressgateway.policy.witness;

import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessAddress;
import java.util.List;
import java.util.function.Consumer;

/** All witnesses, as a controller asks them. Thread-safe. */
public interface WitnessPanel {

  /**
   * One witness's word that the session's lease is over, as far as it knows, and that it will not
   * promise to it again.
   *
   * @param round as it was asked; votes of different rounds prove nothing together
   * @param witness index in {@link #addresses}
   */
  record Vote(NodeSession session, long round, int witness) {}

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
   * whose copy of the lease still runs says nothing, nor does one that cannot be reached.
   *
   * @param onVote called once for each vote, on any thread, or never
   */
  void askVotes(NodeSession session, long round, Consumer<Vote> onVote);
}
