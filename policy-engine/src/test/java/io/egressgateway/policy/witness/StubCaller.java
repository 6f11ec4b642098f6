package io.egressgateway.policy.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.core.witness.v1.RenewReply;
import io.egressgateway.core.witness.v1.RenewRequest;
import io.egressgateway.core.witness.v1.WitnessGrpc;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Whoever calls a witness, with one stream of renewals. */
final class StubCaller implements StreamObserver<RenewReply>, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ManagedChannel channel;
  private final List<RenewReply> replies = new ArrayList<>();
  private Optional<StreamObserver<RenewRequest>> stream = Optional.empty();
  private Optional<Status.Code> ended = Optional.empty();

  private StubCaller(int port, ChannelCredentials credentials) {
    channel =
        Grpc.newChannelBuilderForAddress("127.0.0.1", port, credentials)
            .overrideAuthority("witness.egressgateway")
            .build();
  }

  static StubCaller connect(int port, TlsFiles files) {
    try {
      return new StubCaller(
          port,
          TlsChannelCredentials.newBuilder()
              .keyManager(files.certificate().toFile(), files.key().toFile())
              .trustManager(files.ca().toFile())
              .build());
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  static StubCaller anonymous(int port, Path ca) {
    try {
      return new StubCaller(
          port, TlsChannelCredentials.newBuilder().trustManager(ca.toFile()).build());
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  WitnessGrpc.WitnessBlockingStub blocking() {
    return WitnessGrpc.newBlockingStub(channel)
        .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  void renew(RenewRequest request) {
    if (stream.isEmpty()) {
      stream = Optional.of(WitnessGrpc.newStub(channel).renew(this));
    }
    stream.get().onNext(request);
  }

  /** Waits until there are as many as these, and expects these. */
  void awaitReplies(RenewReply... expected) {
    assertThat(awaitReplies(expected.length)).containsExactly(expected);
  }

  /** Waits until there are so many. */
  List<RenewReply> awaitReplies(int count) {
    await().atMost(PATIENCE).until(() -> replies().size() >= count);
    return replies();
  }

  /** Waits until the stream has been ended by the witness. */
  Status.Code awaitEnd() {
    await().atMost(PATIENCE).until(() -> ended().isPresent());
    return ended().orElseThrow();
  }

  /** Asks nothing more, and waits until everything asked has been dealt with. */
  Status.Code finish() {
    stream.orElseThrow().onCompleted();
    return awaitEnd();
  }

  private synchronized List<RenewReply> replies() {
    return List.copyOf(replies);
  }

  private synchronized Optional<Status.Code> ended() {
    return ended;
  }

  @Override
  public synchronized void onNext(RenewReply reply) {
    replies.add(reply);
  }

  @Override
  public synchronized void onError(Throwable failure) {
    ended = Optional.of(Status.fromThrowable(failure).getCode());
  }

  @Override
  public synchronized void onCompleted() {
    ended = Optional.of(Status.Code.OK);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
