package io.egressgateway.node.agent;

import io.egressgateway.core.lease.Gates;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.node.fence.NftFence;
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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A node of a laboratory whose kernel has a plan, and gates with a lease, and is asked. */
final class ExaminedNode implements AutoCloseable {
  private static final Duration LEASE = Duration.ofMinutes(10);

  private final DatapathLab lab = new DatapathLab();
  private final ExecutorService leaseThread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("lease").daemon(true).factory());
  private final NetworkNamespace node;
  private final LabKernel kernel;
  private final NftFence fence;
  private final NodePlan plan;

  /** Has everything of the plan, and a lease of ten minutes. */
  ExaminedNode(NodePlan plan) throws Exception {
    this.plan = plan;
    node = lab.node(plan.mesh().self().number().value());
    kernel = lab.kernel(node);
    leaseThread.submit(node::enter).get();
    fence = onLeaseThread(() -> NftFence.open(RawClock::nanos));
    onLeaseThread(
        () -> {
          fence.gate(Places.on("eth0", held()));
          return fence;
        });
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

  private <T> T onLeaseThread(Callable<T> work) throws Exception {
    return leaseThread.submit(work).get();
  }

  /** Runs a shell's words in the node. */
  void shell(String words) throws Exception {
    DatapathLab.shell(node, words);
  }

  /** From now on this is left of the lease. */
  void lease(Duration left) throws Exception {
    Gates gates = new Gates(RawClock.nanos(), held(), RawClock.nanos() + left.toNanos());
    onLeaseThread(() -> fence.write(gates));
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
    leaseThread.execute(fence::close);
    leaseThread.close();
    lab.close();
  }
}
