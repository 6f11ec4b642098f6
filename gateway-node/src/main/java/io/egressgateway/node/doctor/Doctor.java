package io.egressgateway.node.doctor;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.agent.Collisions;
import io.egressgateway.node.agent.ForeignForwards;
import io.egressgateway.node.fence.FenceAbilities;
import io.egressgateway.node.fence.FenceMechanism;
import io.egressgateway.node.fence.NftFence;
import io.egressgateway.node.kernel.ForeignForward;
import io.egressgateway.node.kernel.KernelObject.Tunnel;
import io.egressgateway.node.kernel.Passage;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NamespaceTaskFailed;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.SocketLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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
      findings.addAll(closedChains(nft, routing));
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

  /** Chains that stop what a gateway node has to forward, and that no rule of ours can open. */
  private List<Finding> closedChains(NftNetlink nft, RouteNetlink routing) {
    List<ForeignForward> foreign = ForeignForwards.read(nft);
    Set<String> closed = new TreeSet<>();
    for (IpFamily family : IpFamily.values()) {
      Passage passage = ForeignForwards.outward(routing, family, device, numbers);
      for (ForeignForward table : foreign) {
        table
            .stops(passage)
            .map(
                chain ->
                    "chain %s stops what comes out of the tunnel and goes to %s: %s"
                        .formatted(chain.id(), passage.out().name(), table.remedy(chain, passage)))
            .ifPresent(closed::add);
      }
    }
    String feature = "open forward chains";
    return closed.isEmpty()
        ? List.of(Finding.have(feature, ""))
        : closed.stream().map(what -> Finding.limited(feature, what)).toList();
  }
}
