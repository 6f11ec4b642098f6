package io.egressgateway.core.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.lease.AgentLeaseCore.Effect;
import io.egressgateway.core.lease.AgentLeaseCore.Event;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessLoss;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Laws that hold whatever an agent is told, in whatever order; a failure names the seed. */
class AgentLeaseCorePropertyTest {
  private static final int SEEDS = 500;
  private static final int STEPS = 400;
  private static final long MILLI = 1_000_000;
  private static final NodeName NODE = new NodeName("node");
  private static final List<IpAddress> ADDRESSES =
      List.of(IpAddress.of("192.0.2.1"), IpAddress.of("192.0.2.2"));

  @Test
  void incarnationsGrowAndWhatWasReleasedStaysReleased() {
    for (long seed = 0; seed < SEEDS; seed++) {
      try {
        new Course(new Random(seed)).run();
      } catch (AssertionError failure) {
        throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
      }
    }
  }

  @Test
  void theSameEventsGiveTheSameEffects() {
    for (long seed = 0; seed < 20; seed++) {
      assertThat(new Course(new Random(seed)).run()).isEqualTo(new Course(new Random(seed)).run());
    }
  }

  private record Released(IpAddress address, Epoch epoch, NodeSession session) {}

  /** One random life of an agent. */
  private static final class Course {
    private final Random random;
    private final AgentLeaseCore agent =
        new AgentLeaseCore(Rules.ALL, new NodeSession(NODE, "boot", 0));
    private final Set<Released> released = new HashSet<>();
    private final StringBuilder story = new StringBuilder();
    private NodeSession last = agent.session();
    private SortedSet<IpAddress> prepared = new TreeSet<>();
    private long lastVersion;
    private long sequence;
    private long now;

    Course(Random random) {
      this.random = random;
    }

    String run() {
      take(new Event.Enlisted(LeaseProfile.DEFAULT.terms(), 3));
      for (int step = 0; step < STEPS; step++) {
        now += random.nextInt(20) == 0 ? random.nextInt(3_000) * MILLI : random.nextInt(60) * MILLI;
        Event event = any();
        if (event instanceof Event.Prepared(SortedSet<IpAddress> addresses)) {
          prepared = addresses;
        }
        take(event);
      }
      return story.toString();
    }

    private void take(Event event) {
      Optional<Gates> last = Optional.empty();
      for (Effect effect : agent.on(event, now)) {
        story.append(effect).append('\n');
        check(effect);
        if (effect instanceof Effect.WriteGates(Gates gates)) {
          last = Optional.of(gates);
        }
      }
      // Of the writes of one event only the last is carried out.
      last.ifPresent(gates -> assertThat(prepared).containsAll(gates.open()));
    }

    private void check(Effect effect) {
      switch (effect) {
        case Effect.WriteGates(Gates gates) -> {
          assertThat(gates.version()).isGreaterThan(lastVersion);
          lastVersion = gates.version();
          if (gates.isLeaseBound()) {
            assertThat(gates.deadlineNanos()).isGreaterThan(now);
            assertThat(gates.deadlineNanos()).isLessThanOrEqualTo(now + 1_950 * MILLI);
          }
        }
        case Effect.Renew(var session, long number, var lease) -> {
          assertThat(session).isGreaterThanOrEqualTo(last);
          sequence = number;
        }
        case Effect.SessionChanged(NodeSession session, Standing standing) -> {
          assertThat(session).isGreaterThanOrEqualTo(last);
          last = session;
        }
        case Effect.Released(IpAddress address, Epoch epoch, NodeSession session) ->
            released.add(new Released(address, epoch, session));
        case Effect.Opened(IpAddress address, Epoch epoch, NodeSession session) ->
            assertThat(released).doesNotContain(new Released(address, epoch, session));
        case Effect.Beat ignored -> {}
        case Effect.WakeAt ignored -> {}
      }
    }

    private WitnessLoss onLoss() {
      return random.nextInt(3) == 0 ? WitnessLoss.HOLD : WitnessLoss.CLOSE;
    }

    private Event any() {
      IpAddress address = ADDRESSES.get(random.nextInt(ADDRESSES.size()));
      Epoch epoch = new Epoch(1 + random.nextInt(8));
      long incarnation = agent.session().incarnation() - (random.nextInt(6) == 0 ? 1 : 0);
      NodeSession session = new NodeSession(NODE, "boot", Math.max(0, incarnation));
      return switch (random.nextInt(24)) {
        case 0, 1, 2, 3, 4, 5, 6, 7 ->
            new Event.Promised(random.nextInt(3), incarnation, sequence - random.nextInt(2));
        case 8 -> new Event.Nacked(random.nextInt(3), incarnation);
        case 9, 10 ->
            new Event.Prepared(
                new TreeSet<>(ADDRESSES.subList(0, random.nextInt(ADDRESSES.size() + 1))));
        case 11, 12, 13 -> new Event.Granted(address, epoch, session, onLoss());
        case 14 -> new Event.ReleaseAsked(address, epoch, session);
        case 15 ->
            random.nextInt(4) == 0 ? new Event.Fenced(session) : new Event.GatesFailed(lastVersion);
        case 16 -> random.nextBoolean() ? new Event.UplinkLost() : new Event.UplinkFound();
        case 17 -> new Event.Woken();
        default -> new Event.GatesWritten(lastVersion - random.nextInt(2));
      };
    }
  }
}
