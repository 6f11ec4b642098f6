package io.egressgateway.node.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.doctor.Finding.Standing;
import io.egressgateway.node.kernel.KernelObject.Tunnel;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the doctor finds on a node. */
final class DoctorIT {
  private static final Doctor DOCTOR =
      new Doctor(
          "egress.vxlan",
          new Tunnel.Header(100, 7789, Tunnel.Extension.GROUP_POLICY),
          KernelNumbers.USUAL,
          Path.of("/proc/sys"));

  private final NetworkNamespace node =
      NetworkNamespace.create("egn-doctor-" + ProcessHandle.current().pid());

  @BeforeEach
  void start() throws Exception {
    shell("ip link set lo up");
  }

  @AfterEach
  void stop() {
    node.delete();
  }

  private void shell(String script) throws Exception {
    Process process =
        node.run(
            () -> new ProcessBuilder("sh", "-e", "-c", script).redirectErrorStream(true).start());
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private List<Finding> examine() {
    return node.run(DOCTOR::examine);
  }

  @Test
  void aKernelThatHasEverythingIsHealthy() {
    List<Finding> findings = examine();
    assertThat(findings)
        .extracting(Finding::feature)
        .contains(
            "VXLAN with group policy",
            "routes by packet mark",
            "nf_tables of family inet: maps, ranges, fib, translation",
            "iptables' connmark within nf_tables",
            "connections by mark (ctnetlink)",
            "fence: TABLE_OWNER",
            "fence: ADDRESS_PROTOCOL",
            "writable /proc/sys",
            "no collision");
    assertThat(findings).noneMatch(finding -> finding.standing() == Standing.MISSING);
  }

  @Test
  void whatOthersHaveInTheWayIsNamedWithTheRemedy() throws Exception {
    shell(
        """
        ip rule add fwmark 0x26000001/0xff000000 priority 50 lookup 77
        ip -6 rule add priority 51 lookup $((0x27020003))
        ip rule add fwmark 0x4000/0x4000 priority 52 lookup 78
        ip link add other0 type vxlan id 100 dstport 7789 dev lo local 127.0.0.1
        nft add table inet firewall
        nft add chain inet firewall forwarding '{ type filter hook forward priority 0; policy drop; }'
        nft add table ip firewalld
        nft add chain ip firewalld FORWARD '{ type filter hook forward priority 10; }'
        nft add rule ip firewalld FORWARD ct state established,related accept
        nft add rule ip firewalld FORWARD reject
        """);
    List<Finding> findings = examine();
    assertThat(findings)
        .filteredOn(finding -> finding.standing() == Standing.MISSING)
        .extracting(Finding::remark)
        .satisfiesExactlyInAnyOrder(
            remark -> assertThat(remark).contains("other0", "feature.vxlan.id"),
            remark -> assertThat(remark).contains("rule 50 of IPv4", "0x26000001/0xff000000"),
            remark -> assertThat(remark).contains("rule 51 of IPv6"));
    assertThat(findings)
        .filteredOn(finding -> finding.feature().equals("open forward chains"))
        .extracting(Finding::remark)
        .satisfiesExactlyInAnyOrder(
            remark -> assertThat(remark).contains("inet firewall forwarding", "ct mark"),
            remark -> assertThat(remark).contains("ip firewalld FORWARD", "--zone=trusted"));
  }
}
