package io.egressgateway.load.bench.datapath;

import io.egressgateway.load.fault.ForeignTool;
import io.egressgateway.load.lab.Topology;
import java.io.IOException;

/**
 * A VXLAN tunnel between the two nodes of a chain, with the pod's answers coming back through it,
 * and iptables doing the CNI's masquerading. Others than us build on it.
 */
final class PlainTunnel {
  /** Its device on both nodes. */
  static final String DEVICE = "plain0";

  /** The tunnel's address on the gateway node. */
  static final String GATEWAY = "192.0.2.2";

  private static final String WORKER = "192.0.2.1";

  private PlainTunnel() {}

  static void build(Chain chain) throws IOException {
    ForeignTool.script(
        chain.worker().namespace(),
        """
        nft delete table ip cni-masq
        %s
        ip address add %s/30 dev %s
        iptables -t nat -A POSTROUTING -s %s ! -d %s -j MASQUERADE
        """
            .formatted(
                device(chain.worker().underlay(), chain.gateway().underlay()),
                WORKER,
                DEVICE,
                chain.worker().podCidr(),
                Topology.PODS));
    ForeignTool.script(
        chain.gateway().namespace(),
        """
        nft delete table ip cni-masq
        %s
        ip address add %s/30 dev %s
        ip route replace %s via %s dev %s
        """
            .formatted(
                device(chain.gateway().underlay(), chain.worker().underlay()),
                GATEWAY,
                DEVICE,
                chain.worker().podCidr(),
                WORKER,
                DEVICE));
  }

  private static String device(Object local, Object remote) {
    return """
    ip link add %s type vxlan id 4242 dstport 8472 local %s remote %s dev eth0
    ip link set %s up\
    """
        .formatted(DEVICE, local, remote, DEVICE);
  }
}
