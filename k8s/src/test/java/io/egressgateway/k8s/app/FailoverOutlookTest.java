package io.egressgateway.k8s.app;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import io.egressgateway.core.lease.Renewals;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.persistence.health.JournalState;
import io.egressgateway.policy.entity.FailoverObstacle;
import io.egressgateway.policy.entity.WatcherMessage;
import io.egressgateway.policy.witness.WitnessPanel;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class FailoverOutlookTest {
  private JournalState journal = JournalState.WRITABLE;
  private int reached = 3;
  private long now;

  private final FailoverOutlook outlook =
      new FailoverOutlook(() -> journal, new SomeWitnesses(), () -> now);

  private void pass(Duration time) {
    now += time.toNanos();
  }

  @Test
  void whatAilsTheJournalIsInTheWay() {
    assertThat(outlook.obstacles()).isEmpty();
    journal = JournalState.SLOW;
    assertThat(outlook.obstacles()).containsExactly(FailoverObstacle.JOURNAL_SLOW);
    journal = JournalState.UNAVAILABLE;
    assertThat(outlook.obstacles()).containsExactly(FailoverObstacle.JOURNAL_UNAVAILABLE);
    journal = JournalState.READ_ONLY;
    assertThat(outlook.obstacles()).containsExactly(FailoverObstacle.JOURNAL_READ_ONLY);
    journal = JournalState.FULL;
    assertThat(outlook.obstacles()).containsExactly(FailoverObstacle.JOURNAL_FULL);
  }

  @Test
  void aMissingMajorityOfWitnessesIsInTheWayOnceItLasts() {
    reached = 1;
    assertThat(outlook.obstacles()).isEmpty();
    pass(FailoverOutlook.WITNESSES_PATIENCE.minusNanos(1));
    assertThat(outlook.obstacles()).isEmpty();
    pass(Duration.ofNanos(1));
    assertThat(outlook.obstacles()).containsExactly(FailoverObstacle.WITNESSES_UNREACHABLE);

    reached = 2;
    assertThat(outlook.obstacles()).isEmpty();
    reached = 0;
    assertThat(outlook.obstacles()).as("it begins anew").isEmpty();
  }

  @Test
  void theWatcherIsToldEverySecondAlsoThatThereIsNothing() {
    ActorTestKit kit = ActorTestKit.create(ManualTime.config());
    try {
      TestProbe<WatcherMessage> watcher = kit.createTestProbe();
      kit.spawn(ObstacleHerald.create("c1:1", outlook::obstacles, watcher.ref()));
      for (JournalState state : List.of(JournalState.FULL, JournalState.WRITABLE)) {
        journal = state;
        SortedSet<FailoverObstacle> expected = new TreeSet<>(outlook.obstacles());
        ManualTime.get(kit.system()).timePasses(ObstacleHerald.INTERVAL);
        watcher.expectMessage(new WatcherMessage.Obstacles("c1:1", expected));
      }
    } finally {
      kit.shutdownTestKit();
    }
  }

  private final class SomeWitnesses implements WitnessPanel {
    @Override
    public int size() {
      return 3;
    }

    @Override
    public int reached() {
      return reached;
    }

    @Override
    public String membership() {
      return "digest";
    }

    @Override
    public List<WitnessAddress> addresses() {
      return List.of();
    }

    @Override
    public void askVotes(
        NodeSession session, long round, Renewals renewals, Consumer<Answer> onAnswer) {}
  }
}
