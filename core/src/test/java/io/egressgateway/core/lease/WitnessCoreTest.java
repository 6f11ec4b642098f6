package io.egressgateway.core.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.lease.WitnessCore.Effect;
import io.egressgateway.core.lease.WitnessCore.Event;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class WitnessCoreTest {
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final long PROMISED = 2_009_000_000L;
  private static final long MUTE = 3_013_000_000L;
  private static final NodeSession SEVEN = session(7);
  private static final NodeSession EIGHT = session(8);

  private final WitnessCore witness = new WitnessCore(Rules.ALL, 0);

  @Test
  void isMuteUntilItsFormerPromisesAreOver() {
    assertThat(renew(SEVEN, MUTE - 1)).isEmpty();
    assertThat(revoke(SEVEN, MUTE - 1)).containsExactly(new Effect.Mute(SEVEN, 5));
    assertThat(renew(SEVEN, MUTE)).containsExactly(new Effect.Promise(SEVEN, 1));
  }

  @Test
  void votesOnlyWhenItsPromiseIsOver() {
    renew(SEVEN, MUTE);

    assertThat(revoke(SEVEN, MUTE + PROMISED - 1))
        .containsExactly(new Effect.Held(SEVEN, 5, Duration.ofNanos(1)));
    assertThat(revoke(SEVEN, MUTE + PROMISED)).containsExactly(new Effect.Vote(SEVEN, 5));
  }

  @Test
  void whatItVotedDeadStaysDeadWithAllBeforeItAndNothingAfter() {
    revoke(SEVEN, MUTE);

    assertThat(renew(SEVEN, MUTE)).containsExactly(new Effect.Nack(SEVEN));
    assertThat(renew(session(6), MUTE)).containsExactly(new Effect.Nack(session(6)));
    assertThat(renew(EIGHT, MUTE)).containsExactly(new Effect.Promise(EIGHT, 1));
  }

  @Test
  void aTombstoneOfALaterSessionEndsNoPromiseToAnEarlierOne() {
    renew(SEVEN, MUTE);
    revoke(EIGHT, MUTE);

    assertThat(revoke(SEVEN, MUTE + 1))
        .containsExactly(new Effect.Held(SEVEN, 5, Duration.ofNanos(PROMISED - 1)));
  }

  @Test
  void aShorterRequestDoesNotShortenAPromise() {
    renew(SEVEN, MUTE);
    witness.on(new Event.Renew(SEVEN, 2, Duration.ofMillis(200)), MUTE + 1);

    assertThat(revoke(SEVEN, MUTE + PROMISED - 1))
        .containsExactly(new Effect.Held(SEVEN, 5, Duration.ofNanos(1)));
  }

  @Test
  void refusesALeaseThatItsSilenceAfterAStartWouldNotCover() {
    Duration tooLong = LeaseTerms.LEASE_MAX.plusNanos(1);

    assertThat(witness.on(new Event.Renew(SEVEN, 1, tooLong), MUTE))
        .singleElement()
        .isInstanceOf(Effect.Refused.class);
  }

  @Test
  void takesTombstonesFromAPeerEvenWhileMute() {
    witness.on(new Event.Tombstones(new TreeSet<>(List.of(SEVEN))), 0);

    assertThat(renew(SEVEN, MUTE)).containsExactly(new Effect.Nack(SEVEN));
    assertThat(witness.on(new Event.Pull(), 0))
        .containsExactly(new Effect.TombstoneList(new TreeSet<>(List.of(SEVEN))));
  }

  @Test
  void aDeniedSessionGetsNoPromiseAndIsVotedDeadOnlyWhenItsPromiseIsOver() {
    renew(SEVEN, MUTE);

    assertThat(deny(SEVEN, MUTE + 1))
        .containsExactly(new Effect.Held(SEVEN, 5, Duration.ofNanos(PROMISED - 1)));
    assertThat(renew(SEVEN, MUTE + 2)).as("no answer at all").isEmpty();
    assertThat(renew(session(6), MUTE + 2)).isEmpty();
    assertThat(renew(EIGHT, MUTE + 2)).containsExactly(new Effect.Promise(EIGHT, 1));
    assertThat(witness.denials()).isEqualTo(1);

    assertThat(deny(SEVEN, MUTE + PROMISED - 1))
        .containsExactly(new Effect.Held(SEVEN, 5, Duration.ofNanos(1)));
    assertThat(deny(SEVEN, MUTE + PROMISED)).containsExactly(new Effect.Vote(SEVEN, 5));
    assertThat(witness.denials()).as("a tombstone says it now").isZero();
    assertThat(renew(SEVEN, MUTE + PROMISED)).containsExactly(new Effect.Nack(SEVEN));
  }

  @Test
  void whoeverAsksLaterWithoutDenyingTakesNothingBack() {
    renew(SEVEN, MUTE);
    deny(SEVEN, MUTE);
    revoke(SEVEN, MUTE);

    assertThat(renew(SEVEN, MUTE)).isEmpty();
  }

  @Test
  void aDenialIsTakenEvenWhileMute() {
    assertThat(deny(SEVEN, MUTE - 1)).containsExactly(new Effect.Mute(SEVEN, 5));

    assertThat(renew(SEVEN, MUTE)).isEmpty();
    assertThat(renew(EIGHT, MUTE)).containsExactly(new Effect.Promise(EIGHT, 1));
  }

  private List<Effect> deny(NodeSession session, long now) {
    return witness.on(new Event.Revoke(session, 5, Renewals.DENIED), now);
  }

  private List<Effect> renew(NodeSession session, long now) {
    return witness.on(new Event.Renew(session, 1, LEASE), now);
  }

  private List<Effect> revoke(NodeSession session, long now) {
    return witness.on(new Event.Revoke(session, 5), now);
  }

  private static NodeSession session(long incarnation) {
    return new NodeSession(new NodeName("node"), "boot", incarnation);
  }
}
