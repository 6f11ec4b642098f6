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
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AuthorityCoreTest {
  private static final long MILLI = 1_000_000;
  private static final long SILENT = 700 * MILLI;
  private static final NodeName NODE = new NodeName("node");
  private static final NodeSession SEVEN = session("boot", 7);
  private static final NodeSession EIGHT = session("boot", 8);

  private final AuthorityCore authority = authority(new TreeSet<>());

  private static AuthorityCore authority(SortedSet<NodeSession> revoked) {
    return new AuthorityCore(
        new AuthorityCore.Settings(Rules.ALL, LeaseProfile.DEFAULT.terms(), 3), NODE, revoked);
  }

  private static NodeSession session(String boot, long incarnation) {
    return new NodeSession(NODE, boot, incarnation);
  }

  private List<Effect> beat(NodeSession session, Standing standing, long now) {
    return authority.on(new Event.Beat(session, standing), now);
  }

  private List<Effect> bind(NodeSession session, long now) {
    return authority.on(new Event.Bound(new TreeSet<>(List.of(session))), now);
  }

  private List<Effect> held(long round, int witness, long millis, long now) {
    return authority.on(new Event.Held(SEVEN, round, witness, Duration.ofMillis(millis)), now);
  }

  private static long round(List<Effect> effects) {
    return effects.stream()
        .filter(Effect.AskVotes.class::isInstance)
        .mapToLong(effect -> ((Effect.AskVotes) effect).round())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void onlyALeasedNodeIsUsable() {
    beat(SEVEN, Standing.UNLEASED, 0);
    assertThat(authority.standing().usable()).isEmpty();
    beat(SEVEN, Standing.LEASED, MILLI);
    assertThat(authority.standing().usable()).contains(SEVEN);
    beat(SEVEN, Standing.LEAVING, 2 * MILLI);
    assertThat(authority.standing().usable()).isEmpty();
  }

  @Test
  void silenceAsksForVotesAndEndsNothing() {
    beat(SEVEN, Standing.LEASED, 0);
    List<Effect> effects = authority.on(new Event.Woken(), SILENT);

    assertThat(effects).anyMatch(Effect.AskVotes.class::isInstance);
    assertThat(effects).noneMatch(Effect.Revoked.class::isInstance);
    assertThat(authority.standing().kind()).isEqualTo(NodeStanding.Kind.SILENT);
  }

  @Test
  void aMajorityOfOneRoundIsACertificate() {
    beat(SEVEN, Standing.LEASED, 0);
    long round = round(authority.on(new Event.Woken(), SILENT));

    assertThat(authority.on(new Event.Voted(SEVEN, round, 0), SILENT + MILLI))
        .noneMatch(Effect.Revoked.class::isInstance);
    assertThat(authority.on(new Event.Voted(SEVEN, round, 0), SILENT + MILLI))
        .noneMatch(Effect.Revoked.class::isInstance);
    assertThat(authority.on(new Event.Voted(SEVEN, round, 2), SILENT + MILLI))
        .contains(
            new Effect.Revoked(
                new OwnershipProof.Certificate(SEVEN, round, new TreeSet<>(List.of(0, 2)))));
  }

  @Test
  void votesOfDifferentRoundsDoNotAddUp() {
    beat(SEVEN, Standing.LEASED, 0);
    long first = round(authority.on(new Event.Woken(), SILENT));
    authority.on(new Event.Voted(SEVEN, first, 0), SILENT);
    long later = SILENT + 1_000 * MILLI;
    long second = round(authority.on(new Event.Woken(), later));

    assertThat(second).isGreaterThan(first);
    authority.on(new Event.Voted(SEVEN, second, 1), later);
    authority.on(new Event.Voted(SEVEN, first, 2), later);
    assertThat(authority.isRevoked(SEVEN)).isFalse();
  }

  @Test
  void asksAgainAsSoonAsAMajorityCanVote() {
    beat(SEVEN, Standing.LEASED, 0);
    long round = round(authority.on(new Event.Woken(), SILENT));
    long now = SILENT + MILLI;
    held(round, 2, 30, now);

    assertThat(held(round, 0, 9, now)).contains(new Effect.WakeAt(now + 30 * MILLI));
    assertThat(held(round, 1, 7, now)).contains(new Effect.WakeAt(now + 9 * MILLI));
    assertThat(authority.on(new Event.Woken(), now + 9 * MILLI - 1))
        .noneMatch(Effect.AskVotes.class::isInstance);
    assertThat(authority.on(new Event.Woken(), now + 9 * MILLI))
        .contains(new Effect.AskVotes(SEVEN, round, Renewals.ALLOWED));
  }

  @Test
  void asksAgainAfterTheUsualPauseWhateverTheWitnessesSay() {
    beat(SEVEN, Standing.LEASED, 0);
    long round = round(authority.on(new Event.Woken(), SILENT));
    held(round, 0, 1_300, SILENT);
    held(round, 1, 1_300, SILENT);

    assertThat(authority.on(new Event.Woken(), SILENT + 50 * MILLI))
        .contains(new Effect.AskVotes(SEVEN, round, Renewals.ALLOWED));
  }

  @Test
  void whoVotedIsNotWaitedFor() {
    beat(SEVEN, Standing.LEASED, 0);
    long round = round(authority.on(new Event.Woken(), SILENT));
    authority.on(new Event.Voted(SEVEN, round, 0), SILENT);
    held(round, 1, 20, SILENT);

    assertThat(held(round, 2, 5, SILENT)).contains(new Effect.WakeAt(SILENT + 5 * MILLI));
  }

  @Test
  void aWordOfAnotherRoundOrOfNoWitnessChangesNothing() {
    beat(SEVEN, Standing.LEASED, 0);
    long round = round(authority.on(new Event.Woken(), SILENT));
    held(round + 1, 0, 5, SILENT);
    held(round, 1, 5, SILENT);

    assertThat(held(round, 3, 5, SILENT)).isEmpty();
    assertThat(authority.on(new Event.Woken(), SILENT + 10 * MILLI))
        .noneMatch(Effect.AskVotes.class::isInstance);
  }

  @Test
  void aWitnessThatIsAboutToLetGoIsNotAskedWithoutPause() {
    beat(SEVEN, Standing.LEASED, 0);
    long round = round(authority.on(new Event.Woken(), SILENT));
    held(round, 0, 0, SILENT);

    assertThat(held(round, 1, 0, SILENT)).contains(new Effect.WakeAt(SILENT + MILLI));
  }

  @Test
  void aLaterIncarnationEndsTheEarlierAtOnce() {
    beat(SEVEN, Standing.LEASED, 0);

    assertThat(beat(EIGHT, Standing.UNLEASED, MILLI))
        .contains(new Effect.Revoked(new OwnershipProof.LaterIncarnation(SEVEN, EIGHT)));
    assertThat(bind(session("boot", 6), 2 * MILLI)).anyMatch(Effect.Revoked.class::isInstance);
  }

  @Test
  void anotherBootProvesNothing() {
    bind(SEVEN, 0);
    List<Effect> effects = beat(session("other", 0), Standing.LEASED, 51 * MILLI);

    assertThat(effects).anyMatch(Effect.AskVotes.class::isInstance);
    assertThat(authority.isRevoked(SEVEN)).isFalse();
  }

  @Test
  void anAuthorityThatHasJustStartedAsksAtOnceAboutWhoIsBound() {
    List<Effect> effects = bind(SEVEN, 0);
    long round = round(effects);
    authority.on(new Event.Voted(SEVEN, round, 0), MILLI);

    assertThat(authority.on(new Event.Voted(SEVEN, round, 1), MILLI))
        .anyMatch(Effect.Revoked.class::isInstance);
  }

  @Test
  void anOperatorsWordEndsWhoIsSilent() {
    beat(SEVEN, Standing.LEASED, 0);

    assertThat(authority.on(new Event.Fenced("me", "unplugged"), SILENT))
        .contains(new Effect.Revoked(new OwnershipProof.FenceAsserted(SEVEN, "me", "unplugged")));
    assertThat(beat(SEVEN, Standing.LEASED, SILENT + MILLI)).contains(new Effect.Fence(SEVEN));
  }

  @Test
  void anOperatorsWordEndsNobodyWhoSpeaks() {
    bind(session("other", 1), 0);
    beat(SEVEN, Standing.LEASED, MILLI);

    assertThat(authority.fenceable(2 * MILLI)).isEmpty();
    assertThat(authority.on(new Event.Fenced("me", "unplugged"), 2 * MILLI))
        .noneMatch(Effect.Revoked.class::isInstance);
  }

  @Test
  void anOperatorsWordFreesWhatASessionHoldsOnThatIsKnownToBeOver() {
    SortedSet<NodeSession> seven = new TreeSet<>(List.of(SEVEN));
    authority.on(new Event.Bound(seven, seven), 0);
    beat(SEVEN, Standing.LEASED, 0);

    assertThat(beat(EIGHT, Standing.HOLDING, MILLI))
        .contains(new Effect.Revoked(new OwnershipProof.LaterIncarnation(SEVEN, EIGHT)));
    assertThat(authority.standing().kind()).isEqualTo(NodeStanding.Kind.HOLDING);
    assertThat(authority.fenceable(2 * MILLI)).as("its agent speaks").isEmpty();
    assertThat(authority.on(new Event.Fenced("me", "unplugged"), SILENT + MILLI))
        .containsOnlyOnce(
            new Effect.Revoked(new OwnershipProof.FenceAsserted(SEVEN, "me", "unplugged")));
  }

  @Test
  void anOperatorsWordFreesWhatAnEarlierBootHeldThoughTheNextOneSpeaks() {
    NodeSession rebooted = session("other", 1);
    SortedSet<NodeSession> seven = new TreeSet<>(List.of(SEVEN));
    authority.on(new Event.Bound(seven, seven), 0);
    beat(rebooted, Standing.LEASED, SILENT);

    assertThat(authority.fenceable(SILENT + MILLI)).containsExactly(SEVEN);
  }

  @Test
  void aRevokedSessionThatSpeaksIsFencedAndGetsNothing() {
    AuthorityCore again = authority(new TreeSet<>(List.of(EIGHT)));

    assertThat(again.on(new Event.Beat(SEVEN, Standing.LEASED), 0))
        .contains(new Effect.Fence(SEVEN));
    assertThat(again.standing().usable()).isEmpty();
  }

  @Test
  void aNodeThatLostItsSessionIsHeldDownForAWhile() {
    beat(SEVEN, Standing.LEASED, 0);
    long round = round(authority.on(new Event.Woken(), SILENT));
    authority.on(new Event.Voted(SEVEN, round, 0), SILENT);
    authority.on(new Event.Voted(SEVEN, round, 1), SILENT);
    beat(EIGHT, Standing.LEASED, SILENT + MILLI);

    assertThat(authority.standing().kind()).isEqualTo(NodeStanding.Kind.HELD_DOWN);
    beat(EIGHT, Standing.LEASED, SILENT + 5_000 * MILLI);
    assertThat(authority.standing().kind()).isEqualTo(NodeStanding.Kind.LEASED);
  }

  @Test
  void whoAnnouncedItsEndAndRestartedOnceIsNotHeldDown() {
    beat(SEVEN, Standing.LEAVING, 0);
    beat(EIGHT, Standing.LEASED, MILLI);

    assertThat(authority.standing().kind()).isEqualTo(NodeStanding.Kind.LEASED);
  }
}
