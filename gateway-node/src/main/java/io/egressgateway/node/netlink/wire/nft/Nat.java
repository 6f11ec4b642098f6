package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFPROTO_IPV4;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFPROTO_IPV6;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_NAT_FAMILY;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_NAT_FLAGS;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_NAT_REG_ADDR_MAX;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_NAT_REG_ADDR_MIN;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_NAT_REG_PROTO_MAX;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_NAT_REG_PROTO_MIN;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_NAT_TYPE;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.FlagBits;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * {@code snat ip to …}: the flow's new address, and for some its port, from registers.
 *
 * <pre>
 *  NFTA_NAT_TYPE (u32 be), NFTA_NAT_FAMILY (u32 be, NFPROTO_…)
 *  NFTA_NAT_REG_ADDR_MIN, NFTA_NAT_REG_ADDR_MAX (u32 be)    the same register if there is one address
 *  NFTA_NAT_REG_PROTO_MIN, NFTA_NAT_REG_PROTO_MAX (u32 be)
 *  NFTA_NAT_FLAGS (u32 be): NF_NAT_RANGE_…; the kernel sets MAP_IPS and PROTO_SPECIFIED by itself
 * </pre>
 *
 * @param address 4 or 16 bytes
 * @param port 2 bytes in network order; without it the flow keeps its port where it can
 * @param flags immutable
 */
public record Nat(
    NatType type,
    IpFamily family,
    Register address,
    Optional<Register> port,
    SortedSet<NatFlag> flags)
    implements NftExpression {

  /** Leaves out what the kernel sets by itself, so that what is read equals what was written. */
  public Nat {
    SortedSet<NatFlag> chosen = new TreeSet<>(flags);
    chosen.remove(NatFlag.MAP_IPS);
    chosen.remove(NatFlag.PROTO_SPECIFIED);
    flags = FlagBits.copy(chosen);
  }

  /** {@code snat ip to REGISTER} or {@code snat ip6 to REGISTER}. */
  public static Nat source(IpFamily family, Register address) {
    return new Nat(NatType.SOURCE, family, address, Optional.empty(), new TreeSet<>());
  }

  @Override
  public String kernelName() {
    return "nat";
  }

  @Override
  public void write(AttributeWriter data) {
    data.putBe32(NFTA_NAT_TYPE, type.number());
    int number =
        switch (family) {
          case IPV4 -> NFPROTO_IPV4;
          case IPV6 -> NFPROTO_IPV6;
        };
    data.putBe32(NFTA_NAT_FAMILY, number);
    NftData.putRegister(data, NFTA_NAT_REG_ADDR_MIN, address);
    port.ifPresent(register -> NftData.putRegister(data, NFTA_NAT_REG_PROTO_MIN, register));
    if (!flags.isEmpty()) {
      data.putBe32(NFTA_NAT_FLAGS, FlagBits.encode(flags));
    }
  }

  /** Whether {@link #read} reads this: ranges of addresses or ports are not known here. */
  static boolean reads(AttributeReader data) {
    long family = data.requireBe32(NFTA_NAT_FAMILY);
    return data.has(NFTA_NAT_REG_ADDR_MIN)
        && (family == NFPROTO_IPV4 || family == NFPROTO_IPV6)
        && isOne(data, NFTA_NAT_REG_ADDR_MIN, NFTA_NAT_REG_ADDR_MAX)
        && isOne(data, NFTA_NAT_REG_PROTO_MIN, NFTA_NAT_REG_PROTO_MAX);
  }

  private static boolean isOne(AttributeReader data, int lowest, int highest) {
    return !data.has(highest) || data.be32(lowest).equals(data.be32(highest));
  }

  /** Reads NFTA_EXPR_DATA. */
  static Nat read(AttributeReader data) {
    return new Nat(
        NftEnum.of(NatType.class, data.requireBe32(NFTA_NAT_TYPE)),
        data.requireBe32(NFTA_NAT_FAMILY) == NFPROTO_IPV4 ? IpFamily.IPV4 : IpFamily.IPV6,
        NftData.requireRegister(data, NFTA_NAT_REG_ADDR_MIN),
        data.be32(NFTA_NAT_REG_PROTO_MIN).stream()
            .mapToObj(number -> new Register((int) number))
            .findFirst(),
        FlagBits.decode(NatFlag.class, data.be32(NFTA_NAT_FLAGS).orElse(0)));
  }
}
