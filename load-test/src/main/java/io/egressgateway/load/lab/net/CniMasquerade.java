package io.egressgateway.load.lab.net;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.netlink.NftBatch;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.nft.BaseChain;
import io.egressgateway.node.netlink.wire.nft.Bitwise;
import io.egressgateway.node.netlink.wire.nft.ChainId;
import io.egressgateway.node.netlink.wire.nft.Cmp;
import io.egressgateway.node.netlink.wire.nft.Hook;
import io.egressgateway.node.netlink.wire.nft.Masquerade;
import io.egressgateway.node.netlink.wire.nft.NftChain;
import io.egressgateway.node.netlink.wire.nft.NftExpression;
import io.egressgateway.node.netlink.wire.nft.NftFamily;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import io.egressgateway.node.netlink.wire.nft.NftTable;
import io.egressgateway.node.netlink.wire.nft.Payload;
import io.egressgateway.node.netlink.wire.nft.PayloadField;
import io.egressgateway.node.netlink.wire.nft.Register;
import io.egressgateway.node.netlink.wire.nft.TableId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What every CNI plugin does for pods that leave the cluster: their packets take the node's
 * address.
 *
 * <pre>
 * table ip|ip6 cni-masq {
 *   chain postrouting {
 *     type nat hook postrouting priority srcnat;
 *     ip|ip6 saddr POD-CIDR ip|ip6 daddr != CLUSTER-CIDR ... masquerade
 *   }
 * }
 * </pre>
 */
final class CniMasquerade {
  private static final String TABLE = "cni-masq";
  private static final int SRCNAT = 100;

  private static final int FIRST_BIT = 0x80;

  private CniMasquerade() {}

  /** Where a family has its addresses. */
  private record Fields(NftFamily family, PayloadField source, PayloadField destination) {
    static Fields of(IpFamily family) {
      return switch (family) {
        case IPV4 -> new Fields(NftFamily.IP, PayloadField.IP_SOURCE, PayloadField.IP_DESTINATION);
        case IPV6 ->
            new Fields(NftFamily.IP6, PayloadField.IP6_SOURCE, PayloadField.IP6_DESTINATION);
      };
    }
  }

  static void install(NetNamespace node, Cidr pods, Collection<Cidr> cluster) throws IOException {
    Fields fields = Fields.of(pods.family());
    TableId table = new TableId(fields.family(), TABLE);
    ChainId chain = table.chain("postrouting");
    List<NftExpression> expressions = new ArrayList<>();
    expressions.addAll(load(fields.source(), pods));
    expressions.add(Cmp.equal(Register.R1, bytes(pods)));
    for (Cidr inside : cluster) {
      expressions.addAll(load(fields.destination(), inside));
      expressions.add(Cmp.notEqual(Register.R1, bytes(inside)));
    }
    expressions.add(Masquerade.plain());
    NftBatch batch =
        new NftBatch()
            .addTable(NftTable.of(table))
            .addChain(NftChain.base(chain, BaseChain.nat(Hook.POSTROUTING, SRCNAT)))
            .appendRule(NftRule.of(chain, expressions));
    try (NamespaceExecutor inside = new NamespaceExecutor(node)) {
      inside.call(
          () -> {
            try (NftNetlink netlink = NftNetlink.open(SocketLimits.REQUESTS)) {
              netlink.commit(batch);
            }
            return node;
          });
    }
  }

  private static List<NftExpression> load(PayloadField field, Cidr prefix) {
    byte[] mask = new byte[field.length()];
    for (int bit = 0; bit < prefix.prefixLength(); bit++) {
      mask[bit / Byte.SIZE] |= (byte) (FIRST_BIT >> bit % Byte.SIZE);
    }
    return List.of(new Payload.Load(field, Register.R1), Bitwise.and(Register.R1, Bytes.of(mask)));
  }

  private static Bytes bytes(Cidr prefix) {
    return Bytes.of(prefix.first().toBytes());
  }
}
