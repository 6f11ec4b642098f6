package io.egressgateway.load.oracle;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.net.NamespaceExecutor;
import io.egressgateway.node.agent.NetlinkKernel;
import io.egressgateway.node.kernel.KernelObject;
import io.egressgateway.node.kernel.KernelState;
import io.egressgateway.node.netlink.wire.route.AddressLifetime;
import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What stands in the kernels of the nodes, read by netlink from this process. Thread-safe. */
public final class KernelOracle {
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

  /** The same of each node, nodes without any left out. */
  public SortedMap<NodeName, SortedSet<IpAddress>> prepared() throws IOException {
    SortedMap<NodeName, SortedSet<IpAddress>> all = new TreeMap<>();
    for (LabNode node : topology.nodes()) {
      SortedSet<IpAddress> addresses = prepared(node);
      if (!addresses.isEmpty()) {
        all.put(node.name(), addresses);
      }
    }
    return all;
  }
}
