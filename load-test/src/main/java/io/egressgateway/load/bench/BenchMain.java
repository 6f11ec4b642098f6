package io.egressgateway.load.bench;

import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.load.bench.api.AdmissionBench;
import io.egressgateway.load.bench.cluster.FootprintBench;
import io.egressgateway.load.bench.cluster.PolicyToPacketBench;
import io.egressgateway.load.bench.cluster.ScaleBench;
import io.egressgateway.load.bench.cluster.ScalePlan;
import io.egressgateway.load.bench.datapath.DatapathBench;
import io.egressgateway.load.bench.failover.FailoverBench;
import io.egressgateway.load.bench.failover.FailoverPlan;
import io.egressgateway.load.bench.failover.Part;
import io.egressgateway.load.bench.netlink.NetlinkBench;
import io.egressgateway.load.bench.report.Bench;
import io.egressgateway.load.lab.LabSettings;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code egressgateway bench}. Without a name it lists the benchmarks. Exit code 0 when everything
 * was measured, whatever came out; 1 if something could not be; 2 on wrong usage.
 */
@Command(
    name = "egressgateway bench",
    description = {
      "Measures this machine against the figures to reach and against what is run beside.",
      "Exit code 0 when everything was measured, whether the bars were reached or not."
    },
    mixinStandardHelpOptions = true,
    subcommands = {
      BenchMain.Netlink.class,
      BenchMain.Datapath.class,
      BenchMain.PolicyToPacket.class,
      BenchMain.Footprint.class,
      BenchMain.Scale.class,
      BenchMain.Failover.class,
      BenchMain.Admission.class,
      BenchMain.All.class
    },
    commandListHeading = "%nBenchmarks (all but admission need root):%n",
    synopsisSubcommandLabel = "NAME")
public final class BenchMain implements Callable<Integer> {
  private static final int NETLINK_ROUNDS = 10;
  private static final List<Integer> DATAPATH_POLICIES = List.of(1, 100, 1_000, 10_000);
  private static final int DATAPATH_ROUNDS = 10;
  private static final int DATAPATH_TURN = 300;
  private static final int POLICIES = 30;
  private static final int SETTLE_SECONDS = 30;
  private static final int AGENT_STARTS = 5;
  private static final int CREATIONS = 1_000;
  private static final int CREATION_ROUNDS = 3;

  @Spec private CommandSpec spec = CommandSpec.create();

  private BenchMain() {}

  /** Ends the process with the exit code. */
  public static void main(String[] arguments) {
    // Read once, when the first logger is made: no class before this line may have one.
    System.setProperty("logback.configurationFile", "egressgateway-tool-logback.xml");
    System.exit(
        new CommandLine(new BenchMain())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler((error, words) -> wrongUsage(error))
            .execute(arguments));
  }

  private static int wrongUsage(ParameterException error) {
    System.err.println(error.getMessage());
    error.getCommandLine().usage(System.err);
    return CommandLine.ExitCode.USAGE;
  }

  /** The list. */
  @Override
  public Integer call() {
    spec.commandLine().usage(System.out);
    return CommandLine.ExitCode.OK;
  }

  private static int atLeastOne(CommandSpec command, String option, int value) {
    if (value < 1) {
      throw new ParameterException(
          command.commandLine(), "%s %d: give 1 or more".formatted(option, value));
    }
    return value;
  }

  /** Options of {@link NetlinkBench}. */
  @Command(
      name = NetlinkBench.NAME,
      description = "Routes and set elements by netlink, beside forked ip and nft.",
      mixinStandardHelpOptions = true)
  static final class Netlink implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private BenchOutput output = new BenchOutput();

    @Option(
        names = "--rounds",
        paramLabel = "N",
        defaultValue = "" + NETLINK_ROUNDS,
        description = "Turns of each side, of a second each (default: ${DEFAULT-VALUE}).")
    private int rounds = NETLINK_ROUNDS;

    @Override
    public Integer call() {
      return output.run(List.of(new NetlinkBench(atLeastOne(spec, "--rounds", rounds))));
    }
  }

  /** Options of {@link DatapathBench}. */
  @Command(
      name = DatapathBench.NAME,
      description =
          "Packets, connections and changes at growing numbers of policies, beside a static tunnel and a rule per policy.",
      mixinStandardHelpOptions = true)
  static final class Datapath implements Callable<Integer> {
    private static final int POLICIES_MAX = 65_535;

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private BenchOutput output = new BenchOutput();

    @Option(
        names = "--policies",
        paramLabel = "N",
        split = ",",
        description = "How many policies, in growing order (default: ${DEFAULT-VALUE}).")
    private List<Integer> policies = DATAPATH_POLICIES;

    @Option(
        names = "--rounds",
        paramLabel = "N",
        defaultValue = "" + DATAPATH_ROUNDS,
        description = "Turns of each side at each size (default: ${DEFAULT-VALUE}).")
    private int rounds = DATAPATH_ROUNDS;

    @Option(
        names = "--turn",
        paramLabel = "MILLIS",
        defaultValue = "" + DATAPATH_TURN,
        description = "How long a turn takes (default: ${DEFAULT-VALUE}).")
    private int turnMillis = DATAPATH_TURN;

    @Override
    public Integer call() {
      List<Integer> sizes = policies.stream().sorted().distinct().toList();
      sizes.forEach(size -> atLeastOne(spec, "--policies", size));
      if (sizes.getLast() > POLICIES_MAX) {
        throw new ParameterException(
            spec.commandLine(),
            "--policies %d: at most %d".formatted(sizes.getLast(), POLICIES_MAX));
      }
      Duration turn = Duration.ofMillis(atLeastOne(spec, "--turn", turnMillis));
      return output.run(
          List.of(new DatapathBench(sizes, atLeastOne(spec, "--rounds", rounds), turn)));
    }
  }

  /** Options of {@link PolicyToPacketBench}. */
  @Command(
      name = PolicyToPacketBench.NAME,
      description = "From a policy to the first connection with its egress IP, in the lab.",
      mixinStandardHelpOptions = true)
  static final class PolicyToPacket implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private BenchOutput output = new BenchOutput();

    @Option(
        names = "--times",
        paramLabel = "N",
        defaultValue = "" + POLICIES,
        description = "How often the policy is created and deleted (default: ${DEFAULT-VALUE}).")
    private int times = POLICIES;

    @Override
    public Integer call() {
      return output.run(List.of(new PolicyToPacketBench(atLeastOne(spec, "--times", times))));
    }
  }

  /** Options of {@link FootprintBench}. */
  @Command(
      name = FootprintBench.NAME,
      description = {
        "Memory of idle agents and controller, start of an agent, in the lab.",
        "Memory of agents in a cluster of 10,000 policies and 100,000 pods."
      },
      mixinStandardHelpOptions = true)
  static final class Footprint implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private BenchOutput output = new BenchOutput();

    @Option(
        names = "--settle",
        paramLabel = "SECONDS",
        defaultValue = "" + SETTLE_SECONDS,
        description = "Left alone before memory is read (default: ${DEFAULT-VALUE}).")
    private int settleSeconds = SETTLE_SECONDS;

    @Option(
        names = "--starts",
        paramLabel = "N",
        defaultValue = "" + AGENT_STARTS,
        description = "How many starts of an agent are timed (default: ${DEFAULT-VALUE}).")
    private int starts = AGENT_STARTS;

    @Option(
        names = "--parts",
        paramLabel = "PART",
        split = ",",
        description = "Only these: ${COMPLETION-CANDIDATES} (default: all).")
    private Set<FootprintBench.Part> parts = EnumSet.allOf(FootprintBench.Part.class);

    @Override
    public Integer call() {
      Duration settle = Duration.ofSeconds(atLeastOne(spec, "--settle", settleSeconds));
      return output.run(
          List.of(new FootprintBench(parts, settle, atLeastOne(spec, "--starts", starts))));
    }
  }

  /** Options of {@link ScaleBench}. */
  @Command(
      name = ScaleBench.NAME,
      description =
          "Many policies and pods through kube-apiserver: assigned, in the kernel, memory, restart.",
      mixinStandardHelpOptions = true)
  static final class Scale implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private BenchOutput output = new BenchOutput();

    @Option(
        names = "--policies",
        paramLabel = "N",
        defaultValue = "1000",
        description =
            "Created at once, there while the rest is measured (default: ${DEFAULT-VALUE}).")
    private int policies = 1;

    @Option(
        names = "--pods",
        paramLabel = "N",
        defaultValue = "10000",
        description = "In the API, spread over the policies (default: ${DEFAULT-VALUE}).")
    private int pods = 1;

    @Option(
        names = "--burst",
        paramLabel = "N",
        defaultValue = "1000",
        description = "Pods of one policy that start at once (default: ${DEFAULT-VALUE}).")
    private int burst = 1;

    @Option(
        names = "--herd",
        paramLabel = "N",
        defaultValue = "10000",
        description = "Policies created at once in the end, besides (default: ${DEFAULT-VALUE}).")
    private int herd = 1;

    @Option(
        names = "--eips",
        paramLabel = "N",
        defaultValue = "1000",
        description =
            "Egress IPs that these share, each naming one, so that the two gateway nodes carry as"
                + " many more (default: ${DEFAULT-VALUE}).")
    private int eips = 1;

    @Option(
        names = "--times",
        paramLabel = "N",
        defaultValue = "100",
        description = "How often a pod, and a policy, is created (default: ${DEFAULT-VALUE}).")
    private int times = 1;

    @Override
    public Integer call() {
      if (times > ScalePlan.TIMES_MAX) {
        throw new ParameterException(
            spec.commandLine(), "--times %d: at most %d".formatted(times, ScalePlan.TIMES_MAX));
      }
      return output.run(
          List.of(
              new ScaleBench(
                  new ScalePlan(
                      atLeastOne(spec, "--policies", policies),
                      atLeastOne(spec, "--pods", pods),
                      atLeastOne(spec, "--burst", burst),
                      atLeastOne(spec, "--herd", herd),
                      atLeastOne(spec, "--eips", eips),
                      atLeastOne(spec, "--times", times)))));
    }
  }

  /** Options of {@link FailoverBench}. */
  @Command(
      name = FailoverBench.NAME,
      description = {
        "How long an egress IP is away when its node dies, hangs or is drained.",
        "All nodes of the lab share this machine's processors, as real ones do not: before each run"
            + " all leases are awaited, and a second in which the machine has little to do. Keep"
            + " other work off it; a run that began on a busy machine is said to have."
      },
      mixinStandardHelpOptions = true)
  static final class Failover implements Callable<Integer> {
    private static final String USUAL_TIMES = "100";
    private static final String USUAL_OUTAGE = "600";

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private BenchOutput output = new BenchOutput();

    @Option(
        names = "--times",
        paramLabel = "N",
        defaultValue = USUAL_TIMES,
        description = "Runs of each part (default: ${DEFAULT-VALUE}).")
    private int times = 1;

    @Option(
        names = "--profile",
        paramLabel = "PROFILE",
        defaultValue = "default",
        description = "Leases: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private LeaseProfile profile = LeaseProfile.DEFAULT;

    @Option(
        names = "--outage",
        paramLabel = "SECONDS",
        defaultValue = USUAL_OUTAGE,
        description = "How long the control plane is away (default: ${DEFAULT-VALUE}).")
    private int outageSeconds = 1;

    @Option(
        names = "--controllers",
        paramLabel = "N",
        defaultValue = "3",
        description =
            "Members of the control plane, 1 to "
                + LabSettings.CONTROLLERS_MAX
                + " (default: ${DEFAULT-VALUE}).")
    private int controllers = 1;

    @Option(
        names = "--parts",
        paramLabel = "PART",
        split = ",",
        description = "Only these: ${COMPLETION-CANDIDATES} (default: all).")
    private Set<Part> parts = EnumSet.allOf(Part.class);

    @Override
    public Integer call() {
      if (controllers > LabSettings.CONTROLLERS_MAX) {
        throw new ParameterException(
            spec.commandLine(),
            "--controllers %d: at most %d".formatted(controllers, LabSettings.CONTROLLERS_MAX));
      }
      return output.run(
          List.of(
              new FailoverBench(
                  new FailoverPlan(
                      atLeastOne(spec, "--times", times),
                      profile,
                      Duration.ofSeconds(atLeastOne(spec, "--outage", outageSeconds)),
                      atLeastOne(spec, "--controllers", controllers),
                      parts))));
    }
  }

  /** Options of {@link AdmissionBench}. */
  @Command(
      name = AdmissionBench.NAME,
      description =
          "Policies created per second through kube-apiserver, with webhooks and without.",
      mixinStandardHelpOptions = true)
  static final class Admission implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private BenchOutput output = new BenchOutput();

    @Option(
        names = "--policies",
        paramLabel = "N",
        defaultValue = "" + CREATIONS,
        description = "Policies of each turn (default: ${DEFAULT-VALUE}).")
    private int policies = CREATIONS;

    @Option(
        names = "--rounds",
        paramLabel = "N",
        defaultValue = "" + CREATION_ROUNDS,
        description = "Turns of each side (default: ${DEFAULT-VALUE}).")
    private int rounds = CREATION_ROUNDS;

    @Override
    public Integer call() {
      return output.run(
          List.of(
              new AdmissionBench(
                  atLeastOne(spec, "--policies", policies), atLeastOne(spec, "--rounds", rounds))));
    }
  }

  /** Every benchmark with the options that it has when none is given. */
  @Command(
      name = "all",
      description = "All but failover and scale, which take long, one after the other.",
      mixinStandardHelpOptions = true)
  static final class All implements Callable<Integer> {
    @Mixin private BenchOutput output = new BenchOutput();

    @Override
    public Integer call() {
      List<Bench> all =
          List.of(
              new NetlinkBench(NETLINK_ROUNDS),
              new DatapathBench(
                  DATAPATH_POLICIES, DATAPATH_ROUNDS, Duration.ofMillis(DATAPATH_TURN)),
              new PolicyToPacketBench(POLICIES),
              new FootprintBench(
                  EnumSet.allOf(FootprintBench.Part.class),
                  Duration.ofSeconds(SETTLE_SECONDS),
                  AGENT_STARTS),
              new AdmissionBench(CREATIONS, CREATION_ROUNDS));
      return output.run(all);
    }
  }
}
