package io.egressgateway.node.fence;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.nft.NftDataType;
import io.egressgateway.node.netlink.wire.nft.NftFamily;
import io.egressgateway.node.netlink.wire.nft.NftSet;
import io.egressgateway.node.netlink.wire.nft.NftTable;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import io.egressgateway.node.netlink.wire.nft.SetFlag;
import io.egressgateway.node.netlink.wire.nft.SetId;
import io.egressgateway.node.netlink.wire.nft.TableFlag;
import io.egressgateway.node.netlink.wire.nft.TableId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;

/**
 * The tables of the fence: sets belong to one table each, so each has its own copy of the gates.
 */
enum FenceTable {
  /** Packets. */
  INET(
      NftFamily.INET,
      List.of(IpFamily.IPV4, IpFamily.IPV6),
      List.of(EtherTypes.IPV4, EtherTypes.IPV6)),
  /** ARP that the kernel itself sends. */
  ARP(NftFamily.ARP, List.of(IpFamily.IPV4), List.of(EtherTypes.ARP)),
  /** Every frame on the links that answer. */
  EGRESS(
      NftFamily.NETDEV,
      List.of(IpFamily.IPV4, IpFamily.IPV6),
      List.of(EtherTypes.IPV4, EtherTypes.IPV6, EtherTypes.ARP));

  /** EtherTypes in network order, as {@code meta protocol} has them. */
  static final class EtherTypes {
    static final Bytes IPV4 = Bytes.be16(0x0800);
    static final Bytes IPV6 = Bytes.be16(0x86dd);
    static final Bytes ARP = Bytes.be16(0x0806);

    private EtherTypes() {}
  }

  static final String NAME = "egressgateway_fence";
  private static final String COMMENT =
      "managed by the egressgateway agent; closes egress IPs when the node's lease ends";

  private final NftFamily family;

  @SuppressWarnings("ImmutableEnumChecker") // only ever a List.of
  private final List<IpFamily> families;

  @SuppressWarnings("ImmutableEnumChecker") // only ever a List.of
  private final List<Bytes> leaseKeys;

  FenceTable(NftFamily family, List<IpFamily> families, List<Bytes> leaseKeys) {
    this.family = family;
    this.families = families;
    this.leaseKeys = leaseKeys;
  }

  TableId id() {
    return new TableId(family, NAME);
  }

  /** The families whose addresses have gates in here. */
  List<IpFamily> families() {
    return families;
  }

  /** The table itself. */
  NftTable table(FenceAbilities abilities) {
    return (abilities.isOwned() ? adoption(id()) : NftTable.of(id())).withComment(COMMENT);
  }

  /** What makes a table ours that has no living owner. */
  static NftTable adoption(TableId id) {
    return NftTable.of(id).with(TableFlag.OWNER).with(TableFlag.PERSIST);
  }

  /** Every address that ever was behind a gate here. */
  SetId gated(IpFamily family) {
    return id().set("gated_" + suffix(family));
  }

  /** Those whose gate is open while the lease runs. */
  SetId open(IpFamily family) {
    return id().set("open_" + suffix(family));
  }

  /** Those of the open ones that are so without a lease. */
  SetId held(IpFamily family) {
    return id().set("held_" + suffix(family));
  }

  /** One element for each protocol, all of which expire with the lease. */
  SetId lease() {
    return id().set("lease");
  }

  /**
   * Has one element for a moment before each renewal, which takes it out: a renewal that was held
   * up on its way into the kernel comes too late for it, and is refused whole.
   */
  static SetId ticket() {
    return INET.id().set("ticket");
  }

  static SetElement ticketElement() {
    return SetElement.of(EtherTypes.IPV4);
  }

  /** Whether it tells the links that answer for an address from others. */
  boolean isPlacing() {
    return this != EGRESS;
  }

  /** Each address of ARP, or of neighbour discovery, with the link that answers for it. */
  SetId placed() {
    return id().set("placed_" + suffix(placedFamily()));
  }

  private IpFamily placedFamily() {
    return this == ARP ? IpFamily.IPV4 : IpFamily.IPV6;
  }

  List<SetElement> placedElements(SortedMap<IpAddress, String> placed) {
    List<SetElement> elements = new ArrayList<>();
    placed.forEach(
        (address, link) -> {
          if (address.family() == placedFamily()) {
            elements.add(
                SetElement.of(
                    Bytes.concat(
                        List.of(
                            Bytes.of(address.toBytes()),
                            Bytes.of(link.getBytes(UTF_8)).padTo(NftDataType.IFNAME.length())))));
          }
        });
    return List.copyOf(elements);
  }

  List<NftSet> sets() {
    List<NftSet> sets = new ArrayList<>();
    for (IpFamily family : families) {
      sets.add(NftSet.of(gated(family), type(family)).withComment("egress IPs with a gate"));
      sets.add(NftSet.of(open(family), type(family)).withComment("egress IPs with an open gate"));
      sets.add(NftSet.of(held(family), type(family)).withComment("of those: without a lease"));
    }
    if (isPlacing()) {
      sets.add(
          NftSet.of(placed(), type(placedFamily()), NftDataType.IFNAME)
              .withComment("egress IPs, each with the link that answers for it"));
    }
    sets.add(
        NftSet.of(lease(), NftDataType.ETHER_TYPE)
            .with(SetFlag.TIMEOUT)
            .withComment("present while the node's lease runs"));
    if (this == INET) {
      sets.add(
          NftSet.of(ticket(), NftDataType.ETHER_TYPE)
              .with(SetFlag.TIMEOUT)
              .withComment("renewals that were held up find it empty, and are refused"));
    }
    return sets;
  }

  List<SetElement> leaseElements() {
    return leaseKeys.stream().map(SetElement::of).toList();
  }

  static List<SetElement> elements(IpFamily family, Collection<IpAddress> addresses) {
    return addresses.stream()
        .filter(address -> address.family() == family)
        .map(address -> SetElement.of(Bytes.of(address.toBytes())))
        .toList();
  }

  private static String suffix(IpFamily family) {
    return switch (family) {
      case IPV4 -> "v4";
      case IPV6 -> "v6";
    };
  }

  private static NftDataType type(IpFamily family) {
    return switch (family) {
      case IPV4 -> NftDataType.IPV4_ADDR;
      case IPV6 -> NftDataType.IPV6_ADDR;
    };
  }
}
