package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside what iptables, Docker, kube-proxy and a CNI have in the same kernels. */
final class NeighboursIT extends WorkerAndGateway {
  private static final String OURS = "-m connmark --mark 0x26000000/0xfe000000";

  private void onBothNodes(String script) throws Exception {
    DatapathLab.shell(worker, script);
    DatapathLab.shell(gateway, script);
  }

  private void establish() throws Exception {
    gatewayKernel.reconcile(ON_GATEWAY);
    workerKernel.reconcile(ON_WORKER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Docker, since it found that it had opened every host it ran on.
        "iptables -P FORWARD DROP; ip6tables -P FORWARD DROP",
        // Red Hat's iptables service.
        "iptables -A FORWARD -j REJECT --reject-with icmp-host-prohibited",
      })
  void aClosedForwardChainLetsOurConnectionsPass(String closing) throws Exception {
    onBothNodes(closing);
    establish();
    assertThat(lab.sourceOf(pod)).contains(EIP);
    assertThat(DatapathLab.shell(gateway, "iptables-save")).contains(OURS);
    assertThat(lab.sourceOf(lab.pod(worker, "10.244.1.6"))).isEmpty();
  }

  @Test
  void itsRuleIsOneThatIptablesCanReadAndIsGoneAfterwards() throws Exception {
    onBothNodes("iptables -P FORWARD DROP; ip6tables -P FORWARD DROP");
    String before = DatapathLab.shell(worker, "iptables -S; ip6tables -S");
    establish();
    assertThat(DatapathLab.shell(worker, "iptables -S FORWARD"))
        .isEqualTo(
            "-P FORWARD DROP\n-A FORWARD "
                + OURS
                + " -m comment --comment egressgateway -j ACCEPT\n");
    assertThat(DatapathLab.shell(worker, "iptables-save | iptables-restore; iptables-save"))
        .contains(OURS);
    assertThat(workerKernel.reconcile(ON_WORKER).changes()).isEmpty();
    assertThat(workerKernel.clear().isEmpty()).isTrue();
    assertThat(DatapathLab.shell(worker, "iptables -S; ip6tables -S")).isEqualTo(before);
  }

  @Test
  void anOpenForwardChainIsLeftAlone() throws Exception {
    onBothNodes("iptables -A FORWARD -s 192.0.2.1 -j DROP");
    String before = DatapathLab.shell(worker, "iptables -S");
    establish();
    assertThat(lab.sourceOf(pod)).contains(EIP);
    assertThat(DatapathLab.shell(worker, "iptables -S")).isEqualTo(before);
  }

  @Test
  void aNetworkPolicyIsStillHeardForASelectedPod() throws Exception {
    onBothNodes("iptables -P FORWARD DROP");
    establish();
    assertThat(lab.sourceOf(pod)).contains(EIP);
    DatapathLab.shell(
        worker,
        """
        iptables -N cni-egress
        iptables -A FORWARD -s %s -j cni-egress
        iptables -A cni-egress -p udp -j DROP
        """
            .formatted(POD));
    // The policy came behind our rule, which has to be the last one again.
    assertThat(workerKernel.reconcile(ON_WORKER).changes()).hasSize(1);
    assertThat(lab.sourceOf(pod)).isEmpty();
  }

  @Test
  void rulesThatStopNothingMayStandBehindOurs() throws Exception {
    onBothNodes("iptables -P FORWARD DROP");
    establish();
    // As Calico ends the chain.
    DatapathLab.shell(
        worker,
        """
        iptables -A FORWARD -m comment --comment cali:S93hcgKJrXEqnTfs \
            -m mark --mark 0x10000/0x10000 -j ACCEPT
        iptables -A FORWARD -m comment --comment cali:mp77cMpurHhyjLrM -j MARK --set-xmark 0x10000/0x10000
        """);
    String calico = DatapathLab.shell(worker, "iptables -S FORWARD");
    assertThat(workerKernel.reconcile(ON_WORKER).changes()).isEmpty();
    assertThat(DatapathLab.shell(worker, "iptables -S FORWARD")).isEqualTo(calico);
    assertThat(lab.sourceOf(pod)).contains(EIP);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-s 192.0.2.1 -j DROP",
        "-s 192.0.2.1 -j REJECT",
        "-s 192.0.2.1 -j RETURN",
        "-s 192.0.2.1 -g cni-egress",
        "-s 192.0.2.1 -j NFQUEUE",
      })
  void aRuleBehindOursThatMayStopPacketsMovesIt(String rule) throws Exception {
    onBothNodes("iptables -P FORWARD DROP; iptables -N cni-egress");
    establish();
    DatapathLab.shell(worker, "iptables -A FORWARD " + rule);
    assertThat(workerKernel.reconcile(ON_WORKER).changes()).hasSize(1);
    assertThat(workerKernel.reconcile(ON_WORKER).changes()).isEmpty();
    assertThat(DatapathLab.shell(worker, "iptables -S FORWARD"))
        .endsWith(OURS + " -m comment --comment egressgateway -j ACCEPT\n");
  }

  @Test
  void marksThatACniSetsBehindTheRoutingDecisionDoNoHarm() throws Exception {
    // Calico's mark for what its policies accept, on packets of pods.
    onBothNodes("iptables -A FORWARD -i pod+ -j MARK --set-xmark 0x10000/0x10000");
    NetworkNamespace local = lab.pod(gateway, "10.244.2.5");
    gatewayKernel.reconcile(
        Plans.plan(
            Plans.mesh(GATEWAY, WORKER),
            Plans.selection("10.244.2.5"),
            Plans.holding(EIP, GATEWAY)));
    workerKernel.reconcile(ON_WORKER);
    DatapathLab.Client client = lab.client(local);
    assertThat(client.ask()).contains(EIP);
    assertThat(client.ask()).contains(EIP);
    assertThat(lab.sourceOf(pod)).contains(EIP);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "iptables -t nat -A POSTROUTING -s 10.244.0.0/16 ! -d 10.244.0.0/16 -j MASQUERADE"
            + " --random-fully",
        // kube-proxy marks what it masquerades, and takes the mark off again.
        "iptables -t nat -N KUBE-POSTROUTING;"
            + "iptables -t nat -A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN;"
            + "iptables -t nat -A KUBE-POSTROUTING -j MARK --xor-mark 0x4000;"
            + "iptables -t nat -A KUBE-POSTROUTING -j MASQUERADE --random-fully;"
            + "iptables -t nat -I POSTROUTING -j KUBE-POSTROUTING;"
            + "iptables -t nat -A PREROUTING -d 10.96.0.0/12 -j MARK --or-mark 0x4000",
        "nft add table ip kube-proxy;"
            + "nft add chain ip kube-proxy nat-postrouting"
            + " '{ type nat hook postrouting priority srcnat; }';"
            + "nft add rule ip kube-proxy nat-postrouting ip saddr 10.244.0.0/16 masquerade",
      })
  void aMasqueradeOfOthersKeepsOffOurConnections(String masquerade) throws Exception {
    onBothNodes(masquerade);
    establish();
    assertThat(lab.sourceOf(pod)).contains(EIP);
    assertThat(lab.sourceOf(lab.pod(worker, "10.244.1.6"))).contains("10.6.168.11");
  }
}
