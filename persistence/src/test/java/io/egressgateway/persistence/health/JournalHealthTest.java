package io.egressgateway.persistence.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JournalHealthTest {
  private static final Duration FAST = Duration.ofMillis(10);

  private final JournalHealth health = new JournalHealth();
  private long now = 1_000_000;
  private long attempts;

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private long begin() {
    attempts++;
    health.began(attempts, now);
    return attempts;
  }

  private void attempt(WriteOutcome outcome, Duration takes) {
    long attempt = begin();
    pass(takes);
    health.ended(attempt, outcome, now);
  }

  private JournalState state() {
    return health.state(now);
  }

  @Test
  void aJournalOfWhichNothingIsKnownIsIdleAndTakenForWell() {
    assertThat(health.isIdle(now)).isTrue();
    assertThat(state()).isEqualTo(JournalState.WRITABLE);

    long attempt = begin();
    assertThat(health.isIdle(now)).as("under way").isFalse();
    health.ended(attempt, WriteOutcome.WRITTEN, now);
    assertThat(health.isIdle(now)).as("just written").isFalse();
    pass(JournalHealth.IDLE_FROM);
    assertThat(health.isIdle(now)).as("long ago").isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = WriteOutcome.class,
      names = {"UNAVAILABLE", "READ_ONLY", "FULL"})
  void aFailureIsSaidOnceItLastsAndTakenBackOnceWritesAreWell(WriteOutcome outcome) {
    JournalState said = JournalState.valueOf(outcome.name());
    attempt(outcome, FAST);
    assertThat(state()).as("one failure").isEqualTo(JournalState.WRITABLE);
    pass(JournalHealth.ONSET);
    assertThat(state()).isEqualTo(said);

    attempt(WriteOutcome.WRITTEN, FAST);
    assertThat(state()).as("one success").isEqualTo(said);
    pass(JournalHealth.CALM);
    assertThat(state()).isEqualTo(JournalState.WRITABLE);
  }

  @Test
  void aFailureAmongSuccessesIsNoNews() {
    for (int round = 0; round < 20; round++) {
      attempt(WriteOutcome.UNAVAILABLE, FAST);
      pass(Duration.ofMillis(200));
      attempt(WriteOutcome.WRITTEN, FAST);
      pass(Duration.ofMillis(200));
      assertThat(state()).isEqualTo(JournalState.WRITABLE);
    }
  }

  @Test
  void anotherCauseIsSaidAtOnceAndARelapseStartsTheCalmAnew() {
    attempt(WriteOutcome.UNAVAILABLE, FAST);
    pass(JournalHealth.ONSET);
    assertThat(state()).isEqualTo(JournalState.UNAVAILABLE);
    attempt(WriteOutcome.READ_ONLY, FAST);
    assertThat(state()).isEqualTo(JournalState.READ_ONLY);

    attempt(WriteOutcome.WRITTEN, FAST);
    pass(JournalHealth.CALM.minus(FAST));
    attempt(WriteOutcome.UNAVAILABLE, FAST);
    attempt(WriteOutcome.WRITTEN, FAST);
    pass(JournalHealth.CALM.minus(FAST));
    assertThat(state()).isNotEqualTo(JournalState.WRITABLE);
    pass(FAST);
    assertThat(state()).isEqualTo(JournalState.WRITABLE);
  }

  @Test
  void writesThatTakeLongAreSlowWhileTheyLastAndAfterThem() {
    long attempt = begin();
    pass(JournalHealth.SLOW_FROM);
    assertThat(state()).as("slow, but not for long").isEqualTo(JournalState.WRITABLE);
    pass(JournalHealth.ONSET);
    assertThat(state()).isEqualTo(JournalState.SLOW);
    health.ended(attempt, WriteOutcome.WRITTEN, now);
    assertThat(state()).isEqualTo(JournalState.SLOW);

    attempt(WriteOutcome.WRITTEN, FAST);
    pass(JournalHealth.CALM);
    assertThat(state()).isEqualTo(JournalState.WRITABLE);
  }

  @Test
  void aWriteWithoutAnAnswerIsADatabaseThatIsAway() {
    begin();
    pass(JournalHealth.SLOW_FROM);
    assertThat(state()).isEqualTo(JournalState.WRITABLE);
    pass(JournalHealth.DEAD_FROM.minus(JournalHealth.SLOW_FROM));
    assertThat(state()).isEqualTo(JournalState.UNAVAILABLE);
  }

  @Test
  void aConnectionThatHangsForEverDoesNotOutweighThoseThatWork() {
    long hanging = begin();
    pass(FAST);
    attempt(WriteOutcome.WRITTEN, FAST);
    pass(JournalHealth.DEAD_FROM.multipliedBy(2));
    assertThat(state()).isEqualTo(JournalState.WRITABLE);

    health.ended(hanging, WriteOutcome.UNAVAILABLE, now);
    pass(JournalHealth.ONSET);
    assertThat(state()).as("news of long ago").isEqualTo(JournalState.WRITABLE);
  }

  @Test
  void whatCouldNotBeWrittenAnywhereSaysNothingOfTheDatabase() {
    attempt(WriteOutcome.UNRELATED, FAST);
    pass(JournalHealth.ONSET);
    assertThat(state()).isEqualTo(JournalState.WRITABLE);
  }

  @Test
  void theDatabasesOwnWordsSayWhatIsWrong() {
    assertThat(WriteOutcome.of(new SQLException("duplicate", "23505")))
        .as("another writer was faster")
        .isEqualTo(WriteOutcome.WRITTEN);
    assertThat(WriteOutcome.of(new SQLException("standby", "25006")))
        .isEqualTo(WriteOutcome.READ_ONLY);
    assertThat(WriteOutcome.of(new SQLException("no space left", "53100")))
        .isEqualTo(WriteOutcome.FULL);
    assertThat(WriteOutcome.of(new SQLTransientConnectionException("no connection in 3 s")))
        .isEqualTo(WriteOutcome.UNAVAILABLE);
    assertThat(WriteOutcome.of(new IllegalStateException("cannot be serialized")))
        .isEqualTo(WriteOutcome.UNRELATED);
    BatchUpdateException batch = new BatchUpdateException("batch", null, new int[0]);
    batch.initCause(new SQLException("standby", "25006"));
    assertThat(WriteOutcome.of(new CompletionException(batch))).isEqualTo(WriteOutcome.READ_ONLY);
  }
}
