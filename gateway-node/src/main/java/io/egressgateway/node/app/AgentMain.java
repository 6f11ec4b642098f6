package io.egressgateway.node.app;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.agent.LinkSettings.Endpoint;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * Starts the agent of one node. Exit code 0 after {@code --cleanup}, 1 on failure, 2 on wrong
 * usage. SIGTERM lets the agent hand over its egress IPs, and leaves the rest of the datapath as it
 * is: exit code 0. A second one ends it at once.
 */
@Command(
    name = "egressgateway agent",
    description = "Brings the kernel of this node to the plan that the controllers have for it.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class AgentMain implements Callable<Integer> {
  private static final int PORT_MAX = 65_535;

  @Option(names = "--node", paramLabel = "NAME", description = "Name of this node in Kubernetes.")
  private @Nullable NodeName node;

  @Option(
      names = "--controller",
      paramLabel = "HOST:PORT",
      description = "A controller; may be given several times, they are tried in turn.")
  private List<Endpoint> controllers = List.of();

  @Option(
      names = "--tls-dir",
      paramLabel = "DIR",
      defaultValue = "/etc/egressgateway/tls",
      description = "Folder of ca.crt, agent.crt and agent.key (default: ${DEFAULT-VALUE}).")
  private Path tlsDirectory = Path.of("");

  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      defaultValue = "/run/egressgateway",
      description = "Where the agent counts its starts (default: ${DEFAULT-VALUE}).")
  private Path stateDirectory = Path.of("");

  @Option(
      names = "--boot-id-file",
      paramLabel = "FILE",
      hidden = true, // for labs, whose nodes share one kernel and yet are rebooted one by one
      defaultValue = "/proc/sys/kernel/random/boot_id",
      description = "Where the identifier of this boot stands (default: ${DEFAULT-VALUE}).")
  private Path bootIdFile = Path.of("");

  @Option(
      names = "--uplink",
      paramLabel = "LINK",
      description =
          "Link that answers for egress IPs that are of no other link's network, unless the"
              + " controllers name another for this node (default: that of the default route).")
  private @Nullable String uplink;

  @Option(
      names = "--sysctl-dir",
      paramLabel = "DIR",
      defaultValue = "/proc/sys",
      description =
          "Where the node's /proc/sys is, writable; a container's own is not (default:"
              + " ${DEFAULT-VALUE}).")
  private Path settings = Path.of("");

  @Option(
      names = "--drift-interval",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How often the kernel is compared with the plan (default: ${DEFAULT-VALUE}).")
  private Duration driftInterval = Duration.ZERO;

  @Option(
      names = "--leave-timeout",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description =
          "How long an agent that is told to end waits for other nodes to take its egress IPs"
              + " (default: ${DEFAULT-VALUE}).")
  private Duration leaveTimeout = Duration.ZERO;

  @Option(
      names = {"--cleanup", "--remove"},
      description =
          "Take everything of ours out of this node's kernel, and end. Refused while an agent"
              + " runs.")
  private boolean remove;

  @Option(
      names = "--monitor-host",
      paramLabel = "HOST",
      defaultValue = "0.0.0.0",
      description =
          "Address at which metrics, health and log levels are served (default: ${DEFAULT-VALUE}).")
  private String monitorHost = "";

  @Option(
      names = "--monitor-port",
      paramLabel = "PORT",
      defaultValue = "5811",
      description = "Port of the same; 0 for any that is free (default: ${DEFAULT-VALUE}).")
  private int monitorPort;

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json, an object a line (default: ${DEFAULT-VALUE}).")
  private LogFormat logFormat = LogFormat.TEXT;

  @Option(
      names = "--check",
      description =
          "Print what this node's kernel has of what the agent needs, what is missing and what that"
              + " costs, and end; exit code 1 if the agent cannot work. Changes nothing.")
  private boolean check;

  @Option(
      names = "--check-numbers",
      paramLabel = "MARK/MASK,TABLES,PRIORITY",
      defaultValue = "0x26000000/0xfe000000,0,98",
      description =
          "With --check: feature.mark, markMask, routingTables and routingRulePriority of the chart"
              + " (default: ${DEFAULT-VALUE}).")
  private KernelNumbers numbers = KernelNumbers.USUAL;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      defaultValue = "info",
      description = "error, warn, info, debug or trace (default: ${DEFAULT-VALUE}).")
  private LogLevel logLevel = LogLevel.INFO;

  private enum LogFormat {
    TEXT,
    JSON
  }

  private enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  private AgentMain() {}

  /** Ends the process with the exit code, unless the agent runs. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new AgentMain())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .registerConverter(Endpoint.class, new EndpointConverter())
            .registerConverter(NodeName.class, new NodeNameConverter())
            .registerConverter(KernelNumbers.class, new NumbersConverter())
            .registerConverter(Duration.class, new SecondsConverter())
            .execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    // Read once, when the first logger is made: no class before this line may have one.
    System.setProperty("logback.configurationFile", "egressgateway-agent-logback.xml");
    System.setProperty("egressgateway.log-level", logLevel.name().toLowerCase(Locale.ROOT));
    System.setProperty("egressgateway.log-format", logFormat.name().toLowerCase(Locale.ROOT));
    if (check) {
      return NodeCheck.run(numbers, settings, System.out);
    }
    AgentProcess process =
        new AgentProcess(
            new AgentProcess.Habits(
                Optional.ofNullable(uplink), driftInterval, leaveTimeout, settings));
    if (remove) {
      return process.remove(stateDirectory);
    }
    Optional<NodeName> name = Optional.ofNullable(node);
    if (name.isEmpty() || controllers.isEmpty()) {
      System.err.println("The agent needs --node NAME and at least one --controller HOST:PORT.");
      return CommandLine.ExitCode.USAGE;
    }
    if (monitorPort < 0 || monitorPort > PORT_MAX) {
      System.err.println("--monitor-port " + monitorPort + " is not between 0 and 65535.");
      return CommandLine.ExitCode.USAGE;
    }
    return process.run(
        new AgentProcess.Membership(
            name.get(),
            controllers,
            tlsDirectory,
            new AgentProcess.State(stateDirectory, bootIdFile),
            new InetSocketAddress(monitorHost, monitorPort)));
  }

  private static final class EndpointConverter implements ITypeConverter<Endpoint> {
    @Override
    public Endpoint convert(String text) {
      int colon = text.lastIndexOf(':');
      Optional<Integer> port = colon < 1 ? Optional.empty() : port(text.substring(colon + 1));
      return port.map(number -> new Endpoint(text.substring(0, colon), number))
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + text + "' is not HOST:PORT, for example controller:5823"));
    }

    private static Optional<Integer> port(String text) {
      boolean number = text.matches("[0-9]{1,5}");
      return number
          ? Optional.of(Integer.parseInt(text)).filter(port -> port > 0 && port <= PORT_MAX)
          : Optional.empty();
    }
  }

  private static final class NodeNameConverter implements ITypeConverter<NodeName> {
    @Override
    public NodeName convert(String text) {
      try {
        return new NodeName(text);
      } catch (IllegalArgumentException unusable) {
        throw new TypeConversionException(String.valueOf(unusable.getMessage()));
      }
    }
  }

  private static final class NumbersConverter implements ITypeConverter<KernelNumbers> {
    private static final Pattern FORM =
        Pattern.compile("0x([0-9a-f]{8})/0x([0-9a-f]{8}),([0-9]{1,10}),([0-9]{1,5})");
    private static final int HEX = 16;

    @Override
    public KernelNumbers convert(String text) {
      Matcher numbers = FORM.matcher(text);
      if (!numbers.matches()) {
        throw new TypeConversionException(
            "'" + text + "' is not MARK/MASK,TABLES,PRIORITY, for example " + EXAMPLE);
      }
      try {
        return new KernelNumbers(
            Integer.parseUnsignedInt(numbers.group(1), HEX),
            Integer.parseUnsignedInt(numbers.group(2), HEX),
            Long.parseLong(numbers.group(3)),
            Integer.parseInt(numbers.group(4)));
      } catch (IllegalArgumentException unusable) {
        throw new TypeConversionException(String.valueOf(unusable.getMessage()));
      }
    }

    private static final String EXAMPLE = "0x26000000/0xfe000000,0,98";
  }

  private static final class SecondsConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        Duration duration = Duration.parse("PT" + text + "S");
        if (duration.isPositive()) {
          return duration;
        }
      } catch (DateTimeParseException notANumber) {
        throw new TypeConversionException("'" + text + "' is not a number of seconds");
      }
      throw new TypeConversionException("'" + text + "' is not above 0");
    }
  }
}
