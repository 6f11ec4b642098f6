package io.egressgateway.load.bench.netlink;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.node.netlink.NftBatch;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.nft.NftDataType;
import io.egressgateway.node.netlink.wire.nft.NftFamily;
import io.egressgateway.node.netlink.wire.nft.NftSet;
import io.egressgateway.node.netlink.wire.nft.NftTable;
import io.egressgateway.node.netlink.wire.nft.SetId;
import io.egressgateway.node.netlink.wire.nft.TableId;
import io.egressgateway.node.netlink.wire.route.LinkChange;
import io.egressgateway.node.netlink.wire.route.LinkName;
import io.egressgateway.node.netlink.wire.route.LinkSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * A network namespace with what both sides of a comparison change: a pair of links for the route, a
 * table with a set for the element. Named after this process, so that the next run finds what a
 * killed one left.
 */
final class BenchScene implements AutoCloseable {
  /** The link that the route leads to. */
  static final LinkName LINK = LinkName.of("bench0");

  /** The route that comes and goes: of TEST-NET-3, like the set's element. */
  static final Cidr DESTINATION = Cidr.of("203.0.113.7/32");

  /** The element that comes and goes. */
  static final Ipv4Address ELEMENT = Ipv4Address.of("203.0.113.7");

  /** Of the small set. */
  static final TableId TABLE = new TableId(NftFamily.INET, "bench");

  /** The small set. */
  static final SetId SET = TABLE.set("addresses");

  private static final int SET_SIZE = 1024;
  private static final LinkName PEER = LinkName.of("bench1");
  private static final Path NAMESPACES = Path.of("/run/netns");
  private static final String PREFIX = "egressbench-";

  private final NetworkNamespace namespace;
  private final Thread onSignal;

  private BenchScene(NetworkNamespace namespace) {
    this.namespace = namespace;
    this.onSignal = Thread.ofPlatform().unstarted(namespace::delete);
    Runtime.getRuntime().addShutdownHook(onSignal);
  }

  static BenchScene build() {
    removeLeftovers();
    BenchScene scene =
        new BenchScene(NetworkNamespace.create(PREFIX + ProcessHandle.current().pid()));
    try {
      scene.namespace.run(BenchScene::furnish);
      return scene;
    } catch (RuntimeException e) {
      scene.close();
      throw e;
    }
  }

  private static SetId furnish() {
    try (RouteNetlink route = RouteNetlink.open(SocketLimits.REQUESTS);
        NftNetlink nft = NftNetlink.open(SocketLimits.REQUESTS)) {
      LinkSpec pair = LinkSpec.veth(LINK, PEER).with(new LinkChange.Up());
      route.addLink(pair);
      nft.commit(
          new NftBatch()
              .addTable(NftTable.of(TABLE))
              .addSet(NftSet.of(SET, NftDataType.IPV4_ADDR).withSize(SET_SIZE)));
    }
    return SET;
  }

  /** Runs the task in the namespace; threads and processes that it starts are there, too. */
  <T> T run(Callable<T> task) {
    return namespace.run(task);
  }

  @Override
  public void close() {
    // Refused while the machine shuts down: then the hook does it.
    if (!isShuttingDown()) {
      namespace.delete();
    }
  }

  private boolean isShuttingDown() {
    try {
      return !Runtime.getRuntime().removeShutdownHook(onSignal);
    } catch (IllegalStateException e) {
      return true;
    }
  }

  private static void removeLeftovers() {
    if (!Files.isDirectory(NAMESPACES)) {
      return;
    }
    try (Stream<Path> files = Files.list(NAMESPACES)) {
      List<String> dead =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.matches(PREFIX + "[0-9]+"))
              .filter(name -> isDead(Long.parseLong(name.substring(PREFIX.length()))))
              .toList();
      dead.forEach(name -> NetworkNamespace.named(name).delete());
    } catch (IOException e) {
      throw new UncheckedIOException("list " + NAMESPACES, e);
    }
  }

  private static boolean isDead(long pid) {
    return ProcessHandle.of(pid).isEmpty();
  }
}
