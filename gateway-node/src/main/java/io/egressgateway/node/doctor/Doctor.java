package io.egressgateway.node.doctor;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.agent.Collisions;
import io.egressgateway.node.fence.FenceAbilities;
import io.egressgateway.node.fence.FenceMechanism;
import io.egressgateway.node.fence.NftFence;
import io.egressgateway.node.kernel.ForwardChain;
import io.egressgateway.node.kernel.KernelObject.Tunnel;
import io.egressgateway.node.kernel.Marks;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NamespaceTaskFailed;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.nft.BaseChain;
import io.egressgateway.node.netlink.wire.nft.ChainEntry;
import io.egressgateway.node.netlink.wire.nft.ChainPolicy;
import io.egressgateway.node.netlink.wire.nft.Hook;
import io.egressgateway.node.netlink.wire.nft.NftTable;
import io.egressgateway.node.netlink.wire.nft.TableEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Examines a node. What the kernel can do is tried in a network namespace that is made for it and
 * taken away; the node's own is only read.
 *
 * @param tunnel what the tunnel of this cluster looks like
 * @param numbers by which it knows its packets
 * @param settings normally {@code /proc/sys}
 */
public record Doctor(String device, Tunnel.Header tunnel, KernelNumbers numbers, Path settings) {
  private static final String FORWARDING = "net/ipv4/ip_forward";
  private static final Path LEGACY_TABLES = Path.of("/proc/net/ip_tables_names");

  /** Every finding, in a fixed order. */
  public List<Finding> examine() {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(abilities());
    findings.add(forwarding());
    findings.addAll(neighbours());
    return List.copyOf(findings);
  }

  private List<Finding> abilities() {
    String name = "egressgateway-check-" + ProcessHandle.current().pid();
    NetworkNamespace namespace;
    try {
      namespace = NetworkNamespace.create(name);
    } catch (NetlinkException refused) {
      return List.of(
          Finding.limited(
              "network namespaces",
              refused.getMessage()
                  + "; what the kernel can do is not tried: run the check as root on the node"));
    }
    try {
      return namespace.run(
          () -> {
            List<Finding> findings =
                new ArrayList<>(new KernelTrial(device, tunnel, numbers).run());
            findings.addAll(fence(NftFence.probe()));
            return findings;
          });
    } catch (NetlinkException | NamespaceTaskFailed failed) {
      return List.of(Finding.missing("netlink", String.valueOf(failed.getMessage())));
    } finally {
      namespace.delete();
    }
  }

  private static List<Finding> fence(FenceAbilities abilities) {
    List<Finding> findings = new ArrayList<>();
    for (FenceMechanism mechanism : FenceMechanism.values()) {
      String feature = "fence: " + mechanism;
      findings.add(
          abilities.has(mechanism)
              ? Finding.have(feature, "")
              : Finding.limited(feature, mechanism.without()));
    }
    return findings;
  }

  private Finding forwarding() {
    String feature = "writable /proc/sys";
    return Files.isWritable(settings.resolve(FORWARDING))
        ? Finding.have(feature, "")
        : Finding.missing(
            feature, "forwarding and reverse path filters cannot be set: run privileged");
  }

  private List<Finding> neighbours() {
    try (NftNetlink nft = NftNetlink.open(SocketLimits.REQUESTS);
        RouteNetlink routing = RouteNetlink.open(SocketLimits.REQUESTS)) {
      List<String> collisions =
          new ArrayList<>(Collisions.ofLinks(routing.links(), device, tunnel));
      for (IpFamily family : IpFamily.values()) {
        collisions.addAll(Collisions.ofRules(routing.rules(family), numbers));
      }
      List<Finding> findings = new ArrayList<>();
      collisions.forEach(what -> findings.add(Finding.missing("no collision", what)));
      if (collisions.isEmpty()) {
        findings.add(Finding.have("no collision", "marks, tables and tunnel are free"));
      }
      findings.add(legacyTables());
      findings.addAll(closedChains(nft));
      return findings;
    } catch (NetlinkException refused) {
      return List.of(Finding.missing("netlink", String.valueOf(refused.getMessage())));
    }
  }

  private Finding legacyTables() {
    String feature = "iptables in nf_tables";
    try {
      boolean legacy =
          Files.isReadable(LEGACY_TABLES) && !Files.readString(LEGACY_TABLES).isBlank();
      return legacy
          ? Finding.limited(
              feature,
              "iptables-legacy has tables here. If its FORWARD chain is closed, add:"
                  + " iptables-legacy -A FORWARD -m connmark --mark "
                  + numbers.marks()
                  + " -j ACCEPT")
          : Finding.have(feature, "a closed FORWARD chain is seen and passed");
    } catch (IOException unreadable) {
      return Finding.limited(feature, LEGACY_TABLES + ": " + unreadable.getMessage());
    }
  }

  /** Chains that drop what we forward, and that no rule of ours can open. */
  private List<Finding> closedChains(NftNetlink nft) {
    List<Finding> findings = new ArrayList<>();
    for (NftTable table : nft.tables().stream().map(TableEntry::table).toList()) {
      for (ChainEntry chain : nft.chains(table.id())) {
        Optional<BaseChain> base = chain.chain().base();
        boolean closed =
            base.filter(b -> b.hook() == Hook.FORWARD && b.policy() == ChainPolicy.DROP)
                .isPresent();
        boolean iptables =
            List.of(IpFamily.values()).stream()
                .map(ForwardChain::id)
                .anyMatch(chain.chain().id()::equals);
        if (closed && !iptables && !table.id().name().equals(Marks.TABLE)) {
          findings.add(
              Finding.limited(
                  "open forward chains",
                  "chain "
                      + chain.chain().id()
                      + " drops what it does not accept; add to it: ct mark & 0x%08x == 0x%08x accept"
                          .formatted(numbers.mask(), numbers.mark())));
        }
      }
    }
    return findings.isEmpty()
        ? List.of(Finding.have("open forward chains", ""))
        : List.copyOf(findings);
  }
}
