package io.egressgateway.load.sim;

import io.egressgateway.core.lease.LeaseProfile;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code egressgateway simulate}. Exit code 0 when every invariant held in every run, 1 when one
 * was broken, 2 on wrong usage.
 */
@Command(
    name = "egressgateway simulate",
    description = {
      "Runs the ownership protocol, the very code of the product, in a simulated world where"
          + " everything fails that can. Needs no privileges.",
      "Exit code 1 if an invariant was broken in any run; the seed repeats the run."
    },
    mixinStandardHelpOptions = true,
    subcommands = SimulateMain.Failover.class,
    synopsisSubcommandLabel = "[failover]")
public final class SimulateMain implements Callable<Integer> {
  private static final Duration TROUBLED = Duration.ofSeconds(50);

  /** Set by the launcher when standard error is a terminal. */
  private static final String TERMINAL = "egressgateway.terminal";

  private static final int SEEDS = 2_000;
  private static final int FAILURES_SHOWN = 5;
  private static final double HOUR = Duration.ofHours(1).toNanos();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "How many runs of a minute each (default: " + SEEDS + ").")
  private @Nullable Long seeds;

  @Option(
      names = "--hours",
      paramLabel = "H",
      description = "As many runs as make up so many simulated hours.")
  private @Nullable Double hours;

  @Option(
      names = "--first",
      paramLabel = "SEED",
      defaultValue = "1",
      description = "The first seed; the others follow on it (default: ${DEFAULT-VALUE}).")
  private long first = 1;

  @Option(
      names = "--mutant",
      paramLabel = "NAME",
      description =
          "Break the protocol on purpose, and see it noticed: M1, M3-M8, M10-M12 (M2 and M9 are"
              + " covered by neighbouring rules).")
  private @Nullable String mutant;

  @Option(
      names = "--profile",
      paramLabel = "P",
      defaultValue = "DEFAULT",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private LeaseProfile profile = LeaseProfile.DEFAULT;

  @Option(
      names = "--trace",
      paramLabel = "SEED",
      description = "Run this seed only, and tell every step.")
  private @Nullable Long traced;

  @Option(names = "--json", description = "One line of JSON instead of text.")
  private boolean json;

  private SimulateMain() {}

  /** Ends the process with the exit code. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new SimulateMain())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() {
    Optional<Mutant> chosen = Optional.ofNullable(mutant).map(this::mutant);
    Scenario product = Scenario.product(profile);
    Scenario scenario = chosen.map(one -> one.of(product)).orElse(product);
    Simulation simulation = new Simulation(scenario, TROUBLED.toNanos());
    if (traced != null) {
      return trace(simulation, traced);
    }
    Campaign.Seeds range = new Campaign.Seeds(first, count(simulation));
    long startedAt = System.nanoTime();
    Tally tally = run(simulation, range);
    double tookSeconds = (System.nanoTime() - startedAt) / (double) Chance.SECOND;
    if (json) {
      System.out.println(json(simulation, tally, tookSeconds));
    } else {
      chosen.ifPresent(one -> System.out.println(one + ": " + one.meaning()));
      print(System.out, simulation, tally, tookSeconds);
    }
    return tally.broken() == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private Mutant mutant(String name) {
    return Mutant.named(name)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "--mutant "
                        + name
                        + ": there are "
                        + List.of(Mutant.values()).stream()
                            .map(Mutant::name)
                            .collect(Collectors.joining(", "))));
  }

  private long count(Simulation simulation) {
    if (seeds != null && hours != null) {
      throw new ParameterException(spec.commandLine(), "give --seeds or --hours, not both");
    }
    double count =
        hours != null
            ? Math.ceil(hours * HOUR / simulation.nanos())
            : Optional.ofNullable(seeds).orElse((long) SEEDS);
    if (!(count >= 1)) {
      throw new ParameterException(spec.commandLine(), "give at least one run");
    }
    return (long) count;
  }

  private static int trace(Simulation simulation, long seed) {
    Simulation.Outcome outcome = simulation.run(seed, Optional.of(System.out::println));
    System.out.println();
    outcome.violations().forEach(violation -> System.out.println(text(violation)));
    System.out.println(
        "seed " + seed + ": " + outcome.violations().size() + " invariants broken in this run");
    return outcome.violations().isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private Tally run(Simulation simulation, Campaign.Seeds range) {
    Campaign campaign = new Campaign(simulation);
    if (json || !Boolean.getBoolean(TERMINAL)) {
      return campaign.run(range, ignored -> {});
    }
    ProgressLine progress =
        new ProgressLine(System.err, System::nanoTime, range.count(), simulation.nanos());
    Consumer<Tally> watcher = progress::show;
    Tally tally = campaign.run(range, watcher);
    progress.clear();
    return tally;
  }

  private void print(PrintStream out, Simulation simulation, Tally tally, double seconds) {
    out.printf(
        Locale.ROOT,
        "%,.1f simulated hours in %,d runs, %.1f s (%.0f runs/s): %d runs with an overlap, %d with"
            + " any invariant broken%n",
        tally.runs() * simulation.nanos() / HOUR,
        tally.runs(),
        seconds,
        tally.runs() / seconds,
        tally.broken(Invariant.I1),
        tally.broken());
    for (Map.Entry<Invariant, Long> entry : tally.firstSeeds()) {
      out.printf(
          Locale.ROOT,
          "  %-3s %s: %,d runs, first seed %d%n",
          entry.getKey(),
          entry.getKey().meaning(),
          tally.broken(entry.getKey()),
          entry.getValue());
    }
    if (tally.broken(Invariant.I1) > 0) {
      out.printf(Locale.ROOT, "  longest overlap %.3f ms%n", tally.longestOverlapNanos() / 1e6);
    }
    for (Map.Entry<Long, Violation> failure : tally.firstFailures(FAILURES_SHOWN)) {
      out.println("  seed " + failure.getKey() + ": " + text(failure.getValue()));
    }
    if (tally.broken() > 0) {
      out.println("  step by step: egressgateway simulate" + again(tally));
    }
  }

  private String again(Tally tally) {
    String same =
        Optional.ofNullable(mutant).map(name -> " --mutant " + name).orElse("")
            + (profile == LeaseProfile.DEFAULT
                ? ""
                : " --profile " + profile.name().toLowerCase(Locale.ROOT));
    return same + " --trace " + tally.firstFailures(1).getFirst().getKey();
  }

  private static String text(Violation violation) {
    return String.format(
        Locale.ROOT,
        "%s at %.6f s: %s%s",
        violation.invariant(),
        violation.atNanos() / (double) Chance.SECOND,
        violation.what(),
        violation.lengthNanos() > 0
            ? String.format(Locale.ROOT, " for %.3f ms", violation.lengthNanos() / 1e6)
            : "");
  }

  private static String json(Simulation simulation, Tally tally, double seconds) {
    String broken =
        tally.firstSeeds().stream()
            .map(
                entry ->
                    String.format(
                        Locale.ROOT,
                        "\"%s\":{\"runs\":%d,\"firstSeed\":%d}",
                        entry.getKey(),
                        tally.broken(entry.getKey()),
                        entry.getValue()))
            .collect(Collectors.joining(","));
    return String.format(
        Locale.ROOT,
        "{\"ok\":%b,\"runs\":%d,\"simulatedHours\":%.2f,\"seconds\":%.1f,\"runsWithOverlap\":%d,"
            + "\"longestOverlapMs\":%.3f,\"broken\":{%s}}",
        tally.broken() == 0,
        tally.runs(),
        tally.runs() * simulation.nanos() / HOUR,
        seconds,
        tally.broken(Invariant.I1),
        tally.longestOverlapNanos() / 1e6,
        broken);
  }

  /** Options of {@link FailoverStudy}. */
  @Command(
      name = "failover",
      description = "How long it takes, in the simulation, from a node's crash to the new holder.",
      mixinStandardHelpOptions = true)
  static final class Failover implements Callable<Integer> {
    private static final int CRASHES = 1_500;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
        names = "--seeds",
        paramLabel = "N",
        defaultValue = "" + CRASHES,
        description = "Crashes per profile (default: ${DEFAULT-VALUE}).")
    private long seeds = CRASHES;

    @Option(names = "--json", description = "One line of JSON per profile instead of text.")
    private boolean json;

    @Override
    public Integer call() {
      if (seeds < 1) {
        throw new ParameterException(spec.commandLine(), "--seeds " + seeds + ": give 1 or more");
      }
      for (LeaseProfile profile : LeaseProfile.values()) {
        FailoverStudy.Times times = FailoverStudy.measure(profile, new Campaign.Seeds(1, seeds));
        if (json) {
          System.out.println(FailoverStudy.json(times));
        } else {
          FailoverStudy.print(System.out, times);
        }
      }
      return CommandLine.ExitCode.OK;
    }
  }
}
