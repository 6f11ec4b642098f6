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
      for (ConntrackEntry entry : entries(family, wanted.values(), site)) {
        Optional.ofNullable(wanted.get(entry.reply().destination()))
            .flatMap(eip -> site.outOf(entry, eip))
            .ifPresent(
                flow ->
                    found
                        .computeIfAbsent(entry.reply().destination(), any -> new ArrayList<>())
                        .add(flow));
      }
    }
    return found;
  }

  private List<ConntrackEntry> entries(
      IpFamily family, Collection<HandedEip> eips, FlowTranslation site) {
    if (eips.isEmpty()) {
      return List.of();
    }
    List<ConntrackEntry> entries = new ArrayList<>(conntrack.entries(family, site.tunnelled()));
    entries.addAll(conntrack.entries(family, site.egressing()));
    return entries;
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
        deleteIfThere(
            conntrack.entries(family, site.tunnelled()).stream()
                .filter(entry -> addresses.contains(entry.reply().destination()))
                .map(ConntrackEntry::key)
                .toList());
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
