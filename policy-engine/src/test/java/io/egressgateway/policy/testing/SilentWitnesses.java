package io.egressgateway.policy.testing;

import io.egressgateway.core.link.WitnessMembership;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.policy.witness.WitnessPanel;
import java.util.List;
import java.util.function.Consumer;

/** Three witnesses that never vote. */
public final class SilentWitnesses implements WitnessPanel {
  private static final WitnessMembership MEMBERSHIP =
      WitnessMembership.of(
          List.of(
              new WitnessAddress("witness-1", 5831),
              new WitnessAddress("witness-2", 5831),
              new WitnessAddress("witness-3", 5831)));

  @Override
  public int size() {
    return MEMBERSHIP.size();
  }

  @Override
  public String membership() {
    return MEMBERSHIP.digest();
  }

  @Override
  public List<WitnessAddress> addresses() {
    return MEMBERSHIP.witnesses();
  }

  @Override
  public void askVotes(NodeSession session, long round, Consumer<Vote> onVote) {}
}
