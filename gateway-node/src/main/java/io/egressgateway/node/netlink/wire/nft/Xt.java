package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_XT_INFO;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_XT_NAME;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_XT_REV;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.Bytes;
import java.util.Locale;

/**
 * An extension of iptables within a rule: what {@code iptables-nft} writes, and the only thing that
 * it can read back beside addresses, counters and verdicts.
 *
 * <pre>
 *  NFTA_MATCH_NAME (text), NFTA_MATCH_REV (u32 be), NFTA_MATCH_INFO (the extension's own struct)
 *  NFTA_TARGET_…: the same numbers
 * </pre>
 *
 * @param name of the extension, as in {@code -m NAME} or {@code -j NAME}
 * @param info padded as the kernel pads it, to 8 bytes
 */
public record Xt(Kind kind, String name, int revision, Bytes info) implements NftExpression {
  private static final int ALIGNMENT = 8;

  /** What the extension does. */
  public enum Kind {
    MATCH,
    TARGET
  }

  /** Pads the struct. */
  public Xt {
    info = info.padTo((info.length() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
  }

  @Override
  public String kernelName() {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void write(AttributeWriter data) {
    data.putString(NFTA_XT_NAME, name).putBe32(NFTA_XT_REV, revision).putBytes(NFTA_XT_INFO, info);
  }

  /** Reads NFTA_EXPR_DATA. */
  static Xt read(Kind kind, AttributeReader data) {
    return new Xt(
        kind,
        data.requireString(NFTA_XT_NAME),
        (int) data.requireBe32(NFTA_XT_REV),
        data.bytes(NFTA_XT_INFO).orElse(Bytes.EMPTY));
  }
}
