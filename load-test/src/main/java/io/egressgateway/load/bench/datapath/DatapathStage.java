package io.egressgateway.load.bench.datapath;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.LabRun;
import io.egressgateway.load.lab.LabSettings;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.kube.PodPlacement;
import io.egressgateway.load.lab.kube.PodPlacement.Attachment;
import io.egressgateway.load.lab.kube.PodPlacement.PodKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The lab's network with three chains, and no processes of the product. For one thread. */
final class DatapathStage implements AutoCloseable {
  private static final int CHAINS = 3;
  private static final int HOST_PART = 5;

  /** Programs of the other sides, and their Debian packages. */
  private static final Map<String, String> TOOLS =
      Map.of(
          "ip", "iproute2",
          "nft", "nftables",
          "ipset", "ipset",
          "iptables", "iptables",
          "iptables-restore", "iptables",
          "nsenter", "util-linux");

  private static final List<String> PLACES = List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin");

  private final Server server;
  private final StaticFloor floor;
  private final OurTables ours;
  private final RulePerPolicy rulePerPolicy;
  private final ProcessorTime time = new ProcessorTime();
  private final Map<Layout, Traffic> traffic = new HashMap<>();

  private DatapathStage(List<Chain> chains) throws Exception {
    this.server = new Server();
    this.floor = StaticFloor.build(chains.get(0));
    this.ours = OurTables.build(chains.get(1));
    this.rulePerPolicy = RulePerPolicy.build(chains.get(2));
  }

  /** What is done on the stage. */
  @FunctionalInterface
  interface Play<T> {
    T run(DatapathStage stage) throws Exception;
  }

  /** What this machine lacks, and the remedy; empty if nothing. */
  static Optional<String> missing() {
    return TOOLS.entrySet().stream()
        .filter(tool -> PLACES.stream().noneMatch(place -> isThere(place, tool.getKey())))
        .map(
            tool ->
                "'%s' is not installed: install the Debian package '%s'."
                    .formatted(tool.getKey(), tool.getValue()))
        .sorted()
        .findFirst();
  }

  private static boolean isThere(String place, String program) {
    return Files.isExecutable(Path.of(place, program));
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
   * @param ours until it was read back
   * @param rulePerPolicy until the programs ended
   */
  record Loaded(Duration ours, Duration rulePerPolicy) {}

  Loaded load(PolicyScale scale) throws Exception {
    floor.load(scale);
    return new Loaded(ours.load(scale), rulePerPolicy.load(scale));
  }

  StaticFloor floor() {
    return floor;
  }

  OurTables ours() {
    return ours;
  }

  RulePerPolicy rulePerPolicy() {
    return rulePerPolicy;
  }

  /** The pod of a layout's chain. */
  Traffic traffic(Layout layout) throws IOException {
    Traffic known = traffic.get(layout);
    if (known == null) {
      known = new Traffic(layout.chain(), server, time);
      traffic.put(layout, known);
    }
    return known;
  }

  @Override
  public void close() throws IOException {
    for (Traffic each : traffic.values()) {
      each.close();
    }
    ours.close();
    server.close();
  }
}
