package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.Mesh;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.node.kernel.DesiredKernel;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows of docs/conformance.md about address families and the node's own address. */
final class AddressFamiliesIT extends WorkerAndGateway {
  private static final String EIP_V6 = "fd06::201";
  private static final String SLOT = NodeAddressSlot.of(new GatewayName("default")).toString();
  private static final String POD_V6 = "fd44::1:5";
  private static final String LOCAL_POD = "10.244.2.5";
  private static final String LOCAL_POD_V6 = "fd44::2:5";
  private static final List<String> PODS = List.of(POD, POD_V6);
  private static final List<String> LOCAL_PODS = List.of(LOCAL_POD, LOCAL_POD_V6);
  private static final String EVERYTHING = "0.0.0.0/0";
  private static final String EVERYTHING_V6 = "::/0";

  private NetworkNamespace localPod;

  @Override
  String[] podAddresses() {
    return new String[] {POD, POD_V6};
  }

  @BeforeEach
  void addLocalPod() throws Exception {
    localPod = lab.pod(gateway, LOCAL_POD, LOCAL_POD_V6);
  }

  /** What both nodes' pods do, and which addresses the gateway node has. */
  private void establish(Ownership held, String... destinations) throws Exception {
    establish(Plans.mesh(WORKER, GATEWAY), Plans.mesh(GATEWAY, WORKER), held, destinations);
  }

  private void establish(Mesh ofWorker, Mesh ofGateway, Ownership held, String... destinations)
      throws Exception {
    gatewayKernel.reconcile(Plans.plan(ofGateway, Plans.selection(LOCAL_PODS, destinations), held));
    Ownership routes = new Ownership(held.routes(), new TreeMap<>());
    workerKernel.reconcile(Plans.plan(ofWorker, Plans.selection(PODS, destinations), routes));
  }

  /** The gateway node's own addresses, and no pods of its own that leave with them. */
  private void establishForPodsElsewhere() throws Exception {
    establish(SLOT, Plans.selection(PODS, EVERYTHING, EVERYTHING_V6));
  }

  private void check(NetworkNamespace from, String source, String sourceV6) throws Exception {
    assertThat(lab.sourceOf(from, IpFamily.IPV4)).contains(source);
    assertThat(lab.sourceOf(from, IpFamily.IPV6)).contains(sourceV6);
  }

  @Test
  void row7AnIpv6EgressIpForEverythingOnBothNodes() throws Exception {
    establish(Plans.holding(EIP_V6, GATEWAY), EVERYTHING_V6);
    assertThat(lab.sourceOf(pod, IpFamily.IPV6)).contains(EIP_V6);
    assertThat(lab.sourceOf(localPod, IpFamily.IPV6)).contains(EIP_V6);
  }

  @Test
  void row7AGatewayNodeThatDidNotForwardIpv6DoesSo() throws Exception {
    DatapathLab.set(gateway, DesiredKernel.IPV6_FORWARDING, "0");
    establish(Plans.holding(EIP_V6, GATEWAY), EVERYTHING_V6);
    assertThat(lab.sourceOf(pod, IpFamily.IPV6)).contains(EIP_V6);
  }

  @Test
  void rows1And2AndRow7APolicyWithAnEgressIpOfEachFamily() throws Exception {
    Ownership both =
        new Ownership(
            new TreeMap<>(
                Map.of(
                    new EipNumber(1), new NodeNumber(GATEWAY),
                    new EipNumber(2), new NodeNumber(GATEWAY))),
            new TreeMap<>(
                Map.of(
                    new EipNumber(1), IpAddress.of(EIP),
                    new EipNumber(2), IpAddress.of(EIP_V6))));
    gatewayKernel.reconcile(
        Plans.plan(Plans.mesh(GATEWAY, WORKER), Plans.dualStack(LOCAL_PODS), both));
    workerKernel.reconcile(
        Plans.plan(
            Plans.mesh(WORKER, GATEWAY),
            Plans.dualStack(PODS),
            new Ownership(both.routes(), new TreeMap<>())));
    check(pod, EIP, EIP_V6);
    check(localPod, EIP, EIP_V6);
  }

  @Test
  void rows8And9TheNodesOwnAddressesForPodsOfBothNodes() throws Exception {
    establish(Plans.holding(SLOT, GATEWAY), EVERYTHING, EVERYTHING_V6);
    check(pod, "10.6.168.12", "fd06::12");
    check(localPod, "10.6.168.12", "fd06::12");
  }

  @Test
  void row9AGatewayNodeThatDidNotForwardIpv6DoesSoForItsOwnAddress() throws Exception {
    DatapathLab.set(gateway, DesiredKernel.IPV6_FORWARDING, "0");
    establishForPodsElsewhere();
    check(pod, "10.6.168.12", "fd06::12");
  }

  @Test
  void row9ALowerAddressOfTheGatewayNodeChangesNoConnectionsSource() throws Exception {
    establishForPodsElsewhere();
    DatapathLab.Client known = lab.client(pod, IpFamily.IPV6);
    assertThat(known.ask()).contains("fd06::12");
    DatapathLab.shell(gateway, "ip addr add fd06::2/64 dev eth0 nodad");
    establishForPodsElsewhere();
    assertThat(known.ask()).contains("fd06::12");
    assertThat(lab.sourceOf(pod, IpFamily.IPV6)).contains("fd06::12");

    DatapathLab.shell(gateway, "ip addr change fd06::12/64 dev eth0 preferred_lft 0");
    establishForPodsElsewhere();
    assertThat(known.ask()).contains("fd06::12");
    assertThat(lab.sourceOf(pod, IpFamily.IPV6)).contains("fd06::2");
  }

  @Test
  void row9PacketsAreDroppedWhenTheGatewayNodeIsRelieved() throws Exception {
    establishForPodsElsewhere();
    gatewayKernel.reconcile(
        Plans.plan(
            Plans.mesh(GATEWAY, WORKER), Selection.none(Plans.CLUSTER), Plans.routedTo(GATEWAY)));
    assertThat(lab.sourceOf(pod)).isEmpty();
    assertThat(lab.sourceOf(pod, IpFamily.IPV6)).isEmpty();
  }

  @Test
  void row24ThePolicyMovesToAnotherMembersAddress() throws Exception {
    int next = 13;
    NetworkNamespace other = lab.node(next);
    establish(Plans.holding(SLOT, GATEWAY), EVERYTHING, EVERYTHING_V6);
    lab.kernel(other)
        .reconcile(
            Plans.plan(
                Plans.mesh(next, GATEWAY, WORKER),
                Selection.none(Plans.CLUSTER),
                Plans.holding(SLOT, next)));
    workerKernel.reconcile(
        Plans.plan(
            Plans.mesh(WORKER, GATEWAY, next),
            Plans.selection(PODS, EVERYTHING, EVERYTHING_V6),
            Plans.routedTo(next)));
    check(pod, "10.6.168.13", "fd06::13");
  }

  @Test
  void row10AnIpv6EgressIpAloneLeavesIpv4Alone() throws Exception {
    establish(Plans.holding(EIP_V6, GATEWAY), EVERYTHING_V6);
    check(pod, "10.6.168.11", EIP_V6);
    check(localPod, "10.6.168.12", EIP_V6);
  }

  @Test
  void row11AnIpv4EgressIpAloneLeavesIpv6Alone() throws Exception {
    establish(Plans.holding(EIP, GATEWAY), EVERYTHING);
    check(pod, EIP, "fd06::11");
    check(localPod, EIP, "fd06::12");
  }

  @Test
  void bothFamiliesGoThroughATunnelOverIpv6() throws Exception {
    Mesh ofWorker = Mesh.of(overIpv6(WORKER), Plans.TUNNEL, List.of(overIpv6(GATEWAY)));
    Mesh ofGateway = Mesh.of(overIpv6(GATEWAY), Plans.TUNNEL, List.of(overIpv6(WORKER)));
    establish(ofWorker, ofGateway, Plans.holding(EIP_V6, GATEWAY), EVERYTHING_V6);
    assertThat(lab.sourceOf(pod, IpFamily.IPV6)).contains(EIP_V6);
    establish(ofWorker, ofGateway, Plans.holding(EIP, GATEWAY), EVERYTHING);
    assertThat(lab.sourceOf(pod, IpFamily.IPV4)).contains(EIP);
  }

  private static TunnelEndpoint overIpv6(int number) {
    return Plans.endpoint(number, "fd06::" + number);
  }

  @Test
  void neighboursFindAnIpv6EgressIpAndItAnswersEcho() throws Exception {
    establish(Plans.holding(EIP_V6, GATEWAY), EVERYTHING_V6);
    assertThat(lab.server().run(() -> InetAddress.getByName(EIP_V6).isReachable(5_000))).isTrue();
  }
}
