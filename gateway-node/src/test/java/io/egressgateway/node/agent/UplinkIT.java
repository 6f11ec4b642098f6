package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.Mesh;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A gateway node with two links: {@code lan} to the other nodes, with the default route and the
 * node's address, and {@code eth0} to where its egress IPs belong. The worker has {@code lan}
 * alone.
 */
final class UplinkIT {
  private static final String EIP = "10.6.168.201";
  private static final String OF_NO_NETWORK = "10.8.0.201";
  private static final String POD = "10.244.1.5";
  private static final int WORKER = 11;
  private static final int GATEWAY = 12;

  private final DatapathLab lab = new DatapathLab();
  private final NetworkNamespace worker = lab.node(WORKER);
  private final NetworkNamespace gateway = lab.node(GATEWAY);
  private final LabKernel gatewayKernel = lab.kernel(gateway);

  UplinkIT() throws Exception {}

  @BeforeEach
  void wire() throws Exception {
    DatapathLab.shell(
        worker,
        """
        ip link add lan mtu 1400 type veth peer name lan mtu 1400 netns %s
        ip link set eth0 down
        ip addr add 10.9.0.11/24 dev lan
        ip link set lan up
        ip route add default via 10.9.0.12
        """
            .formatted(gateway.name()));
    DatapathLab.shell(
        gateway,
        """
        ip addr add 10.9.0.12/24 dev lan
        ip link set lan up
        ip route add 10.6.1.0/24 via 10.6.168.1 dev eth0
        ip route replace default via 10.9.0.11 dev lan
        """);
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  @Test
  void theEgressIpIsOnTheNamedLinkAndTheTunnelWhereTheNodesAre() throws Exception {
    gatewayKernel.reconcile(Plans.on("eth0", gatewayPlan()));
    lab.kernel(worker)
        .reconcile(
            Plans.plan(mesh(WORKER, GATEWAY), Plans.selection(POD), Plans.routedTo(GATEWAY)));

    assertThat(lab.sourceOf(lab.pod(worker, POD))).contains(EIP);
    assertThat(DatapathLab.shell(gateway, "ip -o addr show dev eth0")).contains(EIP + "/32");
    assertThat(DatapathLab.shell(gateway, "ip -d link show dev egress.vxlan"))
        .contains("mtu 1350", "local 10.9.0.12", "dev lan");
  }

  @Test
  void whatIsOfNoNetworkFollowsThePlanToAnotherLinkAndLeavesNothingBehind() throws Exception {
    gatewayKernel.reconcile(gatewayPlan(OF_NO_NETWORK));
    assertThat(linkOf(OF_NO_NETWORK)).isEqualTo("lan");

    gatewayKernel.reconcile(Plans.on("eth0", gatewayPlan(OF_NO_NETWORK)));
    assertThat(linkOf(OF_NO_NETWORK)).isEqualTo("eth0");
  }

  @Test
  void anAgentThatStartsFindsTheLinkWhereEgressIpsAre() throws Exception {
    assertThat(nameBeforeAPlan()).isEqualTo("lan");
    gatewayKernel.reconcile(Plans.on("eth0", gatewayPlan()));
    assertThat(nameBeforeAPlan()).isEqualTo("eth0");
  }

  @Test
  void aLinkThatIsNotThereIsRefusedByNameAndNothingIsTouched() throws Exception {
    gatewayKernel.reconcile(Plans.on("eth0", gatewayPlan(OF_NO_NETWORK)));
    assertThatThrownBy(() -> gatewayKernel.reconcile(Plans.on("eth7", gatewayPlan(OF_NO_NETWORK))))
        .cause()
        .isInstanceOfSatisfying(
            KernelFault.class,
            fault -> {
              assertThat(fault.subject()).isEqualTo("uplink eth7");
              assertThat(fault.reason()).contains("tunnelDetectCustomInterface");
            });
    assertThat(linkOf(OF_NO_NETWORK)).isEqualTo("eth0");

    DatapathLab.shell(gateway, "ip link add eth7 type veth peer name eth8 && ip link set eth7 up");
    gatewayKernel.reconcile(Plans.on("eth7", gatewayPlan(OF_NO_NETWORK)));
    assertThat(linkOf(OF_NO_NETWORK)).isEqualTo("eth7");
  }

  private String nameBeforeAPlan() throws Exception {
    return gatewayKernel.thread().executor().submit(gatewayKernel.kernel()::uplink).get().name();
  }

  private String linkOf(String address) throws Exception {
    return DatapathLab.shell(gateway, "ip -o addr show to " + address + "/32 | cut -d' ' -f2")
        .strip();
  }

  private static NodePlan gatewayPlan() {
    return gatewayPlan(EIP);
  }

  private static NodePlan gatewayPlan(String egressIp) {
    Ownership holding = Plans.holding(egressIp, GATEWAY);
    return Plans.plan(mesh(GATEWAY, WORKER), Selection.none(Plans.CLUSTER), holding);
  }

  /** Of nodes that reach each other over {@code lan}. */
  private static Mesh mesh(int self, int peer) {
    TreeMap<NodeNumber, TunnelEndpoint> peers = new TreeMap<>();
    peers.put(new NodeNumber(peer), onLan(peer));
    return new Mesh(onLan(self), Plans.TUNNEL, peers);
  }

  private static TunnelEndpoint onLan(int number) {
    return Plans.endpoint(number, "10.9.0." + number);
  }
}
