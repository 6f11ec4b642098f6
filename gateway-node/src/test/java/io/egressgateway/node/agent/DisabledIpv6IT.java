package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** A plan of both families on nodes whose kernel takes no IPv6 addresses. */
final class DisabledIpv6IT extends WorkerAndGateway {
  private static final String DISABLED = "net/ipv6/conf/all/disable_ipv6";
  private static final String POD_V6 = "fd44::1:5";
  private static final List<String> PODS = List.of(POD, POD_V6);
  private static final Ownership BOTH =
      new Ownership(
          new TreeMap<>(
              Map.of(
                  new EipNumber(1), new NodeNumber(GATEWAY),
                  new EipNumber(2), new NodeNumber(GATEWAY))),
          new TreeMap<>(
              Map.of(
                  new EipNumber(1), IpAddress.of(EIP),
                  new EipNumber(2), IpAddress.of("fd06::201"))));

  @Override
  String[] podAddresses() {
    return new String[] {POD, POD_V6};
  }

  private static NodePlan onGateway() {
    return Plans.plan(Plans.mesh(GATEWAY, WORKER), Selection.none(Plans.CLUSTER), BOTH);
  }

  private static NodePlan onWorker(Selection selection) {
    return Plans.plan(
        Plans.mesh(WORKER, GATEWAY), selection, new Ownership(BOTH.routes(), new TreeMap<>()));
  }

  /** Its lanes are what the kernel cannot make; the fault says so. */
  private static void refuse(LabKernel kernel, NodePlan plan) {
    ExecutionException failed =
        catchThrowableOfType(ExecutionException.class, () -> kernel.reconcile(plan));
    assertThat(failed).hasCauseInstanceOf(KernelFault.class);
    KernelFault fault = (KernelFault) Objects.requireNonNull(failed.getCause());
    IpAddress own = plan.mesh().self().tunnelAddress(IpFamily.IPV6).orElseThrow();
    assertThat(fault.operation()).isEqualTo("put");
    assertThat(fault.subject()).startsWith("address " + own + "/");
  }

  @Test
  void ipv4PoliciesOfAWorkerComeAndGo() throws Exception {
    gatewayKernel.reconcile(onGateway());
    DatapathLab.set(worker, DISABLED, "1");
    refuse(workerKernel, onWorker(Plans.dualStack(PODS)));
    try (DatapathLab.Client client = lab.client(pod)) {
      assertThat(client.ask()).contains(EIP);
      assertThat(lab.sourceOf(pod, IpFamily.IPV6)).isEmpty();
      refuse(workerKernel, onWorker(Selection.none(Plans.CLUSTER)));
      assertThat(client.ask()).as("its connection is forgotten").contains("10.6.168.11");
    }
    DatapathLab.set(worker, DISABLED, "0");
    assertThat(workerKernel.reconcile(onWorker(Plans.dualStack(PODS))).changes()).isNotEmpty();
    assertThat(workerKernel.reconcile(onWorker(Plans.dualStack(PODS))).changes()).isEmpty();
    assertThat(lab.sourceOf(pod)).contains(EIP);
  }

  @Test
  void aGatewayNodeHoldsItsIpv4AddressesAndGivesThemUp() throws Exception {
    DatapathLab.set(gateway, DISABLED, "1");
    refuse(gatewayKernel, onGateway());
    workerKernel.reconcile(onWorker(Plans.dualStack(PODS)));
    assertThat(lab.sourceOf(pod)).contains(EIP);
    NetworkNamespace local = lab.pod(gateway, "10.244.2.5");
    assertThat(lab.sourceOf(local)).contains("10.6.168.12");
    refuse(
        gatewayKernel,
        Plans.plan(
            Plans.mesh(GATEWAY, WORKER), Selection.none(Plans.CLUSTER), Plans.routedTo(GATEWAY)));
    assertThat(DatapathLab.shell(gateway, "ip addr show dev eth0")).doesNotContain(EIP + "/32");
    assertThat(lab.sourceOf(pod)).isEmpty();
  }
}
