package io.egressgateway.policy.witness;

import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.core.lease.Renewals;
import io.egressgateway.core.link.WitnessMembership;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.core.tls.TlsFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Asks the witnesses over gRPC with mutual TLS. A connection is kept to each, and one that is
 * refused or breaks is tried again within half a renewal interval.
 */
public final class RemoteWitnessPanel implements WitnessPanel, AutoCloseable {
  private final WitnessMembership membership;
  private final String digest;
  private final WitnessChannels channels;
  private final List<WitnessSeat> seats;

  private RemoteWitnessPanel(
      WitnessMembership membership, TlsFiles tls, WitnessSeat.Patience patience) {
    this.membership = membership;
    this.digest = membership.digest();
    this.channels = new WitnessChannels(tls, "witness-panel");
    List<WitnessSeat> each = new ArrayList<>();
    for (WitnessAddress witness : membership.witnesses()) {
      each.add(new WitnessSeat(each.size(), witness, digest, channels, patience));
    }
    this.seats = List.copyOf(each);
  }

  /**
   * Starts to connect.
   *
   * @param tls of a controller; read again for each connection
   */
  public static RemoteWitnessPanel connect(
      WitnessMembership membership, TlsFiles tls, LeaseTerms terms) {
    RemoteWitnessPanel panel =
        new RemoteWitnessPanel(
            membership,
            tls,
            new WitnessSeat.Patience(
                terms.renewal().dividedBy(2),
                terms.lease().dividedBy(2),
                RandomGenerator.getDefault()));
    panel.seats.forEach(seat -> panel.channels.thread().execute(seat::open));
    return panel;
  }

  @Override
  public int size() {
    return membership.size();
  }

  @Override
  public String membership() {
    return digest;
  }

  @Override
  public List<WitnessAddress> addresses() {
    return membership.witnesses();
  }

  @Override
  public int reached() {
    return (int) seats.stream().filter(WitnessSeat::isReached).count();
  }

  @Override
  public void askVotes(
      NodeSession session, long round, Renewals renewals, Consumer<Answer> onAnswer) {
    Question question = new Question(session, round, renewals, onAnswer);
    channels.thread().execute(() -> seats.forEach(seat -> seat.ask(question)));
  }

  /** One question for votes. */
  record Question(NodeSession session, long round, Renewals renewals, Consumer<Answer> onAnswer) {}

  /** Nothing is asked any more; votes that are under way may still arrive. */
  @Override
  public void close() {
    channels.thread().execute(() -> seats.forEach(WitnessSeat::close));
    channels.close();
  }
}
