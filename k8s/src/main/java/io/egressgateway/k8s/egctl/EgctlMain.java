package io.egressgateway.k8s.egctl;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * Shows what there is, and moves egress IPs at an operator's wish. Exit code 0 when it is done or
 * nothing was to do, 1 on failure, 2 on wrong usage.
 */
@Command(
    name = "egctl",
    description =
        "Shows egress IPs, and moves them between gateway nodes without a connection being"
            + " refused.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    subcommands = {
      Get.class,
      ExplainCommand.class,
      TraceCommand.class,
      HistoryCommand.class,
      DoctorCommand.class,
      EgctlMain.Vip.class,
      EgctlMain.Drain.class,
      EgctlMain.Rebalance.class,
      FenceCommand.class,
      CompletionCommand.class
    })
public final class EgctlMain {
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
  private static final Duration MOVE_LIMIT = Duration.ofSeconds(20);
  private static final Duration WATCH_PAUSE = Duration.ofSeconds(2);
  private static final int REQUEST_TIMEOUT_MILLIS = 10_000;

  /** Somebody waits for the answer, or for being told that there is none. */
  private static final int RETRIES_MAX = 2;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      scope = CommandLine.ScopeType.INHERIT,
      description =
          "How to reach the Kubernetes API (default: $KUBECONFIG, ~/.kube/config, or the service"
              + " account of the pod).")
  private @Nullable Path kubeconfig;

  private final Supplier<String> ids;
  private final Duration answerLimit;
  private final Duration moveLimit;
  private final Watch.Rhythm rhythm;

  EgctlMain(Supplier<String> ids, Duration answerLimit, Duration moveLimit, Watch.Rhythm rhythm) {
    this.ids = ids;
    this.answerLimit = answerLimit;
    this.moveLimit = moveLimit;
    this.rhythm = rhythm;
  }

  /** Ends the process with the exit code. */
  public static void main(String[] arguments) {
    System.setProperty("logback.configurationFile", "egressgateway-egctl-logback.xml");
    EgctlMain main =
        new EgctlMain(
            () -> UUID.randomUUID().toString(), ANSWER_LIMIT, MOVE_LIMIT, EgctlMain::pause);
    System.exit(commandLine(main).execute(arguments));
  }

  private static boolean pause() throws InterruptedException {
    Thread.sleep(WATCH_PAUSE);
    return true;
  }

  static CommandLine commandLine(EgctlMain main) {
    CommandLine egctl =
        new CommandLine(main)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .registerConverter(IpAddress.class, EgctlMain::address)
            .registerConverter(NodeName.class, EgctlMain::node)
            .setExecutionExceptionHandler(EgctlMain::failed);
    provideVersion(egctl);
    return egctl;
  }

  /** Every command has the option. */
  private static void provideVersion(CommandLine command) {
    command.getCommandSpec().versionProvider(() -> new String[] {"egctl " + version()});
    command.getSubcommands().values().forEach(EgctlMain::provideVersion);
  }

  private static String version() {
    return Optional.ofNullable(EgctlMain.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  private static IpAddress address(String text) {
    return IpAddress.parse(text)
        .orElseThrow(() -> new TypeConversionException("'" + text + "' is not an IP address"));
  }

  private static NodeName node(String text) {
    try {
      return new NodeName(text);
    } catch (IllegalArgumentException refused) {
      throw new TypeConversionException(String.valueOf(refused.getMessage()));
    }
  }

  private static int failed(
      Exception failure, CommandLine command, CommandLine.ParseResult arguments) throws Exception {
    if (!(failure instanceof EgctlException || failure instanceof KubernetesClientException)) {
      throw failure;
    }
    Output.complain(command, message(failure));
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** Of what is expected to go wrong. */
  static String message(Exception failure) {
    return failure instanceof KubernetesClientException unusable
        ? Cluster.explain(unusable)
        : String.valueOf(failure.getMessage());
  }

  private KubernetesClient client() throws EgctlException {
    Config config = Config.autoConfigure(null);
    if (kubeconfig != null) {
      if (!Files.isReadable(kubeconfig)) {
        throw new EgctlException(
            "kubeconfig " + kubeconfig + " cannot be read: let --kubeconfig name a readable file");
      }
      config = Config.fromKubeconfig(kubeconfig.toFile());
    }
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(config)
                .withRequestTimeout(REQUEST_TIMEOUT_MILLIS)
                .withRequestRetryBackoffLimit(RETRIES_MAX)
                .build())
        .build();
  }

  /** Something to do in the cluster. */
  @FunctionalInterface
  interface Task {
    int run(Cluster cluster) throws EgctlException;
  }

  /** Runs the task with a connection to the cluster. */
  int in(Task task) throws EgctlException {
    try (KubernetesClient client = client()) {
      return task.run(new Cluster(client, answerLimit, moveLimit));
    }
  }

  /** Something to find out in the cluster. */
  @FunctionalInterface
  interface Question<T> {
    T ask(Cluster cluster) throws EgctlException;
  }

  /** Asks with a connection to the cluster. */
  <T> T ask(Question<T> question) throws EgctlException {
    try (KubernetesClient client = client()) {
      return question.ask(new Cluster(client, answerLimit, moveLimit));
    }
  }

  /** Commands about single egress IPs. */
  @Command(
      name = "vip",
      description = "Commands about single egress IPs.",
      mixinStandardHelpOptions = true,
      subcommands = VipMove.class)
  static final class Vip {
    @ParentCommand private @Nullable EgctlMain main;

    EgctlMain main() {
      return parent(main);
    }
  }

  /** Moves one egress IP. */
  @Command(
      name = "move",
      description = "Moves an egress IP to another node of its gateway.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  static final class VipMove implements Callable<Integer> {
    @ParentCommand private @Nullable Vip vip;
    @Spec private @Nullable CommandSpec spec;

    @Option(
        names = "--egressGatewayName",
        paramLabel = "GATEWAY",
        required = true,
        description = "Name of the EgressGateway.")
    private String gateway = "";

    @Option(names = "--vip", paramLabel = "IP", required = true, description = "The egress IP.")
    private @Nullable IpAddress address;

    @Option(
        names = "--targetNode",
        paramLabel = "NODE",
        required = true,
        description = "The node that is to hold it.")
    private @Nullable NodeName target;

    @Override
    public Integer call() throws EgctlException {
      EgctlMain main = parent(vip).main();
      Orders orders = new Orders(main.ids, out(spec));
      return main.in(
          cluster -> orders.move(cluster, gateway, parent(address), parent(target).value()));
    }
  }

  /** Empties a node. */
  @Command(
      name = "drain",
      description = "Moves all egress IPs away from a node and keeps others from it, until --undo.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  static final class Drain implements Callable<Integer> {
    @ParentCommand private @Nullable EgctlMain main;
    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "NODE", description = "Name of the node.")
    private @Nullable NodeName node;

    @Option(names = "--undo", description = "Let the node have egress IPs again.")
    private boolean undo;

    @Override
    public Integer call() throws EgctlException {
      Orders orders = new Orders(parent(main).ids, out(spec));
      String name = parent(node).value();
      return parent(main)
          .in(cluster -> undo ? orders.undrain(cluster, name) : orders.drain(cluster, name));
    }
  }

  /** Spreads egress IPs. */
  @Command(
      name = "rebalance",
      description = "Spreads a gateway's egress IPs evenly over its nodes, a few at a time.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  static final class Rebalance implements Callable<Integer> {
    @ParentCommand private @Nullable EgctlMain main;
    @Spec private @Nullable CommandSpec spec;

    @Option(
        names = "--egressGatewayName",
        paramLabel = "GATEWAY",
        required = true,
        description = "Name of the EgressGateway.")
    private String gateway = "";

    @Option(names = "--dry-run", description = "Only say what would move.")
    private boolean dryRun;

    @Override
    public Integer call() throws EgctlException {
      Orders orders = new Orders(parent(main).ids, out(spec));
      return parent(main)
          .in(
              cluster ->
                  dryRun
                      ? orders.tryRebalance(cluster, gateway)
                      : orders.rebalance(cluster, gateway));
    }
  }

  Supplier<String> ids() {
    return ids;
  }

  Watch.Rhythm rhythm() {
    return rhythm;
  }

  static PrintWriter out(@Nullable CommandSpec spec) {
    return parent(spec).commandLine().getOut();
  }

  /** picocli sets it before the command runs. */
  static <T> T parent(@Nullable T value) {
    return Optional.ofNullable(value)
        .orElseThrow(() -> new IllegalStateException("the command was not made by picocli"));
  }
}
