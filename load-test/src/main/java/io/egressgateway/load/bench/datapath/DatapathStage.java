package io.egressgateway.load.bench.datapath;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.load.bench.netlink.DebianTool;
import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.LabRun;
import io.egressgateway.load.lab.LabSettings;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.kube.PodPlacement;
import io.egressgateway.load.lab.kube.PodPlacement.Attachment;
import io.egressgateway.load.lab.kube.PodPlacement.PodKey;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The lab's network with three chains, and no processes of the product. For one thread. */
final class DatapathStage implements AutoCloseable {
  private static final int CHAINS = 3;
  private static final int HOST_PART = 5;

  /** A collection of garbage more or less is a third of a full load. */
  private static final int LOADS = 5;

  private final Server server;
  private final OurTables ours;
  private final RulePerPolicy rulePerPolicy;
  private final Senders senders;

  private DatapathStage(List<Chain> chains) throws IOException {
    this.server = new Server();
    StaticFloor.build(chains.get(0));
    this.ours = OurTables.build(chains.get(1));
    this.rulePerPolicy = RulePerPolicy.build(chains.get(2));
    ProcessorTime time = new ProcessorTime();
    this.senders =
        new Senders(
            new Traffic(chains.get(0), server, time),
            new Traffic(chains.get(1), server, time),
            new Traffic(chains.get(2), server, time));
  }

  /** The pods of the three chains. */
  record Senders(Traffic floor, Traffic ours, Traffic rulePerPolicy) {}

  /** What is done on the stage. */
  @FunctionalInterface
  interface Play<T> {
    T run(DatapathStage stage) throws Exception;
  }

  /** What this machine lacks, and the remedy; empty if nothing. */
  static Optional<String> missing() {
    return DebianTool.missing(
        DebianTool.IP, DebianTool.NFT, DebianTool.IPSET, DebianTool.IPTABLES, DebianTool.NSENTER);
  }

  /** Builds the stage, plays, and removes everything, on a signal too. */
  static <T> T set(Consumer<String> progress, Play<T> play) throws Exception {
    return LabRun.play(
        LabSettings.usual().with(Topology.of(CHAINS, CHAINS)),
        progress,
        lab -> {
          lab.buildNetwork();
          try (DatapathStage stage = new DatapathStage(chains(lab))) {
            return play.run(stage);
          }
        });
  }

  private static List<Chain> chains(Lab lab) throws IOException {
    List<LabNode> gateways = lab.settings().topology().nodes(LabNode.Role.GATEWAY);
    List<LabNode> workers = lab.settings().topology().nodes(LabNode.Role.WORKER);
    Chain[] chains = new Chain[CHAINS];
    for (int i = 0; i < CHAINS; i++) {
      LabNode worker = workers.get(i);
      Ipv4Address address =
          new Ipv4Address(((Ipv4Address) worker.podCidr().first()).bits() + HOST_PART);
      String name = "sender-" + (i + 1);
      PodPlacement pod =
          new PodPlacement(
              new PodKey("bench", name), name, worker, Attachment.POD_NETWORK, address);
      lab.network().add(pod);
      chains[i] = new Chain(i + 1, pod, gateways.get(i));
    }
    return List.of(chains);
  }

  /**
   * How long the pods' nodes took for everything, from empty.
   *
   * @param ours each time, until it was there for certain
   * @param rulePerPolicy until the programs ended
   */
  record Loaded(List<Duration> ours, Duration rulePerPolicy) {}

  Loaded load(PolicyScale scale) throws IOException {
    return new Loaded(ours.load(scale, LOADS), rulePerPolicy.load(scale));
  }

  OurTables ours() {
    return ours;
  }

  Senders senders() {
    return senders;
  }

  @Override
  public void close() throws IOException {
    try (server;
        ours) {
      senders.floor().close();
      senders.ours().close();
      senders.rulePerPolicy().close();
    }
  }
}
