package io.egressgateway.node.flow;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.node.netlink.wire.conntrack.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What other nodes were told of this node's connections, and what they are to be told next: what
 * ended; what began or changed, the oldest first; and then again what they were told {@link
 * #REPEAT_ROUNDS} rounds ago, so that nothing that got lost stays lost. It reads no clock and does
 * no I/O. For one thread.
 */
final class ReplicaFeed {
  /** Each connection is told of again after so many rounds. */
  static final int REPEAT_ROUNDS = 10;

  /** The part of a round's connections that repetitions may have beyond it. */
  private static final int REPEATED_SHARE = 5;

  /**
   * @param told connections, of all egress IPs together, that other nodes know of; others are left
   *     out
   * @param aRound connections that one round tells of, and a fifth more that are told again
   */
  record Limits(int told, int aRound) {}

  /** What is to be told of one egress IP. */
  record Told(Replicated replicated, FlowChanges changes) {}

  /**
   * @param told connections that other nodes know of
   * @param leftOut connections that they are not told of, because there are too many
   * @param lagNanos for how long the one that has waited longest has been waiting
   */
  record Progress(long told, long leftOut, long lagNanos) {}

  /** What one round tells. */
  record Round(long number, List<Told> told, Progress progress) {}

  private record Sent(HandedFlow flow, long round) {}

  private record Fresh(Followed of, HandedFlow flow, long sinceNanos) {}

  /** An egress IP; what was sent longest ago comes first. */
  private static final class Followed {
    private final Replicated replicated;
    private final Map<Tuple, Sent> sent = new LinkedHashMap<>();
    private Map<Tuple, Long> waiting = new HashMap<>();
    private final List<HandedFlow> flows = new ArrayList<>();
    private final List<Tuple> ended = new ArrayList<>();

    Followed(Replicated replicated) {
      this.replicated = replicated;
    }

    void send(HandedFlow flow, long round) {
      sent.remove(flow.original());
      sent.put(flow.original(), new Sent(flow, round));
      waiting.remove(flow.original());
      flows.add(flow);
    }

    void end(Tuple tuple) {
      sent.remove(tuple);
      ended.add(tuple);
    }

    Told told() {
      Told told = new Told(replicated, new FlowChanges(flows, ended));
      flows.clear();
      ended.clear();
      return told;
    }
  }

  private final Limits limits;
  private final Map<IpAddress, Followed> followed = new TreeMap<>();
  private long round;

  ReplicaFeed(Limits limits) {
    this.limits = limits;
  }

  /** These are replicated from now on; whoever was not told of one before is told everything. */
  void follow(Collection<Replicated> all) {
    Map<IpAddress, Followed> next = new TreeMap<>();
    for (Replicated each : all) {
      Followed known = followed.get(each.eip().address());
      next.put(
          each.eip().address(),
          known != null && known.replicated.equals(each) ? known : new Followed(each));
    }
    followed.clear();
    followed.putAll(next);
  }

  /** What to tell, now that the kernel has these connections. */
  Round next(Map<IpAddress, List<HandedFlow>> now, long nanos) {
    round++;
    Map<Followed, Map<Tuple, HandedFlow>> present = new LinkedHashMap<>();
    List<Fresh> fresh = new ArrayList<>();
    followed.forEach(
        (address, each) -> {
          Map<Tuple, HandedFlow> flows = new LinkedHashMap<>();
          now.getOrDefault(address, List.of()).forEach(flow -> flows.put(flow.original(), flow));
          present.put(each, flows);
          fresh.addAll(fresh(each, flows, nanos));
        });
    int budget = limits.aRound();
    budget -= end(present, budget);
    long before = told();
    long leftOut = 0;
    fresh.sort(Comparator.comparingLong(Fresh::sinceNanos));
    long lag = 0;
    for (Fresh each : fresh) {
      boolean isKnown = each.of().sent.containsKey(each.flow().original());
      if (!isKnown && before >= limits.told()) {
        leftOut++;
      } else if (budget == 0) {
        lag = Math.max(lag, nanos - each.sinceNanos());
      } else {
        each.of().send(each.flow(), round);
        before += isKnown ? 0 : 1;
        budget--;
      }
    }
    // In a flood, too: what is not repeated is taken to be over.
    repeat(present, Math.max(budget, limits.aRound() / REPEATED_SHARE));
    List<Told> told =
        followed.values().stream()
            .map(Followed::told)
            .filter(each -> each.changes().size() > 0)
            .toList();
    return new Round(round, told, new Progress(told(), leftOut, lag));
  }

  private static List<Fresh> fresh(Followed of, Map<Tuple, HandedFlow> present, long nanos) {
    List<Fresh> fresh = new ArrayList<>();
    Map<Tuple, Long> waiting = new HashMap<>();
    present.forEach(
        (tuple, flow) -> {
          Sent sent = of.sent.get(tuple);
          if (sent == null || !sent.flow().isAs(flow)) {
            long since = of.waiting.getOrDefault(tuple, nanos);
            waiting.put(tuple, since);
            fresh.add(new Fresh(of, flow, since));
          }
        });
    of.waiting = waiting;
    return fresh;
  }

  /** How many were told to have ended. */
  private static int end(Map<Followed, Map<Tuple, HandedFlow>> present, int budget) {
    int ended = 0;
    for (Map.Entry<Followed, Map<Tuple, HandedFlow>> entry : present.entrySet()) {
      Followed each = entry.getKey();
      List<Tuple> over =
          each.sent.keySet().stream()
              .filter(tuple -> !entry.getValue().containsKey(tuple))
              .limit((long) budget - ended)
              .toList();
      over.forEach(each::end);
      ended += over.size();
    }
    return ended;
  }

  private void repeat(Map<Followed, Map<Tuple, HandedFlow>> present, int budget) {
    int left = budget;
    for (Map.Entry<Followed, Map<Tuple, HandedFlow>> entry : present.entrySet()) {
      Followed each = entry.getKey();
      List<HandedFlow> old =
          each.sent.entrySet().stream()
              .takeWhile(sent -> sent.getValue().round() <= round - REPEAT_ROUNDS)
              .filter(sent -> entry.getValue().containsKey(sent.getKey()))
              .map(sent -> entry.getValue().getOrDefault(sent.getKey(), sent.getValue().flow()))
              .limit(left)
              .toList();
      old.forEach(flow -> each.send(flow, round));
      left -= old.size();
    }
  }

  private long told() {
    return followed.values().stream().mapToLong(each -> each.sent.size()).sum();
  }
}
