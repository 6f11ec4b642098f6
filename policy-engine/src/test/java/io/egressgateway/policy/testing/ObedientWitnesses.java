package io.egressgateway.policy.testing;

import io.egressgateway.core.lease.Renewals;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.policy.witness.WitnessPanel;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Three witnesses that vote for the end of just those sessions that a test has declared dead. */
public final class ObedientWitnesses implements WitnessPanel {
  private static final int COUNT = 3;

  private final Set<NodeSession> dead = ConcurrentHashMap.newKeySet();
  private final Set<NodeSession> denied = ConcurrentHashMap.newKeySet();

  /** The lease of the session is over. */
  public void declareDead(NodeSession session) {
    dead.add(session);
  }

  /** The sessions whose renewals are to be refused. */
  public Set<NodeSession> denied() {
    return Collections.unmodifiableSet(denied);
  }

  /** As witnesses that have started anew. */
  public void forgetDenials() {
    denied.clear();
  }

  @Override
  public int size() {
    return COUNT;
  }

  @Override
  public String membership() {
    return "three";
  }

  @Override
  public List<WitnessAddress> addresses() {
    return List.of(
        new WitnessAddress("127.0.0.1", 1),
        new WitnessAddress("127.0.0.1", 2),
        new WitnessAddress("127.0.0.1", 3));
  }

  @Override
  public int reached() {
    return size();
  }

  @Override
  public void askVotes(
      NodeSession session, long round, Renewals renewals, Consumer<Answer> onAnswer) {
    if (renewals == Renewals.DENIED) {
      denied.add(session);
    }
    if (dead.contains(session)) {
      for (int witness = 0; witness < COUNT; witness++) {
        onAnswer.accept(new Vote(session, round, witness));
      }
    }
  }
}
