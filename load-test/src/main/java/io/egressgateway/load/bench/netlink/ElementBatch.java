package io.egressgateway.load.bench.netlink;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.node.netlink.NftBatch;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.socket.TransactionRejected;
import io.egressgateway.node.netlink.wire.nft.NftDataType;
import io.egressgateway.node.netlink.wire.nft.NftFamily;
import io.egressgateway.node.netlink.wire.nft.NftSet;
import io.egressgateway.node.netlink.wire.nft.NftTable;
import io.egressgateway.node.netlink.wire.nft.NftValue;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import io.egressgateway.node.netlink.wire.nft.SetId;
import io.egressgateway.node.netlink.wire.nft.TableId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * An empty set is filled in one transaction, from a list of addresses and from a file for nft. JMH
 * makes the instances, in the namespace of a {@link BenchScene}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
public class ElementBatch {
  /** How many elements. */
  static final int ELEMENTS = 100_000;

  /** The kernel's answer when a set is full; asm-generic/errno-base.h. */
  private static final int ENFILE = 23;

  private static final TableId TABLE = new TableId(NftFamily.INET, "bench_batch");
  private static final SetId SET = TABLE.set("addresses");
  private static final int FIRST = Ipv4Address.of("10.0.0.0").bits();
  private static final List<SetElement> ONE_MORE =
      List.of(SetElement.of(NftValue.address(BenchScene.ELEMENT)));

  private Optional<Kit> kit = Optional.empty();

  private record Kit(NftNetlink netlink, List<Ipv4Address> addresses, Path file, ForkedTool nft) {}

  /** Makes the addresses, and the file that nft reads. */
  @Setup
  public void open() throws IOException {
    List<Ipv4Address> addresses =
        IntStream.range(0, ELEMENTS).mapToObj(i -> new Ipv4Address(FIRST + i)).toList();
    Path file = Files.createTempFile("egressgateway-bench-", ".nft");
    Files.writeString(
        file,
        addresses.stream()
            .map(Ipv4Address::toString)
            .collect(Collectors.joining(", ", "add element " + SET + " { ", " }\n")),
        US_ASCII);
    NftNetlink netlink = NftNetlink.open(SocketLimits.REQUESTS);
    kit = Optional.of(new Kit(netlink, addresses, file, DebianTool.NFT.require()));
  }

  /** Makes the set, which has room for the elements and none more. */
  @Setup(Level.Iteration)
  public void makeSet() {
    kit.orElseThrow()
        .netlink
        .commit(
            new NftBatch()
                .replaceTable(NftTable.of(TABLE))
                .addSet(NftSet.of(SET, NftDataType.IPV4_ADDR).withSize(ELEMENTS)));
  }

  /** Encoding included. */
  @Benchmark
  public void netlink() {
    Kit with = kit.orElseThrow();
    List<SetElement> elements =
        with.addresses.stream().map(a -> SetElement.of(NftValue.address(a))).toList();
    with.netlink.commit(new NftBatch().addElements(SET, elements));
  }

  /** The file is written already. */
  @Benchmark
  public void forked() throws Exception {
    Kit with = kit.orElseThrow();
    with.nft.run("-f", with.file.toString());
  }

  /**
   * Proves that all elements are in the set: there is no room for another one.
   *
   * @throws IllegalStateException if there is
   */
  @TearDown(Level.Iteration)
  public void proveFull() {
    try {
      kit.orElseThrow().netlink.commit(new NftBatch().addElements(SET, ONE_MORE));
    } catch (TransactionRejected e) {
      if (e.errno() == ENFILE) {
        return;
      }
      throw e;
    }
    throw new IllegalStateException("fewer than " + ELEMENTS + " elements were added to " + SET);
  }

  /** Removes the set and the file. */
  @TearDown
  public void close() throws IOException {
    Kit with = kit.orElseThrow();
    with.netlink.commit(new NftBatch().deleteTable(TABLE));
    with.netlink.close();
    Files.delete(with.file);
  }
}
