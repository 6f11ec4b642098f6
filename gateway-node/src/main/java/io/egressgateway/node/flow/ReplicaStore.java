package io.egressgateway.node.flow;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.node.netlink.wire.conntrack.Tuple;
import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Connections of other nodes' egress IPs, as those nodes have told, until this one has to go on
 * with them. It reads no clock and does no I/O. For one thread.
 */
final class ReplicaStore {
  /** A connection that was not told of for so many rounds is over. */
  static final int ROUNDS_MAX = 30;

  /** An egress IP of which nothing was told for so long is another node's to know. */
  static final Duration SILENCE_MAX = Duration.ofMinutes(1);

  private record Kept(HandedFlow flow, long round) {}

  /** What is kept of an egress IP; what was told of longest ago comes first. */
  private static final class Replica {
    private final HandedEip eip;
    private final NodeName holder;
    private final Map<Tuple, Kept> flows = new LinkedHashMap<>();
    private long stream;
    private long heardNanos;

    Replica(HandedEip eip, NodeName holder, long stream) {
      this.eip = eip;
      this.holder = holder;
      this.stream = stream;
    }

    boolean isOf(FlowReplica part) {
      return eip.equals(part.eip()) && holder.equals(part.node());
    }

    void put(HandedFlow flow, long round) {
      flows.remove(flow.original());
      flows.put(flow.original(), new Kept(flow, round));
    }

    /** The sender has started again and counts its rounds anew. */
    void startOver(long newStream, long round) {
      stream = newStream;
      flows.replaceAll((tuple, kept) -> new Kept(kept.flow(), round));
    }

    void dropOlderThan(long round) {
      Iterator<Kept> oldest = flows.values().iterator();
      while (oldest.hasNext() && oldest.next().round() < round) {
        oldest.remove();
      }
    }

    boolean dropOldest() {
      Iterator<Tuple> oldest = flows.keySet().iterator();
      boolean isThere = oldest.hasNext();
      if (isThere) {
        oldest.next();
        oldest.remove();
      }
      return isThere;
    }
  }

  /** The connections of an egress IP. */
  record Taken(HandedEip eip, List<HandedFlow> flows) {
    Taken {
      flows = List.copyOf(flows);
    }
  }

  private final int flowsMax;
  private final Map<IpAddress, Replica> replicas = new TreeMap<>();

  /**
   * @param flowsMax of all egress IPs together; of more, those are dropped that were told of
   *     longest ago
   */
  ReplicaStore(int flowsMax) {
    this.flowsMax = flowsMax;
  }

  /**
   * Takes up what a holder tells.
   *
   * @return how many connections were dropped for it
   */
  long take(FlowReplica part, FlowChanges changes, long nanos) {
    IpAddress address = part.eip().address();
    Replica replica = replicas.get(address);
    if (replica == null || !replica.isOf(part)) {
      replica = new Replica(part.eip(), part.node(), part.stream());
      replicas.put(address, replica);
    } else if (replica.stream != part.stream()) {
      replica.startOver(part.stream(), part.round());
    }
    replica.heardNanos = nanos;
    for (Tuple tuple : changes.ended()) {
      replica.flows.remove(tuple);
    }
    for (HandedFlow flow : changes.flows()) {
      replica.put(flow, part.round());
    }
    replica.dropOlderThan(part.round() - ROUNDS_MAX);
    forgetSilent(nanos);
    return makeRoom();
  }

  private void forgetSilent(long nanos) {
    replicas
        .values()
        .removeIf(
            replica ->
                replica.flows.isEmpty() || nanos - replica.heardNanos > SILENCE_MAX.toNanos());
  }

  private long makeRoom() {
    long dropped = 0;
    for (long excess = size() - flowsMax; excess > 0; excess--) {
      Optional<Replica> silent =
          replicas.values().stream()
              .filter(replica -> !replica.flows.isEmpty())
              .min(Comparator.comparingLong(replica -> replica.heardNanos));
      if (silent.filter(Replica::dropOldest).isPresent()) {
        dropped++;
      }
    }
    return dropped;
  }

  /** The connections of the egress IP; they are kept no longer. Empty if there are none. */
  Optional<Taken> remove(IpAddress address, long nanos) {
    forgetSilent(nanos);
    return Optional.ofNullable(replicas.remove(address))
        .map(
            replica ->
                new Taken(replica.eip, replica.flows.values().stream().map(Kept::flow).toList()));
  }

  /** Whether connections of the egress IP are kept. */
  boolean has(IpAddress address) {
    return replicas.containsKey(address);
  }

  /** Connections that are kept. */
  long size() {
    return replicas.values().stream().mapToLong(replica -> replica.flows.size()).sum();
  }
}
