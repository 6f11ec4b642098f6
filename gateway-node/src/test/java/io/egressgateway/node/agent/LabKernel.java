package io.egressgateway.node.agent;

import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.node.kernel.DesiredKernel;
import io.egressgateway.node.kernel.KernelChange;
import io.egressgateway.node.kernel.KernelDelta;
import io.egressgateway.node.kernel.KernelState;
import io.egressgateway.node.kernel.Tenure;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A node's kernel, used on its own thread. */
record LabKernel(KernelThread thread, NetlinkKernel kernel) {
  Reconciliation reconcile(NodePlan plan) throws Exception {
    return thread
        .executor()
        .submit(() -> Reconciliation.run(kernel, plan, Tenure.LEASED, Optional.empty()))
        .get();
  }

  /** Step by step, with something done after each. */
  void become(DesiredKernel desired, Consumer<KernelChange> afterEach) throws Exception {
    KernelState actual = thread.executor().submit(kernel::read).get();
    for (KernelChange change : KernelDelta.between(desired, actual).changes()) {
      thread
          .executor()
          .submit(
              () -> {
                return kernel.apply(new KernelDelta(List.of(change)));
              })
          .get();
      afterEach.accept(change);
    }
  }

  KernelState clear() throws Exception {
    return thread
        .executor()
        .submit(
            () -> {
              Reconciliation.clear(kernel);
              return kernel.read();
            })
        .get();
  }
}
