package io.egressgateway.node.agent;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.core.plan.Mesh;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.fence.AddressProbe;
import io.egressgateway.node.fence.FoundGate;
import io.egressgateway.node.kernel.AddressMark;
import io.egressgateway.node.kernel.Element;
import io.egressgateway.node.kernel.Elements;
import io.egressgateway.node.kernel.KernelDelta;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.KernelObject;
import io.egressgateway.node.kernel.KernelObject.HeldAddress;
import io.egressgateway.node.kernel.KernelState;
import io.egressgateway.node.kernel.Uplink;
import io.egressgateway.node.netlink.ConntrackNetlink;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.MalformedNetlinkMessage;
import io.egressgateway.node.netlink.wire.route.AddressLifetime;
import io.egressgateway.node.netlink.wire.route.LinkName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The real kernel, in the network namespace of the thread that opened this. For that thread only,
 * {@link #watch} excepted.
 */
public final class NetlinkKernel implements Kernel, AutoCloseable {
  /** Where the kernel's settings are, unless they are mounted elsewhere. */
  public static final Path PROC_SYS = Path.of("/proc/sys");

  private final RouteNetlink routing;
  private final NftNetlink nft;
  private final ConntrackNetlink conntrack;
  private final TrackedFlows flows;
  private final KernelReader reader;
  private final KernelWriter writer;
  private final UplinkDiscovery discovery;

  /**
   * How addresses of ours are told from others.
   *
   * @param mark by which they are known
   * @param held how long an egress IP lives when it is put on its link
   */
  private record OurAddresses(AddressMark mark, AddressLifetime held) {}

  private NetlinkKernel(
      Sockets sockets, Settings settings, Optional<LinkName> uplink, OurAddresses addresses) {
    this.routing = sockets.routing();
    this.nft = sockets.nft();
    this.conntrack = sockets.conntrack();
    this.flows = new TrackedFlows(conntrack);
    this.reader = new KernelReader(routing, nft, settings, addresses.mark());
    this.writer = new KernelWriter(routing, nft, flows, settings, addresses.held());
    this.discovery = new UplinkDiscovery(routing, addresses.mark(), uplink);
  }

  /**
   * Opens the sockets.
   *
   * @param uplink the link to the outside where a plan names none; empty for the default route's
   * @param held how long an egress IP lives when it is put on the uplink; a fence that extends it
   *     must be there unless it is for ever
   * @throws NetlinkException if the sockets cannot be had
   */
  public static NetlinkKernel open(Optional<String> uplink, AddressLifetime held) {
    return open(uplink, held, PROC_SYS);
  }

  /**
   * Opens the sockets, and reads and writes settings elsewhere: a container that is not privileged
   * finds its own {@code /proc/sys} read-only.
   *
   * @param settings of a mount of the node's {@code /proc/sys}
   */
  public static NetlinkKernel open(Optional<String> uplink, AddressLifetime held, Path settings) {
    return open(uplink, held, settings, AddressProbe::mark);
  }

  /** On a kernel that keeps protocol numbers of addresses, or does not. */
  static NetlinkKernel open(Optional<String> uplink, AddressLifetime held, AddressMark mark) {
    return open(uplink, held, PROC_SYS, routing -> mark);
  }

  private static NetlinkKernel open(
      Optional<String> uplink,
      AddressLifetime held,
      Path settings,
      Function<RouteNetlink, AddressMark> probe) {
    Sockets sockets = Sockets.open();
    try {
      return new NetlinkKernel(
          sockets,
          new Settings(settings),
          uplink.map(LinkName::of),
          new OurAddresses(probe.apply(sockets.routing()), held));
    } catch (NetlinkException failed) {
      sockets.close();
      throw failed;
    }
  }

  private record Sockets(RouteNetlink routing, NftNetlink nft, ConntrackNetlink conntrack) {
    /** All of them, or none. */
    static Sockets open() {
      RouteNetlink routing = RouteNetlink.open(SocketLimits.REQUESTS);
      try {
        return withRest(routing, NftNetlink.open(SocketLimits.REQUESTS));
      } catch (NetlinkException failed) {
        routing.close();
        throw failed;
      }
    }

    private static Sockets withRest(RouteNetlink routing, NftNetlink nft) {
      try {
        return new Sockets(routing, nft, ConntrackNetlink.open(SocketLimits.REQUESTS));
      } catch (NetlinkException failed) {
        nft.close();
        throw failed;
      }
    }

    void close() {
      routing.close();
      nft.close();
      conntrack.close();
    }
  }

  @Override
  public Uplink uplink() throws KernelFault {
    return asking("uplink", discovery::find);
  }

  @Override
  public Uplink uplinkIn(Mesh mesh) throws KernelFault {
    return asking("uplink", () -> discovery.find(mesh));
  }

  @Override
  public KernelState read() throws KernelFault {
    return asking("the datapath", reader::read);
  }

  @Override
  public KernelState readAround(Elements known) throws KernelFault {
    return asking("the datapath", () -> reader.readAround(known));
  }

  @Override
  public int othersTransactions() throws KernelFault {
    return asking("the ruleset's generation", nft::othersTransactions);
  }

  @Override
  public List<Element> elements(Set<Element.Key> keys) throws KernelFault {
    return asking("elements", () -> reader.elements(keys));
  }

  @Override
  public Set<HeldAddress> held(IpFamily family) throws KernelFault {
    return asking("egress IPs", () -> reader.held(family));
  }

  @Override
  public Set<KernelObject> ways(IpFamily family) throws KernelFault {
    return asking("routes and rules", () -> reader.ways(family));
  }

  @Override
  public List<FoundGate> gates(IpAddress address) throws KernelFault {
    return asking("the gates of " + address, () -> FoundGate.read(nft, address));
  }

  @Override
  public Optional<KernelFault> apply(KernelDelta delta) throws KernelFault {
    return writer.apply(delta.changes());
  }

  @Override
  public int forgetObsoleteFlows(Selection selection, KernelNumbers numbers) {
    return flows.forgetObsolete(selection, numbers);
  }

  /**
   * By which numbers the rules in the kernel know their packets; the usual ones if there are none.
   *
   * @throws KernelFault if the kernel does not answer
   */
  public KernelNumbers numbers() throws KernelFault {
    return asking(
        "the table's numbers",
        () -> new NumberChange(routing, nft, flows).found().orElse(KernelNumbers.USUAL));
  }

  /** Forgets every tracked connection that bears a mark of ours. */
  public void forgetFlows(KernelNumbers numbers) {
    flows.forgetAll(numbers);
  }

  /**
   * Calls back, from other threads, when somebody else may have changed something of ours. Opened
   * on the kernel thread; closed from anywhere.
   *
   * @param friends port ids of further clients of this process, whose changes are no news
   */
  public AutoCloseable watch(Collection<Integer> friends, Consumer<String> changed) {
    List<Integer> own = new ArrayList<>(friends);
    own.addAll(List.of(routing.portId(), nft.portId()));
    return KernelWatch.start(own, reader, discovery::isNews, changed);
  }

  private static <T> T asking(String subject, KernelThread.Call<T> call) throws KernelFault {
    try {
      return call.run();
    } catch (NetlinkException | MalformedNetlinkMessage failed) {
      throw new KernelFault("read", subject, String.valueOf(failed.getMessage()));
    }
  }

  @Override
  public void close() {
    routing.close();
    nft.close();
    conntrack.close();
  }
}
