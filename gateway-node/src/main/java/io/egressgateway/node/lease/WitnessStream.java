package io.egressgateway.node.lease;

import io.egressgateway.core.link.CallFailure;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.core.tls.TlsCredentials;
import io.egressgateway.core.witness.v1.RenewReply;
import io.egressgateway.core.witness.v1.RenewRequest;
import io.egressgateway.core.witness.v1.WitnessGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream to one witness. When it ends, or the witness does not answer on it, another is opened
 * soon, over a new connection. Used on the event loop only.
 */
final class WitnessStream {
  private static final Logger LOG = LoggerFactory.getLogger(WitnessStream.class);

  /** The name in every witness's certificate, whatever its address is. */
  private static final String AUTHORITY = "witness.egressgateway";

  /** A witness that says nothing for this long is asked again over a new connection. */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(1);

  /** The first attempts come at once; for some leases none waits longer than this part of one. */
  private static final int RETRIES_PER_LEASE = 12;

  /** Each costs a TLS context: a witness that is long gone is asked for twice in a lease. */
  private static final int SOON_RETRIES_MAX = 4 * RETRIES_PER_LEASE;

  private static final int LATER_RETRIES_PER_LEASE = 2;

  private static final Duration RETRY_FIRST = Duration.ofMillis(10);
  private static final Duration REFUSED_RETRY = Duration.ofSeconds(5);
  private static final Duration LEASE_UNKNOWN = Duration.ofMillis(800);
  private static final int DOUBLINGS_MAX = 10;
  private static final int MESSAGE_BYTES_MAX = 16 * 1024;

  /** Which witness it is. */
  record Place(int index, WitnessAddress address) {}

  private record Open(ManagedChannel channel, ClientCallStreamObserver<RenewRequest> requests) {}

  private final Place place;
  private final WitnessClients.Setting setting;
  private final EventLoop loop;
  private final WitnessLine.Answers answers;

  private Optional<Open> open = Optional.empty();
  private Optional<RenewRequest> unsent = Optional.empty();
  private Optional<Future<?>> patience = Optional.empty();
  private Duration lease = LEASE_UNKNOWN;

  /** Of the stream that is open or will be next; what others still say is not heard. */
  private int number = 1;

  private int failures;
  private boolean closed;
  private String complaint = "";

  /** What may be the reason if the witness does not take the stream that is open. */
  private String flaw = "";

  WitnessStream(
      Place place, WitnessClients.Setting setting, EventLoop loop, WitnessLine.Answers answers) {
    this.place = place;
    this.setting = setting;
    this.loop = loop;
    this.answers = answers;
  }

  void open() {
    open(number);
  }

  private void open(int stream) {
    if (stream != number || open.isPresent() || closed) {
      return;
    }
    try {
      ManagedChannel channel = connect();
      ClientCallStreamObserver<RenewRequest> requests =
          (ClientCallStreamObserver<RenewRequest>)
              WitnessGrpc.newStub(channel).renew(new Replies(stream));
      open = Optional.of(new Open(channel, requests));
    } catch (IOException unusable) {
      again(stream, "credentials unusable: " + unusable.getMessage(), lease);
    }
  }

  private ManagedChannel connect() throws IOException {
    TlsCredentials credentials = TlsCredentials.read(setting.tls());
    flaw = credentials.flaw().map(known -> "; own certificate: " + known).orElse("");
    return NettyChannelBuilder.forAddress(place.address().host(), place.address().port())
        .overrideAuthority(AUTHORITY)
        .sslContext(
            GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                .trustManager(credentials.trusted())
                .keyManager(credentials.keyManager())
                .protocols("TLSv1.3")
                .build())
        .eventLoopGroup(loop)
        .channelType(NioSocketChannel.class)
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) SILENCE_MAX.toMillis())
        .directExecutor()
        .maxInboundMessageSize(MESSAGE_BYTES_MAX)
        .disableRetry()
        .build();
  }

  /**
   * Sends the request now, or when the stream is ready if it still is the last one then. Only a
   * stream that is open has to answer: the next one comes in its own time.
   */
  void send(RenewRequest request) {
    lease = Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(request.getLeaseMicros()));
    unsent = Optional.of(request);
    flush();
    if (open.isPresent() && patience.isEmpty()) {
      int stream = number;
      patience =
          Optional.of(
              loop.schedule(
                  () -> again(stream, "it does not answer", soon()),
                  SILENCE_MAX.toMillis(),
                  TimeUnit.MILLISECONDS));
    }
  }

  private void flush() {
    // What cannot be sent at once is not queued: only the newest request is worth an answer.
    if (unsent.isPresent() && open.filter(stream -> stream.requests().isReady()).isPresent()) {
      open.get().requests().onNext(unsent.get());
      unsent = Optional.empty();
    }
  }

  private void answered(int stream, RenewReply reply) {
    if (stream != number || closed) {
      return;
    }
    calm();
    failures = 0;
    switch (reply.getReplyCase()) {
      case PROMISE -> {
        complaint = "";
        answers.promised(
            place.index(), reply.getPromise().getIncarnation(), reply.getPromise().getSequence());
      }
      case NACK -> answers.nacked(place.index(), reply.getNack().getIncarnation());
      case REFUSED -> complain("refused: " + reply.getRefused().getReason());
      case REPLY_NOT_SET -> LOG.debug("a reply of a newer witness was skipped");
    }
  }

  private void calm() {
    patience.ifPresent(waiting -> waiting.cancel(false));
    patience = Optional.empty();
  }

  private void again(int stream, String reason, Duration delayMax) {
    if (stream != number || closed) {
      return;
    }
    number++;
    complain(reason);
    calm();
    open.ifPresent(broken -> broken.channel().shutdownNow());
    open = Optional.empty();
    failures++;
    // Full jitter: agents that lost a witness together do not come back together.
    long delay = (long) (setting.random().nextDouble() * delayMax.toNanos());
    int next = number;
    var unused = loop.schedule(() -> open(next), delay, TimeUnit.NANOSECONDS);
  }

  private Duration soon() {
    Duration doubled = RETRY_FIRST.multipliedBy(1L << Math.min(failures, DOUBLINGS_MAX));
    Duration most =
        lease.dividedBy(failures < SOON_RETRIES_MAX ? RETRIES_PER_LEASE : LATER_RETRIES_PER_LEASE);
    return doubled.compareTo(most) < 0 ? doubled : most;
  }

  /** A witness that refuses will most likely do so again: it is not to be kept busy. */
  private Duration delayMax(Status.Code code) {
    return switch (code) {
      case PERMISSION_DENIED, UNAUTHENTICATED, INVALID_ARGUMENT, FAILED_PRECONDITION ->
          REFUSED_RETRY;
      case OK,
          CANCELLED,
          UNKNOWN,
          DEADLINE_EXCEEDED,
          NOT_FOUND,
          ALREADY_EXISTS,
          RESOURCE_EXHAUSTED,
          ABORTED,
          OUT_OF_RANGE,
          UNIMPLEMENTED,
          INTERNAL,
          UNAVAILABLE,
          DATA_LOSS ->
          soon();
    };
  }

  /** Each complaint once, not once for each attempt. */
  private void complain(String reason) {
    if (!reason.equals(complaint)) {
      LOG.warn("witness not usable witness={} reason=\"{}\"", place.address(), reason);
      complaint = reason;
    }
  }

  void close() {
    closed = true;
    calm();
    open.ifPresent(stream -> stream.channel().shutdownNow());
    open = Optional.empty();
  }

  /** May be called by gRPC's threads: everything is passed on to the loop. */
  private final class Replies implements ClientResponseObserver<RenewRequest, RenewReply> {
    private final int stream;

    Replies(int stream) {
      this.stream = stream;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<RenewRequest> requests) {
      requests.setOnReadyHandler(() -> loop.execute(WitnessStream.this::flush));
    }

    @Override
    public void onNext(RenewReply reply) {
      if (loop.inEventLoop()) {
        answered(stream, reply);
      } else {
        loop.execute(() -> answered(stream, reply));
      }
    }

    @Override
    public void onError(Throwable failure) {
      String reason = CallFailure.reason(failure);
      Status.Code code = Status.fromThrowable(failure).getCode();
      loop.execute(() -> again(stream, reason + flaw, delayMax(code)));
    }

    @Override
    public void onCompleted() {
      loop.execute(() -> again(stream, "it ended the stream", soon()));
    }
  }
}
