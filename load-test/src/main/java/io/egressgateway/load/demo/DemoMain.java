package io.egressgateway.load.demo;

import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.load.api.KubeApi;
import io.egressgateway.load.lab.LabSettings;
import io.egressgateway.load.lab.LabSettings.ApiChoice;
import io.egressgateway.load.lab.Privileges;
import io.egressgateway.load.lab.process.RunState;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code egressgateway demo}. Exit code 0 only if the packets proved it, 1 on failure, 2 on wrong
 * usage; a signal removes the lab and ends with 1, or with 0 if it was only kept.
 */
@Command(
    name = "egressgateway demo",
    description = {
      "Tells the user guide's story on this machine, with real packets:",
      "a cluster of network namespaces, a Kubernetes API, controllers and agents,",
      "the guide's gateway and policy, and a server outside that says who is asking."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class DemoMain implements Callable<Integer> {
  private static final long REMOVAL_SECONDS_MAX = 60;

  /** After what is missing; sudo does not pass the environment on. */
  private static final String REMEDY =
      ". The sources build both: sudo "
          + KubeApi.ASSETS_VARIABLE
          + "=$(load-test/kube-apiserver/build) ./egressgateway demo --real-api";

  @Option(
      names = "--controllers",
      paramLabel = "N",
      defaultValue = "1",
      description = "Members of the control plane, each its own process (default: 1).")
  private int controllers = 1;

  @Option(
      names = "--real-api",
      description =
          "Take the kube-apiserver and etcd of the folder that KUBEBUILDER_ASSETS names, and no"
              + " other API (default: those if they are there, else an API of our own).")
  private boolean realApi;

  @Option(
      names = "--keep",
      description = "Leave everything up when the story is told, until Ctrl-C.")
  private boolean keep;

  @Option(names = "--json", description = "Print one JSON object per step, the result last.")
  private boolean json;

  @Option(
      names = "--workdir",
      paramLabel = "DIR",
      description =
          "For logs, keys and data; emptied first, removed at the end (default: ${DEFAULT-VALUE}).")
  private Path directory = RunState.DIRECTORY;

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      defaultValue = "default",
      description = "Leases: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private LeaseProfile profile = LeaseProfile.DEFAULT;

  @Parameters(
      arity = "0..1",
      paramLabel = "STORY",
      defaultValue = "guide",
      description = {
        "guide: from the first YAML to the packet (default).",
        "failover: the node that holds the egress IP dies, and another one takes over."
      })
  private DemoOptions.Plot plot = DemoOptions.Plot.GUIDE;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Supplier<Optional<String>> missingAssets;

  /**
   * @param missingAssets what to do to have a real API, if there is none
   */
  DemoMain(Supplier<Optional<String>> missingAssets) {
    this.missingAssets = missingAssets;
  }

  static CommandLine commandLine(DemoMain main) {
    return new CommandLine(main).setCaseInsensitiveEnumValuesAllowed(true);
  }

  /** Ends the process with the exit code. */
  public static void main(String[] arguments) {
    // Read once, when the first logger is made: no class before this line may have one.
    System.setProperty("logback.configurationFile", "egressgateway-tool-logback.xml");
    System.exit(commandLine(new DemoMain(KubeApi::missingAssets)).execute(arguments));
  }

  @Override
  public Integer call() {
    if (controllers < 1 || controllers > LabSettings.CONTROLLERS_MAX) {
      System.err.printf(
          "--controllers %d: give 1 to %d%n", controllers, LabSettings.CONTROLLERS_MAX);
      return CommandLine.ExitCode.USAGE;
    }
    Optional<String> noApi = realApi ? missingAssets.get() : Optional.empty();
    if (noApi.isPresent()) {
      spec.commandLine().getErr().println("egressgateway demo --real-api: " + noApi.get() + REMEDY);
      return CommandLine.ExitCode.USAGE;
    }
    Optional<String> missing = Privileges.missing();
    if (missing.isPresent()) {
      System.err.println("egressgateway demo: " + missing.get());
      return CommandLine.ExitCode.SOFTWARE;
    }
    DemoOptions options = options();
    Narrator narrator = json ? Narrator.json(System.out, System.err) : Narrator.text(System.out);
    CountDownLatch signal = new CountDownLatch(1);
    CountDownLatch removed = new CountDownLatch(1);
    Thread story = Thread.currentThread();
    Thread onSignal = Thread.ofPlatform().unstarted(() -> endEarly(signal, story, removed));
    Runtime.getRuntime().addShutdownHook(onSignal);
    try {
      return new Demo(options, narrator, signal).run().exitCode();
    } finally {
      removed.countDown();
    }
  }

  DemoOptions options() {
    return new DemoOptions(
        plot,
        new DemoOptions.Stage(
            realApi ? ApiChoice.REAL : ApiChoice.FROM_ENVIRONMENT, controllers, profile, directory),
        keep ? DemoOptions.End.KEEP : DemoOptions.End.REMOVE);
  }

  /** Has the story's thread remove the lab, as it does at its end, and waits for that. */
  private static void endEarly(CountDownLatch signal, Thread story, CountDownLatch removed) {
    signal.countDown();
    if (removed.getCount() > 0) {
      story.interrupt();
    }
    try {
      if (!removed.await(REMOVAL_SECONDS_MAX, TimeUnit.SECONDS)) {
        System.err.println("the lab is not removed; the next demo will do it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
