package io.egressgateway.node.agent;

import io.egressgateway.core.lease.Gates;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.node.fence.Places;
import io.egressgateway.node.kernel.Tenure;
import io.egressgateway.node.kernel.WayFact;
import io.egressgateway.node.kernel.WayQuestion;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.RawClock;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** A node of a laboratory whose kernel has a plan, and gates with a lease, and is asked. */
final class ExaminedNode implements AutoCloseable {
  private static final Duration LEASE = Duration.ofMinutes(10);

  private final DatapathLab lab = new DatapathLab();
  private final NetworkNamespace node;
  private final LabKernel kernel;
  private final FenceThread fence;
  private final NodePlan plan;

  /** Has everything of the plan, and a lease of ten minutes. */
  ExaminedNode(NodePlan plan) throws Exception {
    this.plan = plan;
    node = lab.node(plan.mesh().self().number().value());
    kernel = lab.kernel(node);
    fence = new FenceThread(node);
    fence.gate(Places.on("eth0", held()));
    reconcile();
    lease(LEASE);
  }

  /** Brings the kernel to the plan again. */
  void reconcile() throws Exception {
    kernel.reconcile(plan);
  }

  private SortedSet<IpAddress> held() {
    return new TreeSet<>(plan.ownership().held().values());
  }

  /** Runs a shell's words in the node. */
  void shell(String words) throws Exception {
    DatapathLab.shell(node, words);
  }

  /** From now on this is left of the lease. */
  void lease(Duration left) throws Exception {
    Gates gates = new Gates(RawClock.nanos(), held(), RawClock.nanos() + left.toNanos());
    fence.write(gates);
  }

  List<WayFact> ask(WayQuestion question) throws Exception {
    return kernel
        .thread()
        .executor()
        .submit(() -> Examination.run(kernel.kernel(), plan, Tenure.LEASED, question))
        .get();
  }

  /** Of what the answer says that it is not as planned. */
  List<String> differing(WayQuestion question) throws Exception {
    return ask(question).stream()
        .filter(fact -> fact.agreement() == WayFact.Agreement.DIFFERS)
        .map(WayFact::subject)
        .toList();
  }

  @Override
  public void close() {
    fence.close();
    lab.close();
  }
}
