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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code /ready} asks besides cluster membership. Not being ready stops nothing; it says that
 * this member cannot take decisions, and why is in the log.
 */
final class HealthChecks {
  private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);

  private HealthChecks() {}

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
      return CompletableFuture.supplyAsync(this::answers, blocking);
    }

    private boolean answers() {
      try {
        Database.check(database);
        return true;
      } catch (DatabaseException e) {
        LOG.warn("not ready check=journal cause=\"{}\"", e.getMessage());
        return false;
      }
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
      return CompletableFuture.completedFuture(
          switch (state.step()) {
            case SYNCED -> true;
            case WAITING_FOR_API, LISTING -> false;
            case ELSEWHERE -> !isOldest(Cluster.get(system));
          });
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
