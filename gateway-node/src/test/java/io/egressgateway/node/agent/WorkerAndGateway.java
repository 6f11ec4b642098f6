package io.egressgateway.node.agent;

import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** For tests of a pod's node and a gateway node, each with a kernel of its own, and no plan yet. */
abstract class WorkerAndGateway {
  static final String EIP = "10.6.168.201";
  static final String POD = "10.244.1.5";
  static final int WORKER = 11;
  static final int GATEWAY = 12;

  /** The pod's packets to everywhere have the egress IP, which the gateway node holds. */
  static final NodePlan ON_WORKER =
      Plans.plan(Plans.mesh(WORKER, GATEWAY), Plans.selection(POD), Plans.routedTo(GATEWAY));

  static final NodePlan ON_GATEWAY =
      Plans.plan(
          Plans.mesh(GATEWAY, WORKER), Selection.none(Plans.CLUSTER), Plans.holding(EIP, GATEWAY));

  DatapathLab lab;
  NetworkNamespace worker;
  NetworkNamespace gateway;
  NetworkNamespace pod;
  LabKernel workerKernel;
  LabKernel gatewayKernel;

  @BeforeEach
  final void openLab() throws Exception {
    lab = new DatapathLab();
    worker = lab.node(WORKER);
    gateway = lab.node(GATEWAY);
    pod = lab.pod(worker, podAddresses());
    workerKernel = lab.kernel(worker);
    gatewayKernel = lab.kernel(gateway);
  }

  /** Of the pod on the worker. */
  String[] podAddresses() {
    return new String[] {POD};
  }

  /** The gateway node holds this egress IP, and the worker's selected packets go to it. */
  final void establish(String eip, Selection selection) throws Exception {
    gatewayKernel.reconcile(
        Plans.plan(
            Plans.mesh(GATEWAY, WORKER),
            Selection.none(Plans.CLUSTER),
            Plans.holding(eip, GATEWAY)));
    workerKernel.reconcile(
        Plans.plan(Plans.mesh(WORKER, GATEWAY), selection, Plans.routedTo(GATEWAY)));
  }

  @AfterEach
  final void closeLab() {
    lab.close();
  }
}
