package io.egressgateway.policy.witness;

import io.egressgateway.core.lease.WitnessCore.Event;
import io.egressgateway.core.link.CallFailure;
import io.egressgateway.core.link.MalformedLinkMessage;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.core.witness.v1.TombstonesReply;
import io.egressgateway.core.witness.v1.TombstonesRequest;
import io.egressgateway.core.witness.v1.WitnessGrpc;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one other witness, until it has answered once, which sessions it voted dead (R3): this
 * witness may have voted for them in its former life, and nobody else will tell it. Used on the
 * channels' thread only.
 */
final class PeerTombstones {
  private static final Logger LOG = LoggerFactory.getLogger(PeerTombstones.class);

  private static final Duration ANSWER_PATIENCE = Duration.ofMillis(500);
  private static final Duration RETRY = Duration.ofMillis(200);

  private final WitnessAddress peer;
  private final String membership;
  private final WitnessChannels channels;
  private final Consumer<Event.Tombstones> onAnswer;
  private String complaint = "";
  private boolean closed;
  private Optional<ManagedChannel> channel = Optional.empty();

  PeerTombstones(
      WitnessAddress peer,
      String membership,
      WitnessChannels channels,
      Consumer<Event.Tombstones> onAnswer) {
    this.peer = peer;
    this.membership = membership;
    this.channels = channels;
    this.onAnswer = onAnswer;
  }

  void pull() {
    if (closed) {
      return;
    }
    try {
      ManagedChannel opened = channels.open(peer);
      channel = Optional.of(opened);
      WitnessGrpc.newStub(opened)
          .withDeadlineAfter(ANSWER_PATIENCE.toNanos(), TimeUnit.NANOSECONDS)
          .tombstones(
              TombstonesRequest.newBuilder().setMembership(membership).build(), new Answer());
    } catch (IOException unusable) {
      again("credentials unusable: " + unusable.getMessage());
    }
  }

  /** Starts no new attempt. */
  void close() {
    closed = true;
    channel.ifPresent(ManagedChannel::shutdownNow);
  }

  private void again(String reason) {
    if (closed) {
      return;
    }
    if (!reason.equals(complaint)) {
      LOG.warn("tombstones not pulled peer={} reason=\"{}\"", peer, reason);
      complaint = reason;
    }
    channel.ifPresent(ManagedChannel::shutdownNow);
    channel = Optional.empty();
    var unused = channels.thread().schedule(this::pull, RETRY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void pulled(TombstonesReply reply) {
    close();
    try {
      Event.Tombstones tombstones = WitnessMessages.tombstones(reply);
      LOG.info("tombstones pulled peer={} sessions={}", peer, tombstones.sessions().size());
      onAnswer.accept(tombstones);
    } catch (MalformedLinkMessage malformed) {
      LOG.error(
          "tombstones unreadable peer={} reason=\"{}\": run the same version everywhere",
          peer,
          malformed.getMessage());
    }
  }

  private final class Answer implements StreamObserver<TombstonesReply> {
    @Override
    public void onNext(TombstonesReply reply) {
      channels.thread().execute(() -> pulled(reply));
    }

    @Override
    public void onError(Throwable failure) {
      String reason = CallFailure.reason(failure);
      channels.thread().execute(() -> again(reason));
    }

    @Override
    public void onCompleted() {
      // What there was to say has been said.
    }
  }
}
