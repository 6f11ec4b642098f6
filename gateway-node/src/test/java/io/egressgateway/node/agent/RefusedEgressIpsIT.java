package io.egressgateway.node.agent;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.node.agent.Reconciliation.Known;
import io.egressgateway.node.kernel.DesiredKernel;
import io.egressgateway.node.kernel.KernelDelta;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.KernelObject.HeldAddress;
import io.egressgateway.node.kernel.KernelState;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.kernel.Tenure;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Of egress IPs that come or go together a real kernel refuses some. */
final class RefusedEgressIpsIT {
  private static final int HERE = 12;

  private final DatapathLab lab = new DatapathLab();
  private final NetworkNamespace node;
  private final LabKernel kernel;

  RefusedEgressIpsIT() throws Exception {
    node = lab.node(HERE);
    kernel = lab.kernel(node);
  }

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  @Test
  void theOneThatSomebodyElseHasPutThereIsNamedAndComesWhenItIsGone() throws Exception {
    DatapathLab.shell(node, "ip addr add 10.6.168.202/32 dev eth0");

    KernelFault fault = faultOf(holding(3), Optional.empty());

    assertThat(fault.operation()).isEqualTo("put");
    assertThat(fault.subject()).isEqualTo("1 of 3 egress IPs: 10.6.168.202");
    assertThat(fault.reason()).contains("EEXIST");
    assertThat(held()).as("the others are there, whole").containsExactlyInAnyOrder(eip(1), eip(3));

    DatapathLab.shell(node, "ip addr del 10.6.168.202/32 dev eth0");
    Reconciliation mended = run(holding(3), Optional.empty());

    assertThat(mended.newlyHeld()).containsExactly(eip(2).address());
    assertThat(held()).containsExactlyInAnyOrder(eip(1), eip(2), eip(3));
    assertThat(run(holding(3), Optional.empty()).changes()).isEmpty();
  }

  @Test
  void theOneThatIsGoneAlreadyKeepsNoOtherFromGoing() throws Exception {
    Known known = run(holding(3), Optional.empty()).known();
    DatapathLab.shell(node, "ip addr del 10.6.168.202/32 dev eth0");

    run(holding(0), Optional.of(known));

    assertThat(held()).isEmpty();
    assertThat(run(holding(0), Optional.empty()).changes()).isEmpty();
  }

  /** A node is cleaned up while the addresses of an agent that was killed expire one by one. */
  @Test
  void whatExpiresBetweenReadingAndRemovingIsNoFault() throws Exception {
    KernelState read = run(holding(3), Optional.empty()).known().state();
    DatapathLab.shell(node, "ip addr del 10.6.168.202/32 dev eth0");

    kernel
        .thread()
        .executor()
        .submit(
            () -> {
              kernel.kernel().apply(KernelDelta.between(DesiredKernel.none(), read));
              return kernel;
            })
        .get();

    assertThat(held()).isEmpty();
  }

  private Reconciliation run(NodePlan plan, Optional<Known> before) throws Exception {
    return kernel
        .thread()
        .executor()
        .submit(() -> Reconciliation.run(kernel.kernel(), plan, Tenure.LEASED, before))
        .get();
  }

  private KernelFault faultOf(NodePlan plan, Optional<Known> before) {
    ExecutionException failed =
        catchThrowableOfType(ExecutionException.class, () -> run(plan, before));
    return (KernelFault) requireNonNull(failed.getCause());
  }

  private Set<HeldAddress> held() throws Exception {
    return kernel.thread().executor().submit(() -> kernel.kernel().held(IpFamily.IPV4)).get();
  }

  private static NodePlan holding(int egressIps) {
    TreeMap<EipNumber, NodeNumber> routes = new TreeMap<>();
    TreeMap<EipNumber, IpAddress> held = new TreeMap<>();
    for (int i = 1; i <= egressIps; i++) {
      routes.put(new EipNumber(i), new NodeNumber(HERE));
      held.put(new EipNumber(i), eip(i).address());
    }
    return Plans.plan(
        Plans.mesh(HERE, 11), Plans.selection("10.244.2.5"), new Ownership(routes, held));
  }

  private static HeldAddress eip(int number) {
    return new HeldAddress("eth0", IpAddress.of("10.6.168.%d".formatted(200 + number)));
  }
}
