package io.egressgateway.load.soak;

import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.load.failover.Scene;
import io.egressgateway.load.lab.LabRun;
import io.egressgateway.load.lab.LabSettings;
import io.egressgateway.load.lab.LabSettings.ApiChoice;
import io.egressgateway.load.lab.Privileges;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.soak.Soak.Verdict;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code egressgateway soak}. Exit code 0 if nothing was seen that must never be, 1 otherwise, 2 on
 * wrong usage.
 */
@Command(
    name = "egressgateway soak",
    description = {
      "Random faults in a lab of namespaces, with oracles that watch from outside:",
      "who answers for the egress IP, and with which source packets leave.",
      "Prints a histogram of gaps; on a violation the seed and the last faults."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class SoakMain implements Callable<Integer> {
  private static final int GATEWAYS = 3;
  private static final int CONTROLLERS = 3;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "30",
      description = "How long (default: ${DEFAULT-VALUE}).")
  private int minutes = 1;

  @Option(names = "--seed", paramLabel = "S", description = "Of the faults (default: a new one).")
  private @Nullable Long seed;

  @Option(
      names = "--faults",
      paramLabel = "FAULT",
      split = ",",
      description = "Only these: ${COMPLETION-CANDIDATES} (default: all).")
  private Set<FaultKind> faults = EnumSet.allOf(FaultKind.class);

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      defaultValue = "default",
      description = "Leases: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private LeaseProfile profile = LeaseProfile.DEFAULT;

  private SoakMain() {}

  /** Ends the process with the exit code. */
  public static void main(String[] arguments) {
    // Read once, when the first logger is made: no class before this line may have one.
    System.setProperty("logback.configurationFile", "egressgateway-tool-logback.xml");
    System.exit(
        new CommandLine(new SoakMain())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() {
    if (minutes < 1) {
      System.err.printf("--minutes %d: give 1 or more%n", minutes);
      return CommandLine.ExitCode.USAGE;
    }
    Optional<String> missing = Privileges.missing();
    if (missing.isPresent()) {
      System.err.println("egressgateway soak: " + missing.get());
      return CommandLine.ExitCode.SOFTWARE;
    }
    long chosen = Optional.ofNullable(seed).orElseGet(() -> new SecureRandom().nextLong(1 << 30));
    System.out.println("seed " + chosen);
    try {
      return print(run(chosen), chosen);
    } catch (Exception e) {
      System.err.printf("egressgateway soak, seed %d: %s%n", chosen, e);
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  private Verdict run(long chosen) throws Exception {
    LabSettings settings =
        LabSettings.usual()
            .with(ApiChoice.EMBEDDED)
            .with(Topology.of(GATEWAYS, 1))
            .with(profile)
            .withControllers(CONTROLLERS);
    return LabRun.play(
        settings,
        System.err::println,
        lab ->
            Scene.play(
                lab,
                System.err::println,
                scene ->
                    new Soak(scene, List.copyOf(faults), chosen, System.out::println)
                        .run(Duration.ofMinutes(minutes))));
  }

  private static int print(Verdict verdict, long seed) {
    System.out.printf("%d faults, gaps of a 10 ms datagram stream:%n", verdict.faults());
    verdict.gaps().forEach((bound, count) -> System.out.printf("  <= %6d ms  %d%n", bound, count));
    if (verdict.violations().isEmpty()) {
      System.out.println("two holders: 0, wrong sources: 0");
      return CommandLine.ExitCode.OK;
    }
    System.out.printf("VIOLATED, seed %d:%n", seed);
    verdict.violations().forEach(violation -> System.out.println("  " + violation));
    System.out.println("the last faults:");
    verdict.trace().forEach(line -> System.out.println("  " + line));
    return CommandLine.ExitCode.SOFTWARE;
  }
}
