package io.egressgateway.load.bench.cluster;

import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.PlanDelta;
import io.egressgateway.load.bench.report.Bar;
import io.egressgateway.load.bench.report.Cell;
import io.egressgateway.load.bench.report.Row;
import io.egressgateway.load.bench.report.Unit;
import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.LabRun;
import io.egressgateway.load.lab.LabSettings;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.Topology;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Memory of agents as they are in production, in a cluster that is too large for a lab: a {@link
 * StandIn} gives them the plans of a {@link LargeCluster}, leases come from real witnesses.
 *
 * @param settle how long everything is left alone before memory is read
 * @param progress receives what goes on
 */
record LargeClusterMemory(Duration settle, Consumer<String> progress) {
  private static final Bar BAR = new Bar.AtMost(200, Unit.MEBIBYTES);

  /** Pods that come and go before memory is read. */
  private static final int CHANGES = 100;

  /** A row for each kind of node. */
  List<Row> rows() throws Exception {
    return LabRun.play(LabSettings.usual().with(Topology.of(1, 1)), progress, this::measure);
  }

  private List<Row> measure(Lab lab) throws Exception {
    Topology topology = lab.settings().topology();
    LabNode gateway = topology.nodes(LabNode.Role.GATEWAY).getFirst();
    LabNode worker = topology.nodes(LabNode.Role.WORKER).getFirst();
    LargeCluster cluster = new LargeCluster(gateway, worker);
    Map<String, NodePlan> plans =
        Map.of(
            gateway.name().value(), cluster.ofGateway(), worker.name().value(), cluster.ofWorker());
    lab.buildNetwork();
    lab.startWitnesses();
    try (StandIn controllers = StandIn.start(place(lab), leases(lab), plans)) {
      lab.startAgents();
      progress.accept("an agent of a worker and one of a gateway node get their plans");
      for (String node : plans.keySet()) {
        awaitApplied(controllers, node, 1);
      }
      Patience.USUAL.await(
          gateway.name() + " to answer for its egress IPs",
          () ->
              Optional.of(controllers.opened(gateway.name().value()))
                  .filter(opened -> opened == LargeCluster.EGRESS_IPS_OF_NODE));
      progress.accept("%d pods come and go on each".formatted(CHANGES));
      for (Map.Entry<String, NodePlan> plan : plans.entrySet()) {
        change(controllers, plan.getKey(), plan.getValue());
      }
      progress.accept("idle for %d s".formatted(settle.toSeconds()));
      Thread.sleep(settle);
      return List.of(
          row("worker, %d peers".formatted(LargeCluster.GATEWAYS), lab, worker),
          row(
              "gateway node, %d egress IPs, %d peers"
                  .formatted(LargeCluster.EGRESS_IPS_OF_NODE, LargeCluster.NODES - 1),
              lab,
              gateway));
    }
  }

  private static StandIn.Place place(Lab lab) throws IOException {
    LabNode node = lab.controlPlane();
    return new StandIn.Place(
        node.namespace(),
        new InetSocketAddress(
            InetAddress.getByAddress(node.underlay().toBytes()), lab.agentPorts().getFirst()),
        lab.writeControllerCertificate());
  }

  private static StandIn.Leases leases(Lab lab) {
    String host = lab.controlPlane().underlay().toString();
    return new StandIn.Leases(
        LeaseProfile.DEFAULT.terms(),
        lab.witnessPorts().stream().map(port -> new WitnessAddress(host, port)).toList());
  }

  private static void change(StandIn controllers, String node, NodePlan first) throws Exception {
    NodePlan plan = first;
    for (int i = 0; i < CHANGES; i++) {
      NodePlan next = LargeCluster.withPodReplaced(plan);
      controllers.change(node, PlanDelta.between(plan, next));
      awaitApplied(controllers, node, next.revision().value());
      plan = next;
    }
  }

  private static void awaitApplied(StandIn controllers, String node, long revision)
      throws Exception {
    Patience.USUAL.await(
        node + " to have plan " + revision,
        () -> Optional.of(controllers.applied(node)).filter(applied -> applied >= revision));
  }

  private static Row row(String kind, Lab lab, LabNode node) throws IOException {
    ProcessMemory memory = ProcessMemory.of(lab.supervisor().process("agent-" + node.name()).pid());
    return Row.of(
            "agent of a %s; %d policies, %d pods, %d of them its own"
                .formatted(
                    kind, LargeCluster.POLICIES, LargeCluster.PODS, LargeCluster.PODS_OF_NODE))
        .with(new Cell("RSS", memory.resident(), Unit.MEBIBYTES), BAR)
        .with(new Cell("PSS", memory.proportional(), Unit.MEBIBYTES))
        .with(new Cell("peak RSS", memory.peak(), Unit.MEBIBYTES), BAR);
  }
}
