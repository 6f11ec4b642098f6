package io.egressgateway.load.sim;

import io.egressgateway.core.event.EipEvent;
import io.egressgateway.core.event.EipEvent.EipAssigned;
import io.egressgateway.core.event.EipEvent.EipMoved;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessLoss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What really happened in a run, and which invariants that broke. No process ever sees it. */
final class Audit {
  /** How late a kernel may close: its timer's tick, and the check after a write (R12). */
  private static final long KERNEL_SLACK = 5 * Chance.MILLI;

  /** Clocks are as wrong as is assumed, or the mutant is about just that. */
  private static final double CLOCK_SLACK = 1.004;

  /** Kept per run; one is enough to fail it. */
  private static final int VIOLATIONS_MAX = 1_000;

  /** One question to the witnesses. */
  record Ballot(int authority, NodeSession session, long round) {}

  /** Until when gates may be open, in true time: by the promises, and by the agent's deadline. */
  record Limit(long promisedNanos, long deadlineNanos) {
    static final Limit NONE = new Limit(Long.MAX_VALUE, Long.MAX_VALUE);
  }

  private record Ack(IpAddress address, Epoch epoch, NodeSession session) {}

  private final World world;
  private final List<Violation> violations = new ArrayList<>();
  private final Map<NodeSession, long[]> promises = new HashMap<>();
  private final Map<Ballot, long[]> votes = new HashMap<>();
  private final Map<String, NodeSession> latest = new HashMap<>();
  private final Set<NodeSession> certified = new HashSet<>();
  private final Set<Ack> acks = new HashSet<>();

  Audit(World world) {
    this.world = world;
  }

  List<Violation> violations() {
    return violations;
  }

  void broken(Invariant invariant, String what) {
    world.trace("BROKEN {}: {}", invariant, what);
    if (violations.size() < VIOLATIONS_MAX) {
      violations.add(new Violation(invariant, world.agenda().now(), 0, what));
    }
  }

  /** A witness promised what was asked at a time. */
  void promised(int witness, NodeSession session, long askedAt) {
    long[] times = promises.computeIfAbsent(session, key -> never());
    times[witness] = Math.max(times[witness], askedAt);
  }

  void voted(int witness, Ballot ballot) {
    long[] times = votes.computeIfAbsent(ballot, key -> never());
    if (times[witness] == Long.MIN_VALUE) {
      times[witness] = world.agenda().now();
    }
  }

  /** I8. */
  void renewed(int node, NodeSession session) {
    NodeSession before = latest.get(node + session.bootId());
    if (before != null && before.isLaterThan(session)) {
      broken(Invariant.I8, session + " renews after " + before);
    }
    latest.put(node + session.bootId(), session);
  }

  void released(IpAddress address, Epoch epoch, NodeSession session) {
    acks.add(new Ack(address, epoch, session));
  }

  /** A certificate was formed (I3). */
  void certified(NodeSession session) {
    certified.add(session);
    for (AgentProcess agent : world.agents()) {
      if (agent.kernel.session().filter(session::equals).isPresent()) {
        broken(Invariant.I3, session + " has gates open when its certificate is formed");
      }
    }
  }

  /** Gates that need no lease open or stay open by this write (I6). */
  void heldOpen(NodeKernel.Write write, Map<IpAddress, Epoch> held) {
    held.forEach(
        (address, epoch) -> {
          boolean good =
              world
                  .journal()
                  .named(address, epoch)
                  .filter(owner -> WitnessLoss.HOLD.serves(owner, write.session()))
                  .filter(owner -> isCommitted(address, epoch, owner))
                  .isPresent();
          if (!good) {
            broken(Invariant.I6, address + " epoch " + epoch + " is held by " + write.session());
          }
        });
  }

  /** Gates open or stay open by this write; tells until when they may (I2, I3, I6, I10). */
  Limit gatesOpen(NodeKernel.Write write, Map<IpAddress, Epoch> open) {
    if (certified.contains(write.session())) {
      broken(Invariant.I3, write.session() + " opens gates after its certificate");
    }
    open.forEach(
        (address, epoch) -> {
          if (!isCommitted(address, epoch, write.session())) {
            broken(Invariant.I6, address + " epoch " + epoch + " is open under " + write.session());
          }
        });
    long[] times = promises.getOrDefault(write.session(), never()).clone();
    Arrays.sort(times);
    long majority = times[(times.length - 1) / 2];
    long lease = world.terms().lease().toNanos();
    return new Limit(
        majority == Long.MIN_VALUE ? majority : majority + (long) (lease * CLOCK_SLACK),
        world.agent(write.session()).clock.trueTime(write.gates().deadlineNanos()));
  }

  /** Gates were open up to now. */
  void wereOpen(String who, Limit limit) {
    long now = world.agenda().now();
    if (now > limit.promisedNanos() + KERNEL_SLACK && limit.promisedNanos() != Long.MAX_VALUE) {
      broken(Invariant.I2, who + " had gates open longer than a majority had promised");
    }
    if (now > limit.deadlineNanos() && now - limit.deadlineNanos() > KERNEL_SLACK) {
      broken(Invariant.I10, who + " had gates open after its deadline");
    }
  }

  /** I5: a grant is on its way. */
  void granted(IpAddress address, Epoch epoch, NodeSession session) {
    if (!isCommitted(address, epoch, session)) {
      broken(Invariant.I5, address + " epoch " + epoch + " is granted to " + session);
    }
  }

  /** Assigned in the journal, or named there as the next owner while the owner has stopped. */
  private boolean isCommitted(IpAddress address, Epoch epoch, NodeSession session) {
    if (world.journal().isAssigned(address, epoch, session)) {
      return true;
    }
    Epoch former = new Epoch(epoch.value() - 1);
    return world.journal().named(address, epoch).equals(Optional.of(session))
        && world
            .journal()
            .named(address, former)
            .filter(of -> hasStopped(address, former, of))
            .isPresent();
  }

  private boolean hasStopped(IpAddress address, Epoch epoch, NodeSession session) {
    // Its word, or an operator's when its machine is off.
    if (acks.contains(new Ack(address, epoch, session))
        || !world.agent(session).isOfThisBoot(session)) {
      return true;
    }
    NodeSession last = latest.get(key(session));
    return switch (world.onLoss(address)) {
      case CLOSE -> certified.contains(session) || (last != null && last.isLaterThan(session));
      case HOLD -> false;
    };
  }

  private String key(NodeSession session) {
    return world.agent(session).node + session.bootId();
  }

  /** Facts were journalled after others (I4, I16). */
  void journalled(IpAddress address, Journal.Append append) {
    Epoch last = Epoch.ZERO;
    for (EipEvent event : append.before()) {
      if (event instanceof EipAssigned assigned) {
        last = assigned.epoch();
      } else if (event instanceof EipMoved moved) {
        last = moved.epoch();
      }
    }
    for (EipEvent event : append.events()) {
      if (event instanceof EipAssigned assigned) {
        last = moved(address, last, assigned.epoch(), assigned.proof());
      } else if (event instanceof EipMoved moved) {
        last = moved(address, last, moved.epoch(), moved.proof());
      }
    }
  }

  private Epoch moved(IpAddress address, Epoch last, Epoch next, OwnershipProof proof) {
    if (!next.equals(last.next())) {
      broken(Invariant.I4, address + " epoch " + next + " after " + last);
    }
    if (!isProved(address, proof, last)
        || !(last.equals(Epoch.ZERO) || proof.frees(world.onLoss(address)))) {
      broken(Invariant.I16, address + " epoch " + next + ": " + proof);
    }
    return next;
  }

  private boolean isProved(IpAddress address, OwnershipProof proof, Epoch former) {
    return switch (proof) {
      case OwnershipProof.NeverHeld ignored -> former.equals(Epoch.ZERO);
      case OwnershipProof.ReleaseAcknowledged(NodeSession of) ->
          acks.contains(new Ack(address, former, of));
      case OwnershipProof.Certificate certificate ->
          world.authorities().stream().anyMatch(authority -> isVoted(authority.index, certificate));
      case OwnershipProof.LaterIncarnation(NodeSession of, NodeSession later) ->
          later.isLaterThan(of) && !isOpenUnder(of);
      // Nobody in this world withholds anything.
      case OwnershipProof.NeverGranted ignored -> false;
      case OwnershipProof.FenceAsserted fence -> !world.agent(fence.of()).isOfThisBoot(fence.of());
    };
  }

  private boolean isVoted(int authority, OwnershipProof.Certificate certificate) {
    long[] times =
        votes.getOrDefault(new Ballot(authority, certificate.of(), certificate.round()), never());
    long[] counted =
        certificate.witnesses().stream().mapToLong(witness -> times[witness]).sorted().toArray();
    return counted.length > times.length / 2
        && counted[0] != Long.MIN_VALUE
        && counted[counted.length - 1] - counted[0]
            <= world.terms().lease().toNanos() / 2.0 * CLOCK_SLACK;
  }

  private boolean isOpenUnder(NodeSession session) {
    return world.agents().stream()
        .anyMatch(agent -> agent.kernel.session().filter(session::equals).isPresent());
  }

  private long[] never() {
    long[] times = new long[world.witnesses().size()];
    Arrays.fill(times, Long.MIN_VALUE);
    return times;
  }
}
