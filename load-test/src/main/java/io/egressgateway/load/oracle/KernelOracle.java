package io.egressgateway.load.oracle;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.net.NamespaceExecutor;
import io.egressgateway.node.agent.NetlinkKernel;
import io.egressgateway.node.kernel.KernelObject;
import io.egressgateway.node.kernel.KernelState;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.nft.NftFamily;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import io.egressgateway.node.netlink.wire.nft.TableId;
import io.egressgateway.node.netlink.wire.route.AddressLifetime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What stands in the kernels of the nodes, read by netlink from this process. Thread-safe. */
public final class KernelOracle {
  private static final TableId FENCE = new TableId(NftFamily.INET, "egressgateway_fence");
  private static final String TABLES = "egressgateway";
  private static final String OPEN = "open_v4";
  private static final String HELD = "held_v4";

  private final Topology topology;

  /** Of the nodes of this lab. */
  public KernelOracle(Topology topology) {
    this.topology = topology;
  }

  /** Everything of ours in a node's kernel. */
  public KernelState state(LabNode node) throws IOException {
    try (NamespaceExecutor inside = new NamespaceExecutor(node.namespace())) {
      return inside.call(
          () -> {
            try (NetlinkKernel kernel =
                NetlinkKernel.open(Optional.empty(), AddressLifetime.FOREVER)) {
              return kernel.read();
            }
          });
    }
  }

  /**
   * The IPv4 egress IPs whose gate a node has open, the lease's end left out of account; none if
   * the node has no fence.
   */
  public SortedSet<IpAddress> open(LabNode node) throws IOException {
    try (NamespaceExecutor inside = new NamespaceExecutor(node.namespace())) {
      return inside.call(
          () -> {
            try (NftNetlink netlink = NftNetlink.open(SocketLimits.REQUESTS)) {
              return elements(netlink, OPEN);
            }
          });
    }
  }

  /** Those of {@link #open} that a node holds without a lease. */
  public SortedSet<IpAddress> heldWithoutLease(LabNode node) throws IOException {
    try (NamespaceExecutor inside = new NamespaceExecutor(node.namespace())) {
      return inside.call(
          () -> {
            try (NftNetlink netlink = NftNetlink.open(SocketLimits.REQUESTS)) {
              return elements(netlink, HELD);
            }
          });
    }
  }

  private static SortedSet<IpAddress> elements(NftNetlink netlink, String set) {
    boolean fenced = netlink.tables().stream().anyMatch(entry -> entry.table().id().equals(FENCE));
    SortedSet<IpAddress> addresses = new TreeSet<>();
    if (fenced) {
      for (SetElement element : netlink.elements(FENCE.set(set))) {
        addresses.add(new Ipv4Address(ByteBuffer.wrap(element.key().toArray()).getInt()));
      }
    }
    return addresses;
  }

  /**
   * What a node's kernel has of ours, each as people name it; settings do not count, which are the
   * node's. Nothing, once {@code agent --remove} was there.
   */
  public List<String> residue(LabNode node) throws IOException {
    try (NamespaceExecutor inside = new NamespaceExecutor(node.namespace())) {
      List<String> found = new ArrayList<>();
      state(node).objects().keySet().forEach(key -> found.add(key.toString()));
      found.addAll(inside.call(KernelOracle::tables));
      return found;
    }
  }

  private static List<String> tables() {
    try (NftNetlink netlink = NftNetlink.open(SocketLimits.REQUESTS)) {
      return netlink.tables().stream()
          .map(entry -> entry.table().id())
          .filter(table -> table.name().startsWith(TABLES))
          .map(TableId::toString)
          .toList();
    }
  }

  /** The egress IPs that are on the uplink of a node: prepared, which is not yet held. */
  public SortedSet<IpAddress> prepared(LabNode node) throws IOException {
    SortedSet<IpAddress> addresses = new TreeSet<>();
    for (KernelObject object : state(node).objects().values()) {
      if (object instanceof KernelObject.HeldAddress held) {
        addresses.add(held.address());
      }
    }
    return addresses;
  }

  /** What {@link #prepared} says of each node, nodes without any left out. */
  public SortedMap<NodeName, SortedSet<IpAddress>> prepared() throws IOException {
    return ofEach(this::prepared);
  }

  /** What {@link #open} says of each node, nodes without any left out. */
  public SortedMap<NodeName, SortedSet<IpAddress>> open() throws IOException {
    return ofEach(this::open);
  }

  private interface Reading {
    SortedSet<IpAddress> of(LabNode node) throws IOException;
  }

  private SortedMap<NodeName, SortedSet<IpAddress>> ofEach(Reading reading) throws IOException {
    SortedMap<NodeName, SortedSet<IpAddress>> all = new TreeMap<>();
    for (LabNode node : topology.nodes()) {
      SortedSet<IpAddress> addresses = reading.of(node);
      if (!addresses.isEmpty()) {
        all.put(node.name(), addresses);
      }
    }
    return all;
  }
}
