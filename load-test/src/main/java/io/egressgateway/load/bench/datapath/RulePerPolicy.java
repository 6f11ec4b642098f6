package io.egressgateway.load.bench.datapath;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.load.fault.ForeignTool;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.net.NetNamespace;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A rule of iptables and two sets of ipset for each policy, as spidernet-io/egressgateway lays it
 * out: marked in mangle on the pod's node, translated in nat on the gateway node.
 */
final class RulePerPolicy {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String MARK = "0x26010012";
  private static final int TABLE = 0x26010012;

  private final Chain chain;

  private RulePerPolicy(Chain chain) {
    this.chain = chain;
  }

  static RulePerPolicy build(Chain chain) throws IOException {
    PlainTunnel.build(chain);
    ForeignTool.script(
        chain.worker().namespace(),
        """
        ip route add default via %s dev %s table %d
        ip rule add fwmark %s lookup %d priority 99
        """
            .formatted(PlainTunnel.GATEWAY, PlainTunnel.DEVICE, TABLE, MARK, TABLE));
    ForeignTool.script(
        chain.gateway().namespace(),
        IntStream.rangeClosed(1, PolicyScale.EGRESS_IPS_MAX)
            .mapToObj(i -> "ip address add %s/32 dev eth0\n".formatted(chain.egressIp(i)))
            .collect(Collectors.joining()));
    return new RulePerPolicy(chain);
  }

  /**
   * Replaces whatever is enforced.
   *
   * @return how long the pod's node took for it, from empty
   * @throws IOException if a tool refuses
   */
  Duration load(PolicyScale scale) throws IOException {
    String sets = sets(scale);
    NetNamespace gateway = chain.gateway().namespace();
    clear(gateway);
    restore(gateway, sets, translating(scale));
    NetNamespace worker = chain.worker().namespace();
    clear(worker);
    String rules = marking(scale);
    long started = System.nanoTime();
    restore(worker, sets, rules);
    return Duration.ofNanos(System.nanoTime() - started);
  }

  private static void restore(NetNamespace namespace, String sets, String rules)
      throws IOException {
    ForeignTool.feed(namespace, List.of("ipset", "restore"), sets, PATIENCE);
    ForeignTool.feed(namespace, List.of("iptables-restore"), rules, PATIENCE);
  }

  private static void clear(NetNamespace namespace) throws IOException {
    ForeignTool.script(
        namespace,
        """
        iptables -t mangle -F
        iptables -t mangle -X
        iptables -t nat -F
        iptables -t nat -X
        ipset destroy
        """);
  }

  private String sets(PolicyScale scale) {
    return lines(
        scale,
        i -> {
          StringBuilder text = new StringBuilder();
          text.append("create src-%d hash:net\ncreate dst-%d hash:net\n".formatted(i, i));
          for (Ipv4Address pod : scale.podsOf(i, chain.sender().address())) {
            text.append("add src-%d %s\n".formatted(i, pod));
          }
          for (Cidr destination : scale.destinationsOf(i)) {
            text.append("add dst-%d %s\n".formatted(i, destination));
          }
          return text.toString();
        });
  }

  private String marking(PolicyScale scale) {
    String rules =
        lines(
            scale,
            i -> match("EGRESS-MARK", i) + "-j MARK --set-xmark %s/0xffffffff\n".formatted(MARK));
    return """
    *mangle
    :EGRESS-MARK - [0:0]
    %s-A PREROUTING -j EGRESS-MARK
    -A PREROUTING -m mark --mark 0x26000000/0xff000000 -j ACCEPT
    -A FORWARD -m mark --mark 0x26000000/0xff000000 -j MARK --set-xmark 0x26000000/0xffffffff
    -A POSTROUTING -m mark --mark 0x26000000/0xffffffff -j ACCEPT
    COMMIT
    *nat
    -A POSTROUTING -m mark --mark 0x26000000/0xffffffff -j ACCEPT
    -A POSTROUTING -s %s ! -d %s -j MASQUERADE
    COMMIT
    """
        .formatted(rules, chain.worker().podCidr(), Topology.PODS);
  }

  private String translating(PolicyScale scale) {
    String rules =
        lines(
            scale,
            i ->
                match("EGRESS-SNAT", i)
                    + "-j SNAT --to-source %s\n".formatted(chain.egressIp(scale.egressIpOf(i))));
    return """
    *nat
    :EGRESS-SNAT - [0:0]
    %s-A POSTROUTING -j EGRESS-SNAT
    COMMIT
    """
        .formatted(rules);
  }

  private static String match(String ruleChain, int policy) {
    return "-A %s -m set --match-set src-%d src -m set --match-set dst-%d dst -m conntrack --ctdir ORIGINAL "
        .formatted(ruleChain, policy, policy);
  }

  private static String lines(PolicyScale scale, IntFunction<String> ofPolicy) {
    return IntStream.range(0, scale.policies()).mapToObj(ofPolicy).collect(Collectors.joining());
  }
}
