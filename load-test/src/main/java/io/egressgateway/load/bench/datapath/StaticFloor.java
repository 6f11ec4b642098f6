package io.egressgateway.load.bench.datapath;

import io.egressgateway.load.fault.ForeignTool;
import io.egressgateway.load.lab.Topology;
import java.io.IOException;

/**
 * The least that a tunnel with translation costs: one routing rule for one pod, one translation,
 * whatever the number of policies.
 */
final class StaticFloor {
  private StaticFloor() {}

  static void build(Chain chain) throws IOException {
    PlainTunnel.build(chain);
    ForeignTool.script(
        chain.worker().namespace(),
        """
        ip route add default via %s dev %s table 4242
        ip rule add from %s to %s lookup 4242 priority 99
        iptables -t nat -I POSTROUTING -o %s -j ACCEPT
        """
            .formatted(
                PlainTunnel.GATEWAY,
                PlainTunnel.DEVICE,
                chain.sender().address(),
                Topology.SERVER_NETWORK,
                PlainTunnel.DEVICE));
    ForeignTool.script(
        chain.gateway().namespace(),
        """
        ip address add %s/32 dev eth0
        iptables -t nat -A POSTROUTING -s %s -j SNAT --to-source %s
        """
            .formatted(chain.egressIp(1), chain.sender().address(), chain.egressIp(1)));
  }
}
