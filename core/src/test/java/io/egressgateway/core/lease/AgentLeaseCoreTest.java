package io.egressgateway.core.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.lease.AgentLeaseCore.Effect;
import io.egressgateway.core.lease.AgentLeaseCore.Event;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AgentLeaseCoreTest {
  private static final long MILLI = 1_000_000;
  private static final long DEADLINE = 1_950 * MILLI;
  private static final IpAddress ADDRESS = IpAddress.of("192.0.2.1");
  private static final NodeSession FIRST = new NodeSession(new NodeName("node"), "boot", 0);
  private static final Epoch FIVE = new Epoch(5);

  private final AgentLeaseCore agent = new AgentLeaseCore(Rules.ALL, FIRST);

  /** Everything that happened, writes acknowledged at once as the lease's thread does. */
  private List<Effect> on(Event event, long now) {
    List<Effect> all = new ArrayList<>();
    for (Effect effect : agent.on(event, now)) {
      all.add(effect);
      if (effect instanceof Effect.WriteGates(Gates gates)) {
        all.addAll(on(new Event.GatesWritten(gates.version()), now));
      }
    }
    return all;
  }

  private void lease() {
    on(new Event.Enlisted(LeaseProfile.DEFAULT.terms(), 3), 0);
    on(new Event.Promised(0, 0, 1), MILLI);
    on(new Event.Promised(1, 0, 1), MILLI);
  }

  private void hold() {
    lease();
    on(new Event.Prepared(new TreeSet<>(List.of(ADDRESS))), 2 * MILLI);
    on(grant(5), 3 * MILLI);
  }

  private static Event grant(long epoch) {
    return new Event.Granted(ADDRESS, new Epoch(epoch), FIRST);
  }

  @Test
  void saysNothingBeforeTheKernelHasLetGo() {
    List<Effect> effects = agent.on(new Event.Enlisted(LeaseProfile.DEFAULT.terms(), 3), 0);

    assertThat(effects).noneMatch(Effect.Beat.class::isInstance);
    assertThat(effects).noneMatch(Effect.Renew.class::isInstance);
    assertThat(agent.on(new Event.GatesWritten(1), 0)).anyMatch(Effect.Renew.class::isInstance);
  }

  @Test
  void aMajorityMakesALeaseThatCountsFromTheRequest() {
    on(new Event.Enlisted(LeaseProfile.DEFAULT.terms(), 3), 0);
    on(new Event.Promised(0, 0, 1), 400 * MILLI);
    on(new Event.Promised(0, 0, 1), 400 * MILLI);
    assertThat(agent.standing()).isEqualTo(Standing.UNLEASED);

    on(new Event.Promised(2, 0, 1), 400 * MILLI);
    assertThat(agent.standing()).isEqualTo(Standing.LEASED);

    on(new Event.Woken(), DEADLINE);
    assertThat(agent.standing()).isEqualTo(Standing.UNLEASED);
  }

  @Test
  void opensWhatIsGrantedAndPreparedAndSaysSoAfterTheWrite() {
    lease();
    assertThat(on(grant(5), 2 * MILLI)).noneMatch(Effect.Opened.class::isInstance);

    assertThat(on(new Event.Prepared(new TreeSet<>(List.of(ADDRESS))), 3 * MILLI))
        .contains(new Effect.Opened(ADDRESS, FIVE, FIRST));
    assertThat(on(grant(5), 4 * MILLI)).contains(new Effect.Opened(ADDRESS, FIVE, FIRST));
  }

  @Test
  void grantsThatComeTogetherNeedOneWrite() {
    IpAddress other = IpAddress.of("192.0.2.2");
    lease();
    on(new Event.Prepared(new TreeSet<>(List.of(ADDRESS, other))), 2 * MILLI);

    List<Effect> effects =
        agent.on(
            List.of(grant(5), new Event.Granted(other, new Epoch(6), FIRST), grant(7)), 3 * MILLI);

    assertThat(effects)
        .filteredOn(Effect.WriteGates.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            Effect.WriteGates.class,
            write -> assertThat(write.gates().open()).containsExactly(ADDRESS, other));
    assertThat(agent.held())
        .containsEntry(ADDRESS, new Epoch(7))
        .containsEntry(other, new Epoch(6));
  }

  @Test
  void acknowledgesAReleaseOnlyAfterTheWriteThatClosed() {
    hold();
    List<Effect> effects = agent.on(new Event.ReleaseAsked(ADDRESS, FIVE, FIRST), 5 * MILLI);

    assertThat(effects).noneMatch(Effect.Released.class::isInstance);
    long version =
        effects.stream()
            .filter(Effect.WriteGates.class::isInstance)
            .mapToLong(effect -> ((Effect.WriteGates) effect).gates().version())
            .findFirst()
            .orElseThrow();
    assertThat(agent.on(new Event.GatesWritten(version), 6 * MILLI))
        .contains(new Effect.Released(ADDRESS, FIVE, FIRST));
  }

  @Test
  void aGrantThatWasReleasedIsAnsweredByTheReleaseOnceMore() {
    hold();
    on(new Event.ReleaseAsked(ADDRESS, FIVE, FIRST), 5 * MILLI);

    assertThat(on(grant(5), 6 * MILLI)).contains(new Effect.Released(ADDRESS, FIVE, FIRST));
    assertThat(agent.held()).isEmpty();
    on(grant(6), 7 * MILLI);
    assertThat(agent.held()).containsEntry(ADDRESS, new Epoch(6));
  }

  @Test
  void aLateReleaseOfAFormerGrantTakesNothing() {
    hold();
    on(grant(6), 5 * MILLI);
    on(new Event.ReleaseAsked(ADDRESS, FIVE, FIRST), 6 * MILLI);

    assertThat(agent.held()).containsEntry(ADDRESS, new Epoch(6));
  }

  @Test
  void aLapseEndsTheIncarnationWithAllItsGrants() {
    hold();
    List<Effect> effects = on(new Event.Promised(0, 0, 2), DEADLINE);

    assertThat(agent.session()).isEqualTo(FIRST.next());
    assertThat(agent.held()).isEmpty();
    assertThat(effects.getFirst())
        .isInstanceOfSatisfying(
            Effect.WriteGates.class, write -> assertThat(write.gates().open()).isEmpty());
    on(grant(6), DEADLINE + MILLI);
    assertThat(agent.held()).isEmpty();
  }

  @Test
  void aMajorityOfRefusalsOrAFenceEndsTheSession() {
    lease();
    on(new Event.Nacked(0, 0), 5 * MILLI);
    assertThat(agent.session()).isEqualTo(FIRST);
    on(new Event.Nacked(2, 0), 5 * MILLI);
    assertThat(agent.session()).isEqualTo(FIRST.next());

    on(new Event.Fenced(FIRST), 6 * MILLI);
    assertThat(agent.session()).isEqualTo(FIRST.next());
    on(new Event.Fenced(FIRST.next()), 6 * MILLI);
    assertThat(agent.session()).isEqualTo(FIRST.next().next());
  }

  @Test
  void anIncarnationWithoutLeaseIsGivenUp() {
    on(new Event.Enlisted(LeaseProfile.DEFAULT.terms(), 3), 0);
    on(new Event.Woken(), DEADLINE);

    assertThat(agent.session()).isEqualTo(FIRST.next());
  }

  @Test
  void aLostUplinkReleasesAll() {
    hold();

    assertThat(on(new Event.UplinkLost(), 5 * MILLI))
        .contains(new Effect.Released(ADDRESS, FIVE, FIRST))
        .contains(new Effect.Beat(FIRST, Standing.UPLINK_DOWN));
    assertThat(on(grant(6), 6 * MILLI)).contains(new Effect.Released(ADDRESS, new Epoch(6), FIRST));
  }

  @Test
  void whoLeavesHoldsWhatItHolds() {
    hold();
    List<Effect> effects = on(new Event.Leaving(), 5 * MILLI);

    assertThat(effects).contains(new Effect.Beat(FIRST, Standing.LEAVING));
    assertThat(effects).noneMatch(Effect.WriteGates.class::isInstance);
    assertThat(agent.held()).containsKey(ADDRESS);
  }

  @Test
  void aWriteThatFailedIsTriedAgain() {
    lease();
    on(new Event.Prepared(new TreeSet<>(List.of(ADDRESS))), 2 * MILLI);
    Gates gates =
        agent.on(grant(5), 3 * MILLI).stream()
            .filter(Effect.WriteGates.class::isInstance)
            .map(effect -> ((Effect.WriteGates) effect).gates())
            .findFirst()
            .orElseThrow();
    agent.on(new Event.GatesFailed(gates.version()), 3 * MILLI);

    long retry = 3 * MILLI + AgentLeaseCore.WRITE_RETRY.toNanos();
    assertThat(on(new Event.Woken(), retry)).contains(new Effect.Opened(ADDRESS, FIVE, FIRST));
  }
}
