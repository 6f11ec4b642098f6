package io.egressgateway.policy.entity;

import akka.actor.typed.ActorRef;
import io.egressgateway.core.event.NumberingEvent.NumberAssigned;
import io.egressgateway.policy.domain.NumberSpace;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Akka 2.8.5 takes stashed commands that persist nothing by recursion: more than about 450 of them
 * end the process (akka/akka#29933). The stash is bounded, so that a flood is dropped, not fatal.
 */
class StashFloodTest {
  private static final int FLOOD = 5_000;

  private final EntityFixture fixture = new EntityFixture();

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void aFloodDuringRecoveryIsSurvived() {
    fixture.journal.persistForRecovery(
        "numbering|node",
        IntStream.rangeClosed(1, 2_000)
            .<Object>mapToObj(number -> new NumberAssigned("node-" + number, number, Instant.EPOCH))
            .toList());
    ActorRef<NumberingEntity.Command> entity = start();

    flood(entity);

    answers(entity);
  }

  @Test
  void aFloodDuringAWriteIsSurvived() {
    ActorRef<NumberingEntity.Command> entity = start();
    answers(entity);

    for (int i = 0; i < 5; i++) {
      entity.tell(
          new NumberingEntity.Assign("new-" + i, fixture.<NumberingEntity.Reply>probe().ref()));
      flood(entity);
    }

    answers(entity);
  }

  private ActorRef<NumberingEntity.Command> start() {
    return fixture.start(NumberingBehavior.create(NumberSpace.NODE, fixture.environment()));
  }

  private void flood(ActorRef<NumberingEntity.Command> entity) {
    for (int i = 0; i < FLOOD; i++) {
      entity.tell(new NumberingEntity.Free("nobody"));
    }
  }

  /** Whoever is dropped asks again. */
  private void answers(ActorRef<NumberingEntity.Command> entity) {
    NumberingEntity.Reply expected = new NumberingEntity.Numbered(NumberSpace.NODE, "node-1", 1);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> fixture.ask(entity).filter(expected::equals).isPresent());
  }
}
