package io.egressgateway.node.lease;

import io.egressgateway.core.lease.AgentLeaseCore.Event.Granted;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.node.kernel.Uplink;
import io.egressgateway.node.lease.LeaseRunner.Errand;
import io.egressgateway.node.lease.LeaseRunner.Inbox;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** The place of a {@link Lookout}, manned while there is an uplink to watch. */
final class Watchpost {
  /** The first holder ever of an address asks the segment; later ones have it from the last. */
  private static final Epoch FIRST = Epoch.ZERO.next();

  private final Lookout.Opener lookouts;
  private final Inbox inbox;
  private final Set<IpAddress> probing = new HashSet<>();
  private final Set<IpAddress> unrivalled = new HashSet<>();
  private Optional<Lookout> lookout = Optional.empty();

  Watchpost(Lookout.Opener lookouts, Inbox inbox) {
    this.lookouts = lookouts;
    this.inbox = inbox;
  }

  boolean isManned() {
    return lookout.isPresent();
  }

  void man(Uplink uplink, SortedSet<IpAddress> open) {
    Lookout opened = lookouts.open(uplink.name(), inbox);
    lookout = Optional.of(opened);
    opened.hold(open);
  }

  void leave() {
    lookout.ifPresent(Lookout::close);
    lookout = Optional.empty();
    probing.clear();
    unrivalled.clear();
  }

  /** These addresses are ours. */
  void hold(SortedSet<IpAddress> open) {
    unrivalled.removeAll(List.copyOf(open));
    lookout.ifPresent(watch -> watch.hold(open));
  }

  /**
   * Whether the grant can be followed at once. If not, the segment is being asked, and the answer
   * comes as an errand. That takes a moment, which an address on the move does not have; a rival of
   * such a one is seen by the lookout.
   */
  boolean isClear(Granted grant, long sinceNanos) {
    IpAddress address = grant.address();
    if (lookout.isEmpty() || !grant.epoch().equals(FIRST) || unrivalled.contains(address)) {
      return true;
    }
    if (probing.add(address)) {
      var unused =
          lookout
              .get()
              .probe(new TreeSet<>(Set.of(address)))
              .thenAccept(
                  found ->
                      inbox.probed(
                          new Errand.Probed(
                              grant, Optional.ofNullable(found.get(address)), sinceNanos)));
    }
    return false;
  }

  /** The answer came. */
  void asked(Errand.Probed probed) {
    probing.remove(probed.grant().address());
    if (probed.rival().isEmpty()) {
      unrivalled.add(probed.grant().address());
    }
  }
}
