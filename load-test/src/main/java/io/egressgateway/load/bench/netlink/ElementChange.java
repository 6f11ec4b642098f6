package io.egressgateway.load.bench.netlink;

import io.egressgateway.node.netlink.NftBatch;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.nft.NftValue;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * An element of a set comes and goes. JMH makes the instances, in the namespace of a {@link
 * BenchScene}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
public class ElementChange {
  private Optional<Kit> kit = Optional.empty();

  private record Kit(NftNetlink netlink, List<SetElement> element, ForkedTool nft) {}

  /** Opens the socket. */
  @Setup
  public void open() {
    kit =
        Optional.of(
            new Kit(
                NftNetlink.open(SocketLimits.REQUESTS),
                List.of(SetElement.of(NftValue.address(BenchScene.ELEMENT))),
                DebianTool.NFT.require()));
  }

  /** Two transactions. */
  @Benchmark
  public void netlink() {
    Kit with = kit.orElseThrow();
    with.netlink.commit(new NftBatch().addElements(BenchScene.SET, with.element));
    with.netlink.commit(new NftBatch().deleteElements(BenchScene.SET, with.element));
  }

  /** Two runs of nft. */
  @Benchmark
  public void forked() throws Exception {
    ForkedTool nft = kit.orElseThrow().nft;
    String element = "%s { %s }".formatted(BenchScene.SET, BenchScene.ELEMENT);
    nft.run("add element " + element);
    nft.run("delete element " + element);
  }

  /** Closes the socket. */
  @TearDown
  public void close() {
    kit.orElseThrow().netlink.close();
  }
}
