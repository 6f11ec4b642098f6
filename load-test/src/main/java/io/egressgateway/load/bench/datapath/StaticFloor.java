package io.egressgateway.load.bench.datapath;

import io.egressgateway.load.lab.Topology;
import java.time.Duration;

/**
 * The least that a tunnel with translation costs: one routing rule for one pod, one translation,
 * whatever the number of policies.
 */
final class StaticFloor implements Layout {
  private final Chain chain;

  private StaticFloor(Chain chain) {
    this.chain = chain;
  }

  static StaticFloor build(Chain chain) throws Exception {
    PlainTunnel.build(chain);
    Shell.run(
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
    Shell.run(
        chain.gateway().namespace(),
        """
        ip address add %s/32 dev eth0
        iptables -t nat -A POSTROUTING -s %s -j SNAT --to-source %s
        """
            .formatted(chain.egressIp(1), chain.sender().address(), chain.egressIp(1)));
    return new StaticFloor(chain);
  }

  @Override
  public String name() {
    return "static";
  }

  @Override
  public Chain chain() {
    return chain;
  }

  @Override
  public Duration load(PolicyScale scale) {
    return Duration.ZERO;
  }

  @Override
  public void close() {
    // Everything goes with the namespaces.
  }
}
