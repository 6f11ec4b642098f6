package io.egressgateway.node.lease;

import io.egressgateway.core.lease.AgentLeaseCore.Event.Granted;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.node.kernel.Uplink;
import io.egressgateway.node.lease.LeaseRunner.Errand;
import io.egressgateway.node.lease.LeaseRunner.Inbox;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The place of the {@link Lookout}s, manned while there is an uplink to watch: one on the uplink,
 * and one on each further link that answers for addresses. Whether the uplink leads anywhere
 * concerns the whole node; that another link does not is no reason to give up what others carry.
 */
final class Watchpost {
  /** The first holder ever of an address asks the segment; later ones have it from the last. */
  private static final Epoch FIRST = Epoch.ZERO.next();

  private final Lookout.Opener opener;
  private final Inbox inbox;
  private final Set<IpAddress> probing = new HashSet<>();
  private final Set<IpAddress> unrivalled = new HashSet<>();
  private final SortedMap<String, Lookout> lookouts = new TreeMap<>();
  private Optional<Uplink> uplink = Optional.empty();

  Watchpost(Lookout.Opener opener, Inbox inbox) {
    this.opener = opener;
    this.inbox = inbox;
  }

  boolean isManned() {
    return uplink.isPresent();
  }

  /**
   * Looks out on this uplink, and on the links of these addresses.
   *
   * @param watched has the name of the one before, unless nobody looked out
   * @param open those of the addresses that are ours
   */
  void man(Uplink watched, SortedSet<IpAddress> addresses, SortedSet<IpAddress> open) {
    uplink = Optional.of(watched);
    SortedSet<String> links = new TreeSet<>(Set.of(watched.name()));
    NodeAddressSlot.without(addresses)
        .forEach(address -> links.add(watched.portOf(address).name()));
    for (String link : List.copyOf(lookouts.keySet())) {
      if (!links.contains(link)) {
        Optional.ofNullable(lookouts.remove(link)).ifPresent(Lookout::close);
      }
    }
    for (String link : links) {
      lookouts.computeIfAbsent(
          link,
          name ->
              opener.open(name, name.equals(watched.name()) ? inbox : new OfFurtherLink(inbox)));
    }
    hold(open);
  }

  /** What is seen of a link that the node's standing does not depend on. */
  private record OfFurtherLink(Inbox inbox) implements Lookout.Sightings {
    @Override
    public void uplinkLost() {
      // The watch has logged it; what is on the other links goes on.
    }

    @Override
    public void uplinkFound() {
      // As above.
    }

    @Override
    public void conflict(IpAddress address, MacAddress mac) {
      inbox.conflict(address, mac);
    }
  }

  void leave() {
    lookouts.values().forEach(Lookout::close);
    lookouts.clear();
    uplink = Optional.empty();
    probing.clear();
    unrivalled.clear();
  }

  /** These addresses are ours. */
  void hold(SortedSet<IpAddress> open) {
    unrivalled.removeAll(List.copyOf(open));
    uplink.ifPresent(
        known ->
            lookouts.forEach(
                (link, lookout) -> {
                  SortedSet<IpAddress> onLink = new TreeSet<>(open);
                  onLink.removeIf(address -> !known.portOf(address).name().equals(link));
                  lookout.hold(onLink);
                }));
  }

  /**
   * Whether the grant can be followed at once. If not, the segment is being asked, and the answer
   * comes as an errand. That takes a moment, which an address on the move does not have; a rival of
   * such a one is seen by the lookout.
   */
  boolean isClear(Granted grant, long sinceNanos) {
    IpAddress address = grant.address();
    Optional<Lookout> lookout = uplink.map(known -> lookouts.get(known.portOf(address).name()));
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
