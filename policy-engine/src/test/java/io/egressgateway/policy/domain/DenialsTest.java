package io.egressgateway.policy.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.core.lease.Renewals;
import io.egressgateway.core.lease.Rules;
import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.policy.domain.AuthorityCore.Effect;
import io.egressgateway.policy.domain.AuthorityCore.Event;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** An authority over a node that keeps its lease and is not heard of. */
class DenialsTest {
  private static final long MILLI = 1_000_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final long STALE = TIMEOUT.toNanos();
  private static final NodeName NODE = new NodeName("node");
  private static final NodeSession SEVEN = session("boot", 7);
  private static final NodeSession EIGHT = session("boot", 8);

  private final AuthorityCore authority = authority(Optional.of(TIMEOUT));

  @Test
  void whoIsUnheardForTheTimeoutIsToBeDeniedAndNotEarlier() {
    heldElsewhereToo(authority);

    assertThat(authority.on(new Event.Woken(), STALE - 1)).doesNotContain(new Effect.Deny(SEVEN));
    assertThat(authority.on(new Event.Woken(), STALE)).contains(new Effect.Deny(SEVEN));
    assertThat(authority.isRevoked(SEVEN)).as("it ends nothing").isFalse();
  }

  @Test
  void wakesForIt() {
    heldElsewhereToo(authority);
    long now = 0;
    while (now < STALE) {
      long asked = now;
      now =
          authority.on(new Event.Woken(), now).stream()
              .filter(Effect.WakeAt.class::isInstance)
              .mapToLong(effect -> ((Effect.WakeAt) effect).nanos())
              .findFirst()
              .orElseThrow();
      assertThat(now).isGreaterThan(asked).isLessThanOrEqualTo(STALE);
    }
  }

  @Test
  void neverWithoutTheOption() {
    AuthorityCore patient = authority(Optional.empty());
    heldElsewhereToo(patient);

    assertThat(patient.on(new Event.Woken(), 1_000 * STALE))
        .noneMatch(Effect.Deny.class::isInstance);
  }

  @Test
  void notWhileNobodyCouldTakeWhatItHolds() {
    heldElsewhereToo(authority);
    movable(authority, 0);

    assertThat(authority.on(new Event.Woken(), 2 * STALE)).noneMatch(Effect.Deny.class::isInstance);
    assertThat(movable(authority, 2 * STALE, SEVEN)).contains(new Effect.Deny(SEVEN));
  }

  @Test
  void aSignOfLifeBeginsTheTimeAnew() {
    heldElsewhereToo(authority);
    authority.on(new Event.Beat(SEVEN, Standing.LEASED), STALE - MILLI);

    assertThat(authority.on(new Event.Woken(), STALE)).noneMatch(Effect.Deny.class::isInstance);
    assertThat(authority.on(new Event.Woken(), 2 * STALE - MILLI)).contains(new Effect.Deny(SEVEN));
  }

  @Test
  void anAuthorityThatHasJustStartedCountsFromThen() {
    bind(authority, 5 * MILLI);
    movable(authority, 5 * MILLI, SEVEN);

    assertThat(authority.on(new Event.Woken(), STALE)).noneMatch(Effect.Deny.class::isInstance);
    assertThat(authority.on(new Event.Woken(), STALE + 5 * MILLI)).contains(new Effect.Deny(SEVEN));
  }

  @Test
  void itIsSaidAgainUntilTheJournalHasIt() {
    heldElsewhereToo(authority);
    authority.on(new Event.Woken(), STALE);

    assertThat(authority.on(new Event.Woken(), STALE + 999 * MILLI))
        .doesNotContain(new Effect.Deny(SEVEN));
    assertThat(authority.on(new Event.Woken(), STALE + 1_000 * MILLI))
        .contains(new Effect.Deny(SEVEN));
    denied(authority, STALE + 1_001 * MILLI);
    assertThat(authority.on(new Event.Woken(), STALE + 5_000 * MILLI))
        .doesNotContain(new Effect.Deny(SEVEN));
  }

  @Test
  void witnessesAreAskedToRefuseItOnceTheJournalHasItUntilThereIsACertificate() {
    heldElsewhereToo(authority);
    assertThat(asked(authority.on(new Event.Woken(), STALE)).renewals())
        .isEqualTo(Renewals.ALLOWED);
    denied(authority, STALE + MILLI);

    Effect.AskVotes first = asked(authority.on(new Event.Woken(), STALE + 50 * MILLI));
    assertThat(first.renewals()).isEqualTo(Renewals.DENIED);
    Effect.AskVotes again = asked(authority.on(new Event.Woken(), STALE + 1_050 * MILLI));
    assertThat(again.renewals()).isEqualTo(Renewals.DENIED);
    assertThat(again.round()).isGreaterThan(first.round());
    vote(again.round(), 0, STALE + 1_051 * MILLI);
    assertThat(vote(again.round(), 1, STALE + 1_052 * MILLI))
        .contains(
            new Effect.Revoked(
                new OwnershipProof.Certificate(
                    SEVEN, again.round(), new TreeSet<>(List.of(0, 1)))));
  }

  @Test
  void aSuccessorThatReadsItInTheJournalGoesOn() {
    denied(authority, 0);

    assertThat(asked(bind(authority, MILLI)).renewals()).isEqualTo(Renewals.DENIED);
  }

  @Test
  void whoIsDeniedAndSpeaksIsFencedAndGetsNothing() {
    heldElsewhereToo(authority);
    authority.on(new Event.Woken(), STALE);
    denied(authority, STALE + MILLI);

    assertThat(authority.on(new Event.Beat(SEVEN, Standing.LEASED), STALE + 2 * MILLI))
        .contains(new Effect.Fence(SEVEN));
    assertThat(authority.standing().usable()).isEmpty();
    assertThat(authority.on(new Event.Beat(EIGHT, Standing.UNLEASED), STALE + 3 * MILLI))
        .contains(new Effect.Revoked(new OwnershipProof.LaterIncarnation(SEVEN, EIGHT)));
    authority.on(new Event.Beat(EIGHT, Standing.LEASED), STALE + 4 * MILLI);
    assertThat(authority.standing().session()).contains(EIGHT);
  }

  @Test
  void whoSpeaksWhileItIsJournalledIsNotUsableAfterIt() {
    heldElsewhereToo(authority);
    authority.on(new Event.Woken(), STALE);
    authority.on(new Event.Beat(SEVEN, Standing.LEASED), STALE + MILLI);
    denied(authority, STALE + 2 * MILLI);

    assertThat(authority.standing().kind()).isEqualTo(NodeStanding.Kind.SILENT);
  }

  @Test
  void notWhileAnotherBootOfTheNodeSpeaks() {
    bind(authority, 0);
    movable(authority, 0, SEVEN);
    authority.on(new Event.Beat(session("other", 1), Standing.LEASED), MILLI);

    assertThat(authority.on(new Event.Woken(), 2 * STALE)).noneMatch(Effect.Deny.class::isInstance);
  }

  private static AuthorityCore authority(Optional<Duration> timeout) {
    return new AuthorityCore(
        new AuthorityCore.Settings(Rules.ALL, LeaseProfile.DEFAULT.terms(), 3, timeout),
        NODE,
        new TreeSet<>());
  }

  /** Heard of at 0, and with something that another node could take. */
  private static void heldElsewhereToo(AuthorityCore authority) {
    authority.on(new Event.Beat(SEVEN, Standing.LEASED), 0);
    bind(authority, 0);
    movable(authority, 0, SEVEN);
  }

  private static List<Effect> bind(AuthorityCore authority, long now) {
    return authority.on(new Event.Bound(new TreeSet<>(List.of(SEVEN))), now);
  }

  private static List<Effect> movable(AuthorityCore authority, long now, NodeSession... sessions) {
    return authority.on(new Event.Movable(new TreeSet<>(List.of(sessions))), now);
  }

  private static void denied(AuthorityCore authority, long now) {
    SortedSet<NodeSession> sessions = new TreeSet<>(List.of(SEVEN));
    authority.on(new Event.Denied(sessions), now);
  }

  private List<Effect> vote(long round, int witness, long now) {
    return authority.on(new Event.Voted(SEVEN, round, witness), now);
  }

  private static Effect.AskVotes asked(List<Effect> effects) {
    return effects.stream()
        .filter(Effect.AskVotes.class::isInstance)
        .map(Effect.AskVotes.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static NodeSession session(String boot, long incarnation) {
    return new NodeSession(NODE, boot, incarnation);
  }
}
