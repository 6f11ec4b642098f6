package io.egressgateway.core.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.lease.AgentLeaseCore.Effect;
import io.egressgateway.core.lease.AgentLeaseCore.Event;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessLoss;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an agent does with addresses that it may hold without a lease. */
class HeldGatesTest {
  private static final long MILLI = 1_000_000;
  private static final long LAPSE = 1_950 * MILLI;
  private static final IpAddress HELD = IpAddress.of("192.0.2.1");
  private static final IpAddress BOUND = IpAddress.of("192.0.2.2");
  private static final NodeSession FIRST = new NodeSession(new NodeName("node"), "boot", 0);
  private static final NodeSession SECOND = FIRST.next();
  private static final Epoch FIVE = new Epoch(5);

  private final AgentLeaseCore agent = new AgentLeaseCore(Rules.ALL, FIRST);
  private Gates written = new Gates(0, new TreeSet<>(), 0);

  private List<Effect> on(Event event, long now) {
    List<Effect> all = new ArrayList<>();
    for (Effect effect : agent.on(event, now)) {
      all.add(effect);
      if (effect instanceof Effect.WriteGates(Gates gates)) {
        written = gates;
        all.addAll(on(new Event.GatesWritten(gates.version()), now));
      }
    }
    return all;
  }

  @BeforeEach
  void holdBoth() {
    on(new Event.Enlisted(LeaseProfile.DEFAULT.terms(), 3), 0);
    promise(FIRST, 1, MILLI);
    on(new Event.Prepared(new TreeSet<>(List.of(HELD, BOUND))), 2 * MILLI);
    on(grant(FIVE, FIRST), 3 * MILLI);
    on(new Event.Granted(BOUND, FIVE, FIRST), 3 * MILLI);
  }

  private void promise(NodeSession session, long sequence, long now) {
    on(new Event.Promised(0, session.incarnation(), sequence), now);
    on(new Event.Promised(1, session.incarnation(), sequence), now);
  }

  private static Event grant(Epoch epoch, NodeSession session) {
    return new Event.Granted(HELD, epoch, session, WitnessLoss.HOLD);
  }

  private static long sequenceOf(List<Effect> effects) {
    return effects.stream()
        .filter(Effect.Renew.class::isInstance)
        .mapToLong(effect -> ((Effect.Renew) effect).sequence())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theKernelIsToldFromTheBeginningWhatStaysOpenWithoutALease() {
    assertThat(written.open()).containsExactly(HELD, BOUND);
    assertThat(written.held()).containsExactly(HELD);
  }

  @Test
  void aLapseClosesWhatIsBoundToTheLeaseAndNothingElse() {
    List<Effect> effects = on(new Event.Woken(), LAPSE);

    assertThat(written.open()).containsExactly(HELD);
    assertThat(written.held()).containsExactly(HELD);
    assertThat(agent.held()).containsOnlyKeys(HELD);
    assertThat(effects)
        .contains(new Effect.SessionChanged(SECOND, Standing.HOLDING))
        .contains(new Effect.Beat(SECOND, Standing.HOLDING));
  }

  @Test
  void aNewLeaseLeavesItInTheNameOfTheSessionThatItWasGrantedTo() {
    long sequence = sequenceOf(on(new Event.Woken(), LAPSE));
    promise(SECOND, sequence, LAPSE + MILLI);

    assertThat(agent.standing()).isEqualTo(Standing.LEASED);
    assertThat(written.open()).containsExactly(HELD);
    assertThat(on(grant(FIVE, FIRST), LAPSE + 2 * MILLI))
        .contains(new Effect.Opened(HELD, FIVE, FIRST));
  }

  @Test
  void aLateGrantOfTheFormerLeaseOpensNothing() {
    on(new Event.Woken(), LAPSE);
    on(new Event.Granted(BOUND, new Epoch(6), FIRST), LAPSE + MILLI);
    assertThat(on(grant(new Epoch(6), FIRST), LAPSE + MILLI))
        .contains(new Effect.Released(HELD, new Epoch(6), FIRST));

    assertThat(written.open()).containsExactly(HELD);
  }

  @Test
  void itIsRepeatedWithEveryRenewalSoThatWhoKnowsBetterCanObject() {
    on(new Event.Woken(), LAPSE);

    assertThat(on(new Event.Woken(), LAPSE + 500 * MILLI))
        .contains(new Effect.Opened(HELD, FIVE, FIRST));
  }

  @Test
  void aReleaseClosesItWhoeverHoldsItNow() {
    on(new Event.Woken(), LAPSE);
    List<Effect> effects = agent.on(new Event.ReleaseAsked(HELD, FIVE, FIRST), LAPSE + MILLI);

    assertThat(effects)
        .contains(new Effect.SessionChanged(SECOND, Standing.UNLEASED))
        .noneMatch(Effect.Released.class::isInstance);
    Gates gates =
        effects.stream()
            .filter(Effect.WriteGates.class::isInstance)
            .map(effect -> ((Effect.WriteGates) effect).gates())
            .findFirst()
            .orElseThrow();
    assertThat(gates.open()).isEmpty();
    assertThat(on(new Event.GatesWritten(gates.version()), LAPSE + 2 * MILLI))
        .contains(new Effect.Released(HELD, FIVE, FIRST));
    assertThat(on(grant(FIVE, FIRST), LAPSE + 3 * MILLI))
        .contains(new Effect.Released(HELD, FIVE, FIRST));
  }

  @Test
  void refusalsAndFencesEndTheSessionAndNotWhatIsHeldOn() {
    on(new Event.Nacked(0, 0), 4 * MILLI);
    on(new Event.Nacked(1, 0), 4 * MILLI);
    on(new Event.Fenced(SECOND), 5 * MILLI);

    assertThat(agent.session()).isEqualTo(SECOND.next());
    assertThat(written.open()).containsExactly(HELD);
  }

  @Test
  void anAgentThatStartedAnewHoldsNothingAndSaysSo() {
    AgentLeaseCore restarted = new AgentLeaseCore(Rules.ALL, SECOND);
    Event.Enlisted enlisted = new Event.Enlisted(LeaseProfile.DEFAULT.terms(), 3);
    restarted.on(enlisted, 0);

    assertThat(restarted.on(grant(FIVE, FIRST), MILLI))
        .as("before the kernel has let go")
        .noneMatch(Effect.Released.class::isInstance);
    assertThat(restarted.on(new Event.GatesWritten(1), 2 * MILLI))
        .contains(new Effect.Released(HELD, FIVE, FIRST));
  }

  @Test
  void anUplinkThatIsLostReleasesIt() {
    on(new Event.Woken(), LAPSE);

    assertThat(on(new Event.UplinkLost(), LAPSE + MILLI))
        .contains(new Effect.Released(HELD, FIVE, FIRST));
    assertThat(written.open()).isEmpty();
  }

  @Test
  void aDismissalClosesIt() {
    on(new Event.Woken(), LAPSE);
    on(new Event.Dismissed(), LAPSE + MILLI);

    assertThat(written.open()).isEmpty();
    assertThat(agent.standing()).isEqualTo(Standing.UNLEASED);
  }

  @Test
  void withoutALeaseTheKernelIsWrittenWithEveryRenewal() {
    on(new Event.Woken(), LAPSE);

    assertThat(on(new Event.Woken(), LAPSE + 500 * MILLI))
        .anyMatch(Effect.WriteGates.class::isInstance);
  }
}
