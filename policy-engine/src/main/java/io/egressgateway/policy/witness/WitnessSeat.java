package io.egressgateway.policy.witness;

import io.egressgateway.core.lease.Renewals;
import io.egressgateway.core.link.CallFailure;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.core.witness.v1.RevokeReply;
import io.egressgateway.core.witness.v1.RevokeRequest;
import io.egressgateway.core.witness.v1.WitnessGrpc;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One witness of a panel. But for {@link #isReached}, used on the channels' thread only. */
final class WitnessSeat {
  private static final Logger LOG = LoggerFactory.getLogger(WitnessSeat.class);

  /** Above, a question is not asked: it comes again soon, and the witness has enough to do. */
  private static final int QUESTIONS_MAX = 2_000;

  /**
   * @param retry a connection that cannot be had is tried again within this
   * @param answer a witness that answers nothing for this long after a question gets a new
   *     connection
   */
  record Patience(Duration retry, Duration answer, RandomGenerator random) {

    private long retryNanos() {
      long most = retry.toNanos();
      return most - (long) (random.nextDouble() * most / 2);
    }
  }

  private final int index;
  private final WitnessAddress address;
  private final String membership;
  private final WitnessChannels channels;
  private final Patience patience;

  private Optional<ManagedChannel> channel = Optional.empty();
  private int questions;
  private long answers;
  private volatile boolean reached;
  private boolean closed;
  private String complaint = "";

  WitnessSeat(
      int index,
      WitnessAddress address,
      String membership,
      WitnessChannels channels,
      Patience patience) {
    this.index = index;
    this.address = address;
    this.membership = membership;
    this.channels = channels;
    this.patience = patience;
  }

  void open() {
    if (closed) {
      return;
    }
    try {
      ManagedChannel opened = channels.open(address);
      channel = Optional.of(opened);
      watch(opened);
    } catch (IOException unusable) {
      complain("credentials unusable: " + unusable.getMessage());
      later();
    }
  }

  private void watch(ManagedChannel watched) {
    if (closed || channel.filter(watched::equals).isEmpty()) {
      return;
    }
    ConnectivityState state = watched.getState(true);
    switch (state) {
      case READY -> {
        LOG.info("witness reached witness={}", address);
        complaint = "";
        reached = true;
      }
      case TRANSIENT_FAILURE, SHUTDOWN -> {
        askWhy(watched);
        return;
      }
      case CONNECTING, IDLE -> {}
    }
    watched.notifyWhenStateChanged(state, () -> channels.thread().execute(() -> watch(watched)));
  }

  /** Only a call is told why there is no connection. This one fails before anything is sent. */
  private void askWhy(ManagedChannel broken) {
    WitnessGrpc.newStub(broken)
        .withDeadlineAfter(patience.retry().toNanos(), TimeUnit.NANOSECONDS)
        .revoke(
            RevokeRequest.getDefaultInstance(),
            new StreamObserver<>() {
              @Override
              public void onNext(RevokeReply reply) {}

              @Override
              public void onError(Throwable failure) {
                String reason = CallFailure.reason(failure);
                channels.thread().execute(() -> again(broken, reason));
              }

              @Override
              public void onCompleted() {
                channels.thread().execute(() -> again(broken, "its connection breaks"));
              }
            });
  }

  /** The connection is replaced by a new one, which reads the certificates anew. */
  private void again(ManagedChannel broken, String reason) {
    if (closed || channel.filter(broken::equals).isEmpty()) {
      return;
    }
    complain(reason);
    reached = false;
    channel = Optional.empty();
    broken.shutdownNow();
    later();
  }

  private void later() {
    var unused =
        channels.thread().schedule(this::open, patience.retryNanos(), TimeUnit.NANOSECONDS);
  }

  /** Each complaint once, not once for each attempt. */
  private void complain(String reason) {
    if (!reason.equals(complaint)) {
      LOG.warn("witness not usable witness={} reason=\"{}\"", address, reason);
      complaint = reason;
    }
  }

  /** Whether it is connected. For any thread. */
  boolean isReached() {
    return reached;
  }

  void ask(RemoteWitnessPanel.Question question) {
    if (closed || !reached || questions >= QUESTIONS_MAX || channel.isEmpty()) {
      return;
    }
    questions++;
    ManagedChannel asked = channel.get();
    WitnessGrpc.newStub(asked)
        .withDeadlineAfter(patience.answer().toNanos(), TimeUnit.NANOSECONDS)
        .revoke(
            RevokeRequest.newBuilder()
                .setNode(question.session().node().value())
                .setBootId(question.session().bootId())
                .setIncarnation(question.session().incarnation())
                .setRound(question.round())
                .setMembership(membership)
                .setDenyRenewals(question.renewals() == Renewals.DENIED)
                .build(),
            new Answer(question, asked));
  }

  void close() {
    closed = true;
    channel.ifPresent(ManagedChannel::shutdownNow);
  }

  private final class Answer implements StreamObserver<RevokeReply> {
    private final RemoteWitnessPanel.Question question;
    private final ManagedChannel asked;
    private final long answersBefore = answers;

    Answer(RemoteWitnessPanel.Question question, ManagedChannel asked) {
      this.question = question;
      this.asked = asked;
    }

    @Override
    public void onNext(RevokeReply reply) {
      if (reply.getRound() == question.round()) {
        answer(reply).ifPresent(question.onAnswer());
      }
    }

    private Optional<WitnessPanel.Answer> answer(RevokeReply reply) {
      return switch (reply.getVerdict()) {
        case VERDICT_EXPIRED ->
            Optional.of(new WitnessPanel.Vote(question.session(), question.round(), index));
        case VERDICT_HELD ->
            WitnessMessages.remaining(reply)
                .map(
                    remaining ->
                        new WitnessPanel.Held(
                            question.session(), question.round(), index, remaining));
        case VERDICT_MUTE, VERDICT_REFUSED, VERDICT_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
      };
    }

    @Override
    public void onError(Throwable failure) {
      Status status = Status.fromThrowable(failure);
      channels.thread().execute(() -> failed(status));
    }

    private void failed(Status status) {
      questions--;
      if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
        // One that is merely slow would be slower still for having to connect anew.
        if (answers == answersBefore) {
          again(asked, "it does not answer");
        }
      } else if (status.getCode() != Status.Code.UNAVAILABLE) {
        complain(CallFailure.reason(status.asException()));
      }
    }

    @Override
    public void onCompleted() {
      channels
          .thread()
          .execute(
              () -> {
                questions--;
                answers++;
              });
    }
  }
}
