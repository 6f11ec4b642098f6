package io.egressgateway.node.flow;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.netlink.ConntrackNetlink;
import io.egressgateway.node.netlink.socket.Errno;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.conntrack.ConntrackEntry;
import io.egressgateway.node.netlink.wire.conntrack.FlowKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The connections of egress IPs in the kernel of this node. It belongs to the network namespace,
 * and to the thread, that opened it.
 */
final class FlowTable implements AutoCloseable {
  private final ConntrackNetlink conntrack;

  private FlowTable(ConntrackNetlink conntrack) {
    this.conntrack = conntrack;
  }

  static FlowTable open() {
    return new FlowTable(ConntrackNetlink.open(SocketLimits.REQUESTS));
  }

  /** The connections of these egress IPs, by address; one reading of the kernel for all. */
  Map<IpAddress, List<HandedFlow>> collect(Collection<HandedEip> eips, FlowTranslation site) {
    Map<IpAddress, List<HandedFlow>> found = new TreeMap<>();
    for (IpFamily family : IpFamily.values()) {
      Map<IpAddress, HandedEip> wanted =
          eips.stream()
              .filter(eip -> eip.address().family() == family)
              .collect(Collectors.toMap(HandedEip::address, eip -> eip, (a, b) -> b));
      if (!wanted.isEmpty()) {
        Consumer<ConntrackEntry> take = entry -> take(entry, wanted, site, found);
        conntrack.scan(family, site.tunnelled(), take);
        conntrack.scan(family, site.egressing(), take);
      }
    }
    return found;
  }

  private static void take(
      ConntrackEntry entry,
      Map<IpAddress, HandedEip> wanted,
      FlowTranslation site,
      Map<IpAddress, List<HandedFlow>> found) {
    IpAddress eip = entry.reply().destination();
    Optional.ofNullable(wanted.get(eip))
        .flatMap(handed -> site.outOf(entry, handed))
        .ifPresent(flow -> found.computeIfAbsent(eip, any -> new ArrayList<>()).add(flow));
  }

  /**
   * Forgets what this node knew of the egress IPs' tunnelled connections from an earlier time. For
   * egress IPs that this node does not hold.
   */
  void forget(Collection<HandedEip> eips, FlowTranslation site) {
    for (IpFamily family : IpFamily.values()) {
      Set<IpAddress> addresses =
          eips.stream()
              .map(HandedEip::address)
              .filter(address -> address.family() == family)
              .collect(Collectors.toSet());
      if (!addresses.isEmpty()) {
        List<FlowKey> known = new ArrayList<>();
        conntrack.scan(
            family,
            site.tunnelled(),
            entry -> {
              if (addresses.contains(entry.reply().destination())) {
                known.add(entry.key());
              }
            });
        deleteIfThere(known);
      }
    }
  }

  /**
   * Makes connections known.
   *
   * @return how many could not be
   */
  int install(List<ConntrackEntry> entries) {
    return conntrack.create(entries).size();
  }

  /**
   * Makes connections known in place of what was known of them.
   *
   * @return how many could not be
   */
  int replace(List<ConntrackEntry> entries) {
    deleteIfThere(entries.stream().map(ConntrackEntry::key).toList());
    return install(entries);
  }

  private void deleteIfThere(List<FlowKey> keys) {
    for (NetlinkException refusal : conntrack.deleteAll(keys)) {
      if (refusal.errno() != Errno.ENOENT) {
        throw refusal;
      }
    }
  }

  @Override
  public void close() {
    conntrack.close();
  }
}
