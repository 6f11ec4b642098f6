package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.node.fence.Fence;
import io.egressgateway.node.fence.NftFence;
import io.egressgateway.node.fence.Places;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.RawClock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is left of an agent that was told to take everything away: nothing. */
final class CleanupIT {
  private static final String EIP = "10.6.168.201";
  private static final int HERE = 12;

  /** Everything that the agent could have left; counters and lifetimes change by themselves. */
  private static final String DUMP =
      """
      nft list ruleset | sed 's/counter packets [0-9]* bytes [0-9]*/counter/'
      ip rule; ip -6 rule
      ip route show table all; ip -6 route show table all
      ip -d -o link | cut -d' ' -f2-; ip -o addr | sed 's/valid_lft.*//'
      bridge fdb; ip neigh show nud permanent
      conntrack -L 2>/dev/null | grep -c 'mark=6[34]' || true
      """;

  private DatapathLab lab;

  @BeforeEach
  void start() throws Exception {
    lab = new DatapathLab();
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  @Test
  void nothingIsLeftAndASecondTimeFindsNothing() throws Exception {
    NetworkNamespace node = lab.node(HERE);
    NetworkNamespace pod = lab.pod(node, "10.244.2.5");
    DatapathLab.shell(node, "iptables -P FORWARD DROP; iptables -A FORWARD -i pod+ -j ACCEPT");
    assertThat(lab.sourceOf(pod)).isEmpty();
    LabKernel kernel = lab.kernel(node);
    DatapathLab.shell(node, "conntrack -F 2>/dev/null");
    String before = DatapathLab.shell(node, DUMP);

    Fence fence = kernel.thread().executor().submit(() -> NftFence.open(RawClock::nanos)).get();
    kernel
        .thread()
        .executor()
        .submit(
            () -> {
              fence.gate(Places.on("eth0", List.of(IpAddress.of("10.6.168.202"))));
              return fence;
            })
        .get();
    kernel.reconcile(
        Plans.plan(
            Plans.mesh(HERE, 11, 13),
            Plans.selection("10.244.2.5"),
            new Ownership(
                new TreeMap<>(
                    Map.of(
                        new EipNumber(1), new NodeNumber(HERE),
                        new EipNumber(2), new NodeNumber(11))),
                new TreeMap<>(Map.of(new EipNumber(1), IpAddress.of(EIP))))));
    assertThat(lab.sourceOf(pod)).contains(EIP);
    assertThatThrownBy(() -> node.run(CleanupIT::requireNoOwner))
        .hasRootCauseInstanceOf(KernelFault.class)
        .rootCause()
        .hasMessageContaining("another agent runs on this node");
    kernel
        .thread()
        .executor()
        .submit(
            () -> {
              fence.close();
              return fence;
            })
        .get();

    remove(kernel);
    assertThat(DatapathLab.shell(node, DUMP)).isEqualTo(before);
    remove(kernel);
    assertThat(DatapathLab.shell(node, DUMP)).isEqualTo(before);
  }

  private static void remove(LabKernel kernel) throws Exception {
    assertThat(kernel.clear().isEmpty()).isTrue();
    kernel
        .thread()
        .executor()
        .submit(
            () -> {
              requireNoOwner();
              kernel.kernel().forgetFlows(KernelNumbers.USUAL);
              NftFence.remove();
              return kernel;
            })
        .get();
  }

  private static boolean requireNoOwner() throws KernelFault {
    NftFence.requireNoOwner();
    return true;
  }
}
