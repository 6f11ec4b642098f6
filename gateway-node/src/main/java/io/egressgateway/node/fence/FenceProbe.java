package io.egressgateway.node.fence;

import io.egressgateway.node.kernel.AddressMark;
import io.egressgateway.node.netlink.NftBatch;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.nft.BaseChain;
import io.egressgateway.node.netlink.wire.nft.ElementLifetime;
import io.egressgateway.node.netlink.wire.nft.NftChain;
import io.egressgateway.node.netlink.wire.nft.NftDataType;
import io.egressgateway.node.netlink.wire.nft.NftFamily;
import io.egressgateway.node.netlink.wire.nft.NftSet;
import io.egressgateway.node.netlink.wire.nft.NftTable;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import io.egressgateway.node.netlink.wire.nft.SetFlag;
import io.egressgateway.node.netlink.wire.nft.TableFlag;
import io.egressgateway.node.netlink.wire.nft.TableId;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Tries what the kernel has, with a table, a chain on the loopback device and an address of it that
 * are taken away again. What an earlier probe left because it was killed is replaced.
 */
final class FenceProbe {
  private static final String NAME = "egressgateway_probe";
  private static final TableId TABLE = new TableId(NftFamily.INET, NAME);
  private static final TableId DEVICE_TABLE = new TableId(NftFamily.NETDEV, NAME);
  private static final String LOOPBACK = "lo";
  private static final Duration TIMEOUT = Duration.ofMillis(1_500);
  private static final Duration TIMEOUT_ERROR_MAX = Duration.ofMillis(20);

  private final NftNetlink nft;
  private final RouteNetlink routing;

  private FenceProbe(NftNetlink nft, RouteNetlink routing) {
    this.nft = nft;
    this.routing = routing;
  }

  /** Tries everything in the sockets' network namespace. */
  static FenceAbilities run(NftNetlink nft, RouteNetlink routing) {
    FenceProbe probe = new FenceProbe(nft, routing);
    SortedSet<FenceMechanism> present = new TreeSet<>();
    for (FenceMechanism mechanism : FenceMechanism.values()) {
      if (probe.has(mechanism)) {
        present.add(mechanism);
      }
    }
    return new FenceAbilities(present);
  }

  private boolean has(FenceMechanism mechanism) {
    try {
      return switch (mechanism) {
        case TABLE_OWNER -> keepsFlags(NftTable.of(TABLE).with(TableFlag.OWNER));
        case TABLE_PERSIST ->
            keepsFlags(NftTable.of(TABLE).with(TableFlag.OWNER).with(TableFlag.PERSIST));
        case EGRESS_HOOK -> takesEgressChain();
        case TIMEOUT_MILLIS -> keepsMillis();
        case ADDRESS_LIFETIME -> keepsLifetime();
        case ADDRESS_PROTOCOL -> AddressProbe.mark(routing) == AddressMark.PROTOCOL;
      };
    } catch (NetlinkException refused) {
      return false;
    }
  }

  private boolean keepsFlags(NftTable table) {
    nft.commit(new NftBatch().addTable(table));
    boolean kept = nft.tables().stream().anyMatch(entry -> entry.table().equals(table));
    nft.commit(new NftBatch().deleteTable(TABLE));
    return kept;
  }

  private boolean takesEgressChain() {
    nft.commit(
        new NftBatch()
            .addTable(NftTable.of(DEVICE_TABLE))
            .addChain(NftChain.base(DEVICE_TABLE.chain("egress"), BaseChain.egress(LOOPBACK, 0))));
    nft.commit(new NftBatch().deleteTable(DEVICE_TABLE));
    return true;
  }

  private boolean keepsMillis() {
    NftSet set = NftSet.of(TABLE.set("set"), NftDataType.MARK).with(SetFlag.TIMEOUT);
    SetElement element = SetElement.of(Bytes.u32(1)).withLifetime(ElementLifetime.of(TIMEOUT));
    nft.commit(
        new NftBatch()
            .addTable(NftTable.of(TABLE))
            .addSet(set)
            .addElements(set.id(), List.of(element)));
    boolean kept =
        nft.elements(set.id()).stream()
            .flatMap(read -> read.lifetime().timeout().stream())
            .anyMatch(read -> read.minus(TIMEOUT).abs().compareTo(TIMEOUT_ERROR_MAX) <= 0);
    nft.commit(new NftBatch().deleteTable(TABLE));
    return kept;
  }

  private boolean keepsLifetime() {
    return AddressProbe.readBack(routing)
        .filter(kept -> kept.lifetime().validSeconds().isPresent())
        .isPresent();
  }
}
