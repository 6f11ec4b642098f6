package io.egressgateway.node.doctor;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.kernel.BackstopRule;
import io.egressgateway.node.kernel.ForwardChain;
import io.egressgateway.node.kernel.KernelObject.Tunnel;
import io.egressgateway.node.kernel.Marks;
import io.egressgateway.node.kernel.Ruleset;
import io.egressgateway.node.netlink.ConntrackNetlink;
import io.egressgateway.node.netlink.NftBatch;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.conntrack.MarkFilter;
import io.egressgateway.node.netlink.wire.nft.BaseChain;
import io.egressgateway.node.netlink.wire.nft.ChainEntry;
import io.egressgateway.node.netlink.wire.nft.ChainId;
import io.egressgateway.node.netlink.wire.nft.Hook;
import io.egressgateway.node.netlink.wire.nft.NftChain;
import io.egressgateway.node.netlink.wire.nft.NftTable;
import io.egressgateway.node.netlink.wire.route.FirewallMark;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.LinkChange;
import io.egressgateway.node.netlink.wire.route.LinkName;
import io.egressgateway.node.netlink.wire.route.LinkSpec;
import io.egressgateway.node.netlink.wire.route.NextHop;
import io.egressgateway.node.netlink.wire.route.Route;
import io.egressgateway.node.netlink.wire.route.RoutingRule;
import io.egressgateway.node.netlink.wire.route.RoutingTable;
import io.egressgateway.node.netlink.wire.route.RuleSelector;
import io.egressgateway.node.netlink.wire.route.VxlanFlag;
import io.egressgateway.node.netlink.wire.route.VxlanSettings;
import java.util.ArrayList;
import java.util.List;

/** Makes one of everything that the datapath consists of, in the calling thread's namespace. */
record KernelTrial(String device, Tunnel.Header tunnel, KernelNumbers numbers) {
  private static final int MTU = 1450;
  private static final IpAddress LOCAL = IpAddress.of("192.0.2.1");

  private interface Step {
    void run() throws NetlinkException;
  }

  List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    try (RouteNetlink routing = RouteNetlink.open(SocketLimits.REQUESTS);
        NftNetlink nft = NftNetlink.open(SocketLimits.REQUESTS)) {
      findings.add(
          needed("VXLAN with group policy", "Linux 4.3 has it", () -> makeTunnel(routing)));
      findings.add(needed("routes by packet mark", "Linux 4.17 has them", () -> makeLane(routing)));
      findings.add(
          needed(
              "nf_tables of family inet: maps, ranges, fib, translation",
              "load nf_tables, nft_fib_inet, nft_nat and nft_ct; Linux 5.6 has all of it",
              () -> makeRuleset(nft)));
      findings.add(
          useful(
              "iptables' connmark within nf_tables",
              "a closed FORWARD chain cannot be passed, and a node that has one says that its plan"
                  + " failed: load xt_connmark and nft_compat",
              () -> makeAcceptance(nft)));
    }
    findings.add(
        useful(
            "connections by mark (ctnetlink)",
            "connections go on with the egress IP of a deleted policy until they end, and none"
                + " survives the move of its egress IP: load nf_conntrack_netlink",
            this::readConnections));
    return findings;
  }

  private static Finding needed(String feature, String remedy, Step step) {
    try {
      step.run();
      return Finding.have(feature, "");
    } catch (NetlinkException refused) {
      return Finding.missing(feature, refused.getMessage() + "; " + remedy);
    }
  }

  private static Finding useful(String feature, String cost, Step step) {
    try {
      step.run();
      return Finding.have(feature, "");
    } catch (NetlinkException refused) {
      return Finding.limited(feature, refused.getMessage() + "; " + cost);
    }
  }

  private void makeTunnel(RouteNetlink routing) {
    VxlanSettings settings =
        VxlanSettings.of(tunnel.vni(), tunnel.port()).withLocal(LOCAL).with(VxlanFlag.GBP);
    Link link = routing.addLink(LinkSpec.vxlan(LinkName.of(device), settings));
    routing.changeLink(link.index(), new LinkChange.Alias(Marks.LINK_ALIAS), new LinkChange.Up());
  }

  private void makeLane(RouteNetlink routing) {
    int index = routing.link(LinkName.of(device)).map(Link::index).orElse(0);
    RoutingTable table = RoutingTable.ofBits(numbers.table(numbers.towardsGateways()));
    routing.addRoute(Route.to(Cidr.of("0.0.0.0/0"), NextHop.device(index)).in(table));
    routing.addRule(
        RoutingRule.lookup(
            IpFamily.IPV4,
            numbers.gatewayPriority(),
            RuleSelector.mark(FirewallMark.exactly(numbers.towardsGateways())),
            table));
    routing.addRule(BackstopRule.of(IpFamily.IPV4, LinkName.of(device)));
  }

  private void makeRuleset(NftNetlink nft) {
    Ruleset ruleset = Ruleset.of(device, tunnel.port(), MTU, numbers);
    NftBatch batch = new NftBatch().addTable(ruleset.table());
    ruleset.sets().forEach(batch::addSet);
    ruleset.chains().forEach(batch::addChain);
    ruleset.rules().forEach(batch::appendRule);
    nft.commit(batch);
  }

  private void makeAcceptance(NftNetlink nft) {
    ChainId id = ForwardChain.id(IpFamily.IPV4);
    NftChain chain = NftChain.base(id, BaseChain.filter(Hook.FORWARD, 0));
    ForwardChain forward = new ForwardChain(IpFamily.IPV4, new ChainEntry(chain, 0), List.of());
    nft.commit(
        new NftBatch()
            .addTable(NftTable.of(id.table()))
            .addChain(chain)
            .appendRule(forward.acceptance(numbers.mark(), numbers.mask())));
  }

  private void readConnections() {
    try (ConntrackNetlink conntrack = ConntrackNetlink.open(SocketLimits.REQUESTS)) {
      conntrack.entries(IpFamily.IPV4, MarkFilter.exactly(numbers.mark()));
    }
  }
}
