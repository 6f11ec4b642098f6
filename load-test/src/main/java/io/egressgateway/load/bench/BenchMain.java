package io.egressgateway.load.bench;

import io.egressgateway.load.bench.netlink.NetlinkBench;
import io.egressgateway.load.bench.report.Bench;
import java.util.List;
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
    subcommands = {BenchMain.Netlink.class, BenchMain.All.class},
    commandListHeading = "%nBenchmarks (all need root):%n",
    synopsisSubcommandLabel = "NAME")
public final class BenchMain implements Callable<Integer> {
  private static final int NETLINK_ROUNDS = 10;

  @Spec private CommandSpec spec = CommandSpec.create();

  private BenchMain() {}

  /** Ends the process with the exit code. */
  public static void main(String[] arguments) {
    // Read once, when the first logger is made: no class before this line may have one.
    System.setProperty("logback.configurationFile", "egressgateway-tool-logback.xml");
    System.exit(
        new CommandLine(new BenchMain())
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

  /** Every benchmark with the options that it has when none is given. */
  @Command(
      name = "all",
      description = "All of them, one after the other.",
      mixinStandardHelpOptions = true)
  static final class All implements Callable<Integer> {
    @Mixin private BenchOutput output = new BenchOutput();

    @Override
    public Integer call() {
      List<Bench> all = List.of(new NetlinkBench(NETLINK_ROUNDS));
      return output.run(all);
    }
  }
}
