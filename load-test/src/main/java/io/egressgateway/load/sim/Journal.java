package io.egressgateway.load.sim;

import io.egressgateway.core.event.EipEvent;
import io.egressgateway.core.event.EipEvent.EipAssigned;
import io.egressgateway.core.event.EipEvent.EipMoveDecided;
import io.egressgateway.core.event.EipEvent.EipMoved;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The database: one row per fact, with the number of the row as primary key, so that of two writers
 * with the same history one fails. It can be slow, be down, or break the connection so that the
 * writer does not learn what became of his write.
 */
final class Journal {

  /** What a writer learns. */
  enum Result {
    WRITTEN,
    /** Somebody else wrote first. */
    CONFLICT,
    /** Written or not; only reading tells. */
    UNKNOWN
  }

  /**
   * A write.
   *
   * @param before all facts that the writer knew
   */
  record Append(List<EipEvent> before, List<EipEvent> events) {
    Append {
      before = List.copyOf(before);
      events = List.copyOf(events);
    }
  }

  private final World world;
  private final SortedMap<IpAddress, List<EipEvent>> rows = new TreeMap<>();
  private final SortedMap<NodeName, SortedSet<NodeSession>> denials = new TreeMap<>();
  private long downUntil;

  Journal(World world) {
    this.world = world;
  }

  void fail(long nanos) {
    downUntil = Math.max(downUntil, world.agenda().now() + nanos);
  }

  void heal() {
    downUntil = 0;
  }

  /** A fact from before the run. */
  void append(IpAddress address, EipEvent event) {
    rows.computeIfAbsent(address, key -> new ArrayList<>()).add(event);
  }

  boolean isReachable(AuthorityProcess by) {
    return world.agenda().now() >= downUntil
        && !world.network().isCut(by.index, world.journalIndex());
  }

  /** All facts about the address. */
  List<EipEvent> read(IpAddress address) {
    return List.copyOf(rows.getOrDefault(address, List.of()));
  }

  /** The sessions of the node that are denied renewals. */
  SortedSet<NodeSession> denied(NodeName node) {
    return new TreeSet<>(denials.getOrDefault(node, Collections.emptySortedSet()));
  }

  /** Whether the session owns, or owned, the address in this epoch. */
  boolean isAssigned(IpAddress address, Epoch epoch, NodeSession session) {
    boolean since =
        rows.getOrDefault(address, List.of()).stream()
            .anyMatch(
                event ->
                    (event instanceof EipAssigned assigned && assigned.epoch().equals(epoch))
                        || (event instanceof EipMoved moved && moved.epoch().equals(epoch)));
    return since && named(address, epoch).equals(Optional.of(session));
  }

  /** The owner of the address in this epoch, or who is to be its owner by a move decided on. */
  Optional<NodeSession> named(IpAddress address, Epoch epoch) {
    Optional<NodeSession> named = Optional.empty();
    for (EipEvent event : rows.getOrDefault(address, List.of())) {
      if (event instanceof EipAssigned assigned && assigned.epoch().equals(epoch)) {
        named = Optional.of(assigned.session());
      } else if (event instanceof EipMoveDecided decided && decided.epoch().next().equals(epoch)) {
        named = Optional.of(decided.successor());
      }
    }
    return named;
  }

  /** Writes some time from now that the session is denied renewals. */
  void deny(AuthorityProcess by, NodeSession session, Consumer<Result> then) {
    commit(
        by,
        () -> {
          denials.computeIfAbsent(session.node(), node -> new TreeSet<>()).add(session);
          world.trace("journal {}: denied", session);
          return Result.WRITTEN;
        },
        then);
  }

  /** Writes some time from now; the answer comes in the same instant, or late. */
  void append(AuthorityProcess by, IpAddress address, Append append, Consumer<Result> then) {
    commit(by, () -> write(address, append), then);
  }

  private void commit(AuthorityProcess by, Supplier<Result> write, Consumer<Result> then) {
    Chance chance = world.chance();
    long commit = chance.between(2 * Chance.MILLI, 17 * Chance.MILLI);
    if (world.isHostile() && chance.oneIn(200)) {
      commit += chance.between(0, 3 * Chance.SECOND);
    }
    boolean broken = world.isHostile() && chance.oneIn(200);
    boolean lost = broken && chance.oneIn(2);
    long answer = broken ? chance.between(0, Chance.SECOND) : 0;
    // What is on its way is written even if the writer dies meanwhile.
    world
        .agenda()
        .after(
            commit,
            () -> {
              Result result = lost || !isReachable(by) ? Result.UNKNOWN : write.get();
              Result learnt = broken ? Result.UNKNOWN : result;
              by.after(answer, () -> then.accept(learnt));
            });
  }

  private Result write(IpAddress address, Append append) {
    List<EipEvent> current = rows.getOrDefault(address, List.of());
    boolean checked = world.physics().journal() != Physics.Journal.LAST_WRITER_WINS;
    if (checked && current.size() != append.before().size()) {
      return Result.CONFLICT;
    }
    world.audit().journalled(address, append);
    List<EipEvent> next = new ArrayList<>(append.before());
    next.addAll(append.events());
    rows.put(address, next);
    world.trace("journal {}: {}", address, append.events());
    return Result.WRITTEN;
  }
}
