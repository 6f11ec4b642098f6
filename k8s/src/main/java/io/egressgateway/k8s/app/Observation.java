package io.egressgateway.k8s.app;

import akka.actor.typed.ActorSystem;
import akka.cluster.ClusterEvent.CurrentClusterState;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import io.egressgateway.core.monitor.Health;
import io.egressgateway.k8s.monitor.ControllerMonitor;
import io.egressgateway.policy.entity.FailoverObstacle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** What can be asked of a controller from outside the actors. Thread-safe. */
record Observation(ActorSystem<?> system, WatcherState watcher, FailoverOutlook outlook)
    implements ControllerMonitor.Parts {
  /** Probes give up after a second or a few. */
  private static final Duration CHECK_MAX = Duration.ofSeconds(3);

  @Override
  public ControllerMonitor.Members members() {
    CurrentClusterState state = Cluster.get(system).state();
    int up = 0;
    int other = 0;
    for (Member member : state.getMembers()) {
      if (member.status().equals(MemberStatus.up())) {
        up++;
      } else {
        other++;
      }
    }
    return new ControllerMonitor.Members(up, other, state.getUnreachable().size());
  }

  @Override
  public String watcherStep() {
    return name(watcher.step());
  }

  @Override
  public List<String> watcherSteps() {
    return Arrays.stream(WatcherState.Step.values()).map(Observation::name).toList();
  }

  @Override
  public boolean isKubernetesUsable() {
    return watcher.isApiUsable();
  }

  @Override
  public SortedSet<FailoverObstacle> obstacles() {
    return outlook.obstacles();
  }

  private static String name(WatcherState.Step step) {
    return step.name().toLowerCase(Locale.ROOT);
  }

  /**
   * A controller whose member is gone for good ends by itself, so nothing is left for a restart.
   *
   * @param checks fail with the reason
   */
  Health health(List<Supplier<CompletionStage<Boolean>>> checks) {
    return new Health(List::of, () -> obstacles(checks));
  }

  private List<String> obstacles(List<Supplier<CompletionStage<Boolean>>> checks) {
    List<String> obstacles = new ArrayList<>();
    MemberStatus status = Cluster.get(system).selfMember().status();
    if (!status.equals(MemberStatus.up())) {
      obstacles.add("cluster: this member is " + status + ", not Up");
    }
    for (Supplier<CompletionStage<Boolean>> check : checks) {
      try {
        if (!check.get().toCompletableFuture().get(CHECK_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
          obstacles.add("a check failed without a reason");
        }
      } catch (ExecutionException failed) {
        Throwable cause = failed.getCause() == null ? failed : failed.getCause();
        obstacles.add(String.valueOf(cause.getMessage()));
      } catch (TimeoutException late) {
        obstacles.add("a check has not answered in " + CHECK_MAX.toSeconds() + " s");
      } catch (InterruptedException closing) {
        Thread.currentThread().interrupt();
        obstacles.add("this member is closing");
      }
    }
    return obstacles;
  }
}
