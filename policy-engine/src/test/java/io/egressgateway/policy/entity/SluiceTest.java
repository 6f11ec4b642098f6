package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SluiceTest {
  private static final ActorTestKit KIT = ActorTestKit.create();

  private sealed interface Command {}

  private record Job(int number) implements Command {}

  private record Mark(ActorRef<Sluice.Passed> answerTo, long mark) implements Command {}

  private record End() implements Command {}

  private final TestProbe<Command> entity = KIT.createTestProbe();
  private final ActorRef<Command> sluice =
      KIT.spawn(Sluice.before(forwarding(), Command.class, Mark::new));

  /** An entity that the test plays. */
  private Behavior<Command> forwarding() {
    return Behaviors.receiveMessage(
        command -> {
          entity.ref().tell(command);
          return command instanceof End ? Behaviors.stopped() : Behaviors.same();
        });
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private void send(int count) {
    IntStream.range(0, count).forEach(number -> sluice.tell(new Job(number)));
  }

  /** Takes what has come so far, up to the mark that the entity does not answer. */
  private List<Job> takeToMark(Mark last) {
    List<Job> jobs = new ArrayList<>();
    while (true) {
      switch (entity.receiveMessage()) {
        case Job job -> jobs.add(job);
        case Mark mark when mark.mark() == last.mark() -> {
          return jobs;
        }
        case Mark ignored -> {}
        case End end -> throw new AssertionError(end);
      }
    }
  }

  @Test
  void anEntityThatIsBusyIsNotFlooded() {
    send(1_000);

    List<Job> taken = takeToMark(new Mark(KIT.<Sluice.Passed>createTestProbe().ref(), 128));

    assertThat(taken).hasSize(Sluice.WITH_ENTITY_MAX);
    Mark again = entity.expectMessageClass(Mark.class);
    assertThat(again.mark()).as("nothing but the mark, said again").isEqualTo(128);
  }

  @Test
  void everythingComesThroughInItsOrder() {
    send(1_000);

    List<Job> taken = new ArrayList<>();
    while (taken.size() < 1_000) {
      switch (entity.receiveMessage()) {
        case Job job -> taken.add(job);
        case Mark(ActorRef<Sluice.Passed> answerTo, long mark) ->
            answerTo.tell(new Sluice.Passed(mark));
        case End end -> throw new AssertionError(end);
      }
    }

    assertThat(taken).isEqualTo(IntStream.range(0, 1_000).mapToObj(Job::new).toList());
  }

  @Test
  void aMarkThatTheEntityHasForgottenIsSaidAgain() {
    send(200);
    takeToMark(new Mark(KIT.<Sluice.Passed>createTestProbe().ref(), 128));

    Mark again = entity.expectMessageClass(Mark.class);
    again.answerTo().tell(new Sluice.Passed(again.mark()));

    assertThat(entity.expectMessageClass(Job.class)).isEqualTo(new Job(128));
  }

  @Test
  void bothEndTogether() {
    sluice.tell(new End());

    KIT.<Command>createTestProbe().expectTerminated(sluice);
  }
}
