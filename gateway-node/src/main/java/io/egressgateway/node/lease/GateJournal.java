package io.egressgateway.node.lease;

import io.egressgateway.core.lease.AgentLeaseCore.Event;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeSession;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line in the log for each gate that opens or closes, with its reason and how long it took. */
final class GateJournal {
  private static final Logger LOG = LoggerFactory.getLogger(GateJournal.class);
  private static final long NANOS_PER_MICRO = 1000;
  private static final String GRANTED = "granted";

  private record Cause(String reason, long sinceNanos) {}

  private record Grant(Epoch epoch, NodeSession session, Cause cause) {}

  private final Map<IpAddress, Grant> grants = new HashMap<>();
  private final Map<IpAddress, Cause> causes = new HashMap<>();
  private SortedSet<IpAddress> decided = new TreeSet<>();
  private SortedSet<IpAddress> open = new TreeSet<>();
  private Cause cause = new Cause("start", 0);

  /** What happens from now on is due to this. */
  void note(Event event, long sinceNanos) {
    cause = new Cause(reason(event), sinceNanos);
    // A grant that is not followed moves no gate, and is not asked for here.
    if (event instanceof Event.Granted(var address, var epoch, var session, var ignored)) {
      grants.put(address, new Grant(epoch, session, cause));
    }
  }

  private static String reason(Event event) {
    return switch (event) {
      case Event.Granted ignored -> GRANTED;
      case Event.ReleaseAsked ignored -> "release asked";
      case Event.Prepared ignored -> "kernel prepared";
      case Event.Fenced ignored -> "fenced";
      case Event.Nacked ignored -> "refused by witnesses";
      case Event.UplinkLost ignored -> "uplink lost";
      case Event.UplinkFound ignored -> "uplink found";
      case Event.Dismissed ignored -> "dismissed";
      case Event.Enlisted ignored -> "enlisted";
      case Event.Leaving ignored -> "leaving";
      case Event.Promised ignored -> "leased";
      case Event.Woken ignored -> "lease over";
      case Event.GatesWritten ignored -> "written";
      case Event.GatesFailed ignored -> "not written";
    };
  }

  /** These gates are to be open. */
  void decide(SortedSet<IpAddress> next) {
    symmetricDifference(decided, next).forEach(address -> causes.put(address, causeOf(address)));
    decided = next;
  }

  /** Grants come several at a time, each with a time of its own. */
  private Cause causeOf(IpAddress address) {
    Grant grant = grants.get(address);
    return cause.reason().equals(GRANTED) && grant != null ? grant.cause() : cause;
  }

  /** These gates are open. */
  void taken(SortedSet<IpAddress> next, long nowNanos) {
    for (IpAddress address : symmetricDifference(open, next)) {
      Cause why = Optional.ofNullable(causes.remove(address)).orElse(cause);
      Optional<Grant> grant = Optional.ofNullable(grants.get(address));
      LOG.info(
          "gate {} eip={} epoch={} session={} reason=\"{}\" tookMicros={}",
          next.contains(address) ? "opened" : "closed",
          address,
          grant.map(of -> of.epoch().toString()).orElse("unknown"),
          grant.map(of -> of.session().toString()).orElse("unknown"),
          why.reason(),
          (nowNanos - why.sinceNanos()) / NANOS_PER_MICRO);
      if (!next.contains(address)) {
        grants.remove(address);
      }
    }
    open = next;
  }

  private static SortedSet<IpAddress> symmetricDifference(
      SortedSet<IpAddress> one, SortedSet<IpAddress> other) {
    if (one.equals(other)) {
      return new TreeSet<>();
    }
    SortedSet<IpAddress> difference = new TreeSet<>(one);
    difference.removeAll(other);
    SortedSet<IpAddress> rest = new TreeSet<>(other);
    rest.removeAll(one);
    difference.addAll(rest);
    return difference;
  }
}
