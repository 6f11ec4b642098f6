package io.egressgateway.k8s.app;

import akka.actor.ActorSystem;
import akka.actor.setup.ActorSystemSetup;
import akka.cluster.Cluster;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.management.javadsl.ReadinessCheckSetup;
import io.egressgateway.persistence.store.Database;
import io.egressgateway.persistence.store.DatabaseException;
import io.egressgateway.persistence.store.DatabaseSettings;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/**
 * What {@code /ready} asks besides cluster membership. Not being ready stops nothing; it says that
 * this member cannot take decisions, and the answer says why.
 */
final class HealthChecks {

  private HealthChecks() {}

  /** Why a check fails. A plain {@code false} would be answered without a reason. */
  static final class NotReady extends Exception {
    private static final long serialVersionUID = 1L;

    NotReady(String message) {
      super(message);
    }
  }

  /** The journal answers. */
  static final class JournalReachable implements Supplier<CompletionStage<Boolean>> {
    private final DatabaseSettings database;
    private final Executor blocking;

    JournalReachable(DatabaseSettings database, Executor blocking) {
      this.database = database;
      this.blocking = blocking;
    }

    @Override
    public CompletionStage<Boolean> get() {
      CompletableFuture<Boolean> answer = new CompletableFuture<>();
      blocking.execute(
          () -> {
            try {
              Database.check(database);
              answer.complete(true);
            } catch (DatabaseException e) {
              answer.completeExceptionally(new NotReady("journal: " + e.getMessage()));
            }
          });
      return answer;
    }
  }

  /** If this member has the cluster's watcher, the watcher knows the whole cluster. */
  static final class WatcherSynced implements Supplier<CompletionStage<Boolean>> {
    private final ActorSystem system;
    private final WatcherState state;

    WatcherSynced(ActorSystem system, WatcherState state) {
      this.system = system;
      this.state = state;
    }

    @Override
    public CompletionStage<Boolean> get() {
      return switch (state.step()) {
        case SYNCED -> CompletableFuture.completedFuture(true);
        case WAITING_FOR_API ->
            failed("the Kubernetes API is not usable yet; the log says what is missing");
        case LISTING -> failed("the Kubernetes API is being listed");
        case ELSEWHERE ->
            isOldest(Cluster.get(system))
                ? failed("it has not started yet")
                : CompletableFuture.completedFuture(true);
      };
    }

    private static CompletionStage<Boolean> failed(String reason) {
      return CompletableFuture.failedFuture(new NotReady("watcher: " + reason));
    }

    /** The oldest member that is up has the singletons, or will in a moment. */
    private static boolean isOldest(Cluster cluster) {
      return StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
          .filter(member -> member.status().equals(MemberStatus.up()))
          .reduce((one, other) -> other.isOlderThan(one) ? other : one)
          .map(Member::uniqueAddress)
          .filter(cluster.selfUniqueAddress()::equals)
          .isPresent();
    }
  }

  /** The same checks for whoever asks without akka-management. */
  static List<Supplier<CompletionStage<Boolean>>> of(
      akka.actor.typed.ActorSystem<?> system,
      DatabaseSettings database,
      Executor blocking,
      WatcherState watcher) {
    return List.of(
        new JournalReachable(database, blocking),
        new WatcherSynced(system.classicSystem(), watcher));
  }

  /** The checks, as akka-management takes them. */
  static ActorSystemSetup setup(
      DatabaseSettings database, Executor blocking, WatcherState watcher) {
    return ActorSystemSetup.create(
        ReadinessCheckSetup.create(
            system ->
                List.of(
                    new JournalReachable(database, blocking), new WatcherSynced(system, watcher))));
  }
}
