package io.egressgateway.policy.witness;

import io.egressgateway.core.lease.WitnessCore;
import io.egressgateway.core.lease.WitnessCore.Effect;
import io.egressgateway.core.lease.WitnessCore.Event;
import io.egressgateway.core.link.MalformedLinkMessage;
import io.egressgateway.core.link.WitnessMembership;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.witness.v1.Nack;
import io.egressgateway.core.witness.v1.Promise;
import io.egressgateway.core.witness.v1.Refused;
import io.egressgateway.core.witness.v1.RenewReply;
import io.egressgateway.core.witness.v1.RenewRequest;
import io.egressgateway.core.witness.v1.RevokeReply;
import io.egressgateway.core.witness.v1.RevokeRequest;
import io.egressgateway.core.witness.v1.TombstonesReply;
import io.egressgateway.core.witness.v1.TombstonesRequest;
import io.egressgateway.core.witness.v1.Verdict;
import io.egressgateway.core.witness.v1.WitnessGrpc;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what is asked to the core and answers with what the core says. Confined to the witness's
 * thread: the server runs every callback there, so that requests are served one after another.
 */
final class WitnessService extends WitnessGrpc.WitnessImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(WitnessService.class);

  /** Above, the oldest is logged again if it is still asked for. */
  private static final int BURIED_MAX = 1_000;

  private final WitnessCore core;
  private final WitnessMembership membership;
  private final String digest;
  private final LongSupplier nanos;
  private final Budgets budgets = new Budgets();
  private final RefusalLog refusals;

  /** Sessions whose death was logged: the vote is asked for again and again. */
  private final Set<NodeSession> buried = new LinkedHashSet<>();

  WitnessService(WitnessCore core, WitnessMembership membership, LongSupplier nanos) {
    this.core = core;
    this.membership = membership;
    this.digest = membership.digest();
    this.nanos = nanos;
    this.refusals = new RefusalLog(nanos.getAsLong());
  }

  @Override
  public StreamObserver<RenewRequest> renew(StreamObserver<RenewReply> responses) {
    ServerCallStreamObserver<RenewReply> call = (ServerCallStreamObserver<RenewReply>) responses;
    // One request at a time, so that no agent can fill this process's memory.
    call.disableAutoRequest();
    call.request(1);
    return new Renewals(Caller.CURRENT.get(), call);
  }

  @Override
  public void revoke(RevokeRequest request, StreamObserver<RevokeReply> response) {
    Caller caller = Caller.CURRENT.get();
    long now = nanos.getAsLong();
    if (!caller.isController()) {
      refuse(caller, response, notAllowed("only controllers may revoke"));
      return;
    }
    Optional<Status> obstacle = obstacle(caller, request.getMembership(), now);
    if (obstacle.isPresent()) {
      refuse(caller, response, obstacle.get());
      return;
    }
    try {
      answer(caller, core.on(WitnessMessages.revoke(request), now), response);
    } catch (MalformedLinkMessage malformed) {
      refuse(caller, response, invalid(malformed));
    }
  }

  private void answer(Caller caller, List<Effect> effects, StreamObserver<RevokeReply> response) {
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.Vote(var session, long round) -> {
          logTombstone(session, caller);
          response.onNext(verdict(round, Verdict.VERDICT_EXPIRED));
        }
        case Effect.Held(var session, long round, Duration remaining) ->
            response.onNext(
                verdict(round, Verdict.VERDICT_HELD).toBuilder()
                    .setRemainingMicros(WitnessMessages.microsUp(remaining))
                    .build());
        case Effect.Mute(var session, long round) ->
            response.onNext(verdict(round, Verdict.VERDICT_MUTE));
        case Effect.Refused(var session, String reason) -> {
          refuse(caller, response, Status.RESOURCE_EXHAUSTED.withDescription(reason));
          return;
        }
        case Effect.Promise ignored -> throw unexpected(effect);
        case Effect.Nack ignored -> throw unexpected(effect);
        case Effect.TombstoneList ignored -> throw unexpected(effect);
      }
    }
    response.onCompleted();
  }

  private void logTombstone(NodeSession session, Caller caller) {
    if (buried.add(session)) {
      LOG.info("tombstone session={} for={}", session, caller);
    }
    if (buried.size() > BURIED_MAX) {
      buried.remove(buried.iterator().next());
    }
  }

  private static RevokeReply verdict(long round, Verdict verdict) {
    return RevokeReply.newBuilder().setRound(round).setVerdict(verdict).build();
  }

  @Override
  public void tombstones(TombstonesRequest request, StreamObserver<TombstonesReply> response) {
    Caller caller = Caller.CURRENT.get();
    long now = nanos.getAsLong();
    if (!caller.isWitness()) {
      refuse(caller, response, notAllowed("only witnesses may pull tombstones"));
      return;
    }
    Optional<Status> obstacle = obstacle(caller, request.getMembership(), now);
    if (obstacle.isPresent()) {
      refuse(caller, response, obstacle.get());
      return;
    }
    for (Effect effect : core.on(new Event.Pull(), now)) {
      if (effect instanceof Effect.TombstoneList(var sessions)) {
        response.onNext(
            TombstonesReply.newBuilder()
                .addAllSessions(sessions.stream().map(WitnessMessages::encode).toList())
                .build());
      }
    }
    response.onCompleted();
  }

  /** Whether the caller is asking too often, or counts other witnesses than this one does. */
  private Optional<Status> obstacle(Caller caller, String theirs, long now) {
    if (!budgets.allow(caller, now)) {
      return Optional.of(
          Status.RESOURCE_EXHAUSTED.withDescription(caller + " asks more often than it can need"));
    }
    return theirs.equals(digest)
        ? Optional.empty()
        : Optional.of(Status.FAILED_PRECONDITION.withDescription(otherMembership(theirs)));
  }

  private String otherMembership(String theirs) {
    return "the list of witnesses differs: here "
        + abbreviated(digest)
        + " ("
        + membership
        + "), asked with "
        + abbreviated(theirs)
        + "; start every witness with the same --self and --peer addresses and every controller"
        + " with the same as --witness";
  }

  private static String abbreviated(String digest) {
    int shown = 12;
    return digest.length() > shown ? digest.substring(0, shown) : "'" + digest + "'";
  }

  private void refuse(Caller caller, StreamObserver<?> response, Status status) {
    refusals.refused(caller, text(status), nanos.getAsLong());
    response.onError(status.asRuntimeException());
  }

  private static String text(Status status) {
    return String.valueOf(status.getDescription());
  }

  private static Status notAllowed(String reason) {
    return Status.PERMISSION_DENIED.withDescription(reason);
  }

  private static Status invalid(MalformedLinkMessage malformed) {
    return Status.INVALID_ARGUMENT.withDescription(malformed.getMessage());
  }

  private static IllegalStateException unexpected(Effect effect) {
    return new IllegalStateException("the core answers with " + effect + " to another question");
  }

  /** One agent's stream. */
  private final class Renewals implements StreamObserver<RenewRequest> {
    private final Caller caller;
    private final ServerCallStreamObserver<RenewReply> call;

    Renewals(Caller caller, ServerCallStreamObserver<RenewReply> call) {
      this.caller = caller;
      this.call = call;
    }

    @Override
    public void onNext(RenewRequest request) {
      long now = nanos.getAsLong();
      try {
        Event.Renew renew = WitnessMessages.renew(request);
        if (!caller.isAgentOf(renew.session().node())) {
          refuse(
              caller,
              call,
              notAllowed("only the agent of " + renew.session().node() + " may renew its lease"));
          return;
        }
        // The stream goes on: an agent that has to connect anew costs more than one that is told.
        obstacle(caller, request.getMembership(), now)
            .map(status -> List.<Effect>of(new Effect.Refused(renew.session(), text(status))))
            .orElseGet(() -> core.on(renew, now))
            .forEach(this::reply);
      } catch (MalformedLinkMessage malformed) {
        refuse(caller, call, invalid(malformed));
        return;
      }
      call.request(1);
    }

    private void reply(Effect effect) {
      switch (effect) {
        case Effect.Promise(var session, long sequence) ->
            send(
                RenewReply.newBuilder()
                    .setPromise(
                        Promise.newBuilder()
                            .setIncarnation(session.incarnation())
                            .setSequence(sequence))
                    .build());
        case Effect.Nack(var session) ->
            send(
                RenewReply.newBuilder()
                    .setNack(Nack.newBuilder().setIncarnation(session.incarnation()))
                    .build());
        case Effect.Refused(var session, String reason) -> {
          refusals.refused(caller, reason, nanos.getAsLong());
          send(RenewReply.newBuilder().setRefused(Refused.newBuilder().setReason(reason)).build());
        }
        case Effect.Vote ignored -> throw unexpected(effect);
        case Effect.Held ignored -> throw unexpected(effect);
        case Effect.Mute ignored -> throw unexpected(effect);
        case Effect.TombstoneList ignored -> throw unexpected(effect);
      }
    }

    /** An agent that does not read gets nothing: a lost promise does no harm, a queue would. */
    private void send(RenewReply reply) {
      if (call.isReady()) {
        call.onNext(reply);
      }
    }

    @Override
    public void onError(Throwable failure) {
      LOG.debug("renewals ended caller={} reason=\"{}\"", caller, failure.getMessage());
    }

    @Override
    public void onCompleted() {
      call.onCompleted();
    }
  }
}
