package io.egressgateway.k8s.app;

import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.WitnessAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * Starts a controller. Exit code 1 on failure, 2 on wrong usage; a signal makes it leave the
 * cluster first.
 */
@Command(
    name = "egressgateway controller",
    description = "Decides which node carries which egress IP, and tells agents and Kubernetes.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class ControllerMain implements Callable<Integer> {

  /** A TCP port. */
  record Port(int number) {}

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

  private static final String CONTROLLER = "egressgateway.controller.";
  private static final String DATABASE = "egressgateway.database.";
  private static final String NETWORK = "egressgateway.network.";
  private static final String OWNERSHIP = "egressgateway.";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Settings in HOCON; or, in a file that ends with .yml or .yaml, those of"
              + " spidernet-io/egressgateway's conf.yml and our own. Flags win over it.")
  private @Nullable Path config;

  @Option(
      names = "--bind-host",
      paramLabel = "HOST",
      description = "Where other controllers and agents reach this one (default: 127.0.0.1).")
  private @Nullable String bindHost;

  @Option(
      names = "--artery-port",
      paramLabel = "PORT",
      description = "Between controllers (default: 25520).")
  private @Nullable Port arteryPort;

  @Option(
      names = "--management-port",
      paramLabel = "PORT",
      description = "Health and cluster state, on 127.0.0.1, read-only (default: 8558).")
  private @Nullable Port managementPort;

  @Option(names = "--agent-port", paramLabel = "PORT", description = "For agents (default: 5823).")
  private @Nullable Port agentPort;

  @Option(
      names = "--monitor-host",
      paramLabel = "HOST",
      description =
          "Address at which metrics, health and log levels are served (default: --bind-host).")
  private @Nullable String monitorHost;

  @Option(
      names = "--monitor-port",
      paramLabel = "PORT",
      description = "Metrics, health and log levels, at --monitor-host (default: 5821).")
  private @Nullable Port monitorPort;

  @Option(
      names = "--seed",
      paramLabel = "HOST:PORT",
      description =
          "A controller to join; may be given several times, the same list for all. The first one"
              + " founds the cluster (default: this controller is alone).")
  private List<HostPort> seeds = List.of();

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "How to reach the Kubernetes API (default: the service account of the pod).")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--database-url",
      paramLabel = "URL",
      description =
          "jdbc:postgresql://host:port/name (default: an embedded database in --data-dir, for one"
              + " controller).")
  private @Nullable String databaseUrl;

  @Option(names = "--database-user", paramLabel = "NAME", description = "(default: egressgateway)")
  private @Nullable String databaseUser;

  @Option(
      names = "--database-password-file",
      paramLabel = "FILE",
      description = "Has the password as its only line (default: no password).")
  private @Nullable Path databasePasswordFile;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Of the embedded database (default: /var/lib/egressgateway).")
  private @Nullable Path dataDirectory;

  @Option(
      names = "--tls-dir",
      paramLabel = "DIR",
      description =
          "Folder of ca.crt, controller.crt and controller.key (default: /etc/egressgateway/tls).")
  private @Nullable Path tlsDirectory;

  @Option(
      names = "--cluster-cidr",
      paramLabel = "CIDR",
      description =
          "Destinations inside the cluster that no policy takes; may be given several times. Nodes"
              + " and their pods are known without.")
  private List<Cidr> clusterCidrs = List.of();

  @Option(
      names = "--tunnel-ipv4-subnet",
      paramLabel = "CIDR",
      description = "Of the tunnel devices (default: 172.31.0.0/16).")
  private @Nullable Cidr tunnelIpv4Subnet;

  @Option(
      names = "--tunnel-ipv6-subnet",
      paramLabel = "CIDR",
      description = "Of the tunnel devices (default: none).")
  private @Nullable Cidr tunnelIpv6Subnet;

  @Option(
      names = "--witness",
      paramLabel = "HOST:PORT",
      description =
          "A witness; to be given for each of the three or five, the same list for all"
              + " controllers.")
  private List<WitnessAddress> witnesses = List.of();

  @Option(
      names = "--embedded-witness",
      paramLabel = "PORT",
      description =
          "Serve a witness at --bind-host and this port. With several controllers, name each"
              + " one's as --witness, too (default: none).")
  private @Nullable Port embeddedWitness;

  @Option(
      names = "--lease-profile",
      paramLabel = "NAME",
      description =
          "How soon a silent gateway node's egress IPs move: conservative (3 s), default (2 s),"
              + " fast (1.5 s) or express (0.8 s); the same for all controllers.")
  private @Nullable LeaseProfile leaseProfile;

  @Option(
      names = "--control-stale-timeout",
      paramLabel = "SECONDS",
      description =
          "For how long a gateway node that renews its lease may be unheard by all controllers before"
              + " its egress IPs move to a node that is heard, 10 at least; 0 means for ever"
              + " (default); the same for all controllers.")
  private @Nullable Long controlStaleSeconds;

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json, an object a line (default: ${DEFAULT-VALUE}).")
  private LogFormat logFormat = LogFormat.TEXT;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      defaultValue = "info",
      description = "error, warn, info, debug or trace (default: ${DEFAULT-VALUE}).")
  private LogLevel logLevel = LogLevel.INFO;

  ControllerMain() {}

  /** Ends the process with the exit code when the controller has ended. */
  public static void main(String[] arguments) {
    System.exit(commandLine(new ControllerMain()).execute(arguments));
  }

  static CommandLine commandLine(ControllerMain main) {
    return new CommandLine(main)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(HostPort.class, new HostPortConverter())
        .registerConverter(Port.class, new PortConverter())
        .registerConverter(WitnessAddress.class, new WitnessConverter())
        .registerConverter(Cidr.class, new CidrConverter());
  }

  @Override
  public Integer call() {
    // Read once, when the first logger is made: no class before this line may have one.
    System.setProperty("logback.configurationFile", "egressgateway-controller-logback.xml");
    System.setProperty("egressgateway.log-level", logLevel.name().toLowerCase(Locale.ROOT));
    System.setProperty("egressgateway.log-format", logFormat.name().toLowerCase(Locale.ROOT));
    try {
      return ControllerProcess.start(
              ControllerConfig.operator(flags(), Optional.ofNullable(config)))
          .awaitTermination();
    } catch (StartFailure e) {
      System.err.println("egressgateway controller: " + e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  /** The flags that were given, by configuration key. */
  Map<String, Object> flags() {
    Map<String, Object> flags = new LinkedHashMap<>();
    put(flags, CONTROLLER + "bind-host", bindHost);
    put(flags, CONTROLLER + "artery-port", arteryPort == null ? null : arteryPort.number());
    put(
        flags,
        CONTROLLER + "management-port",
        managementPort == null ? null : managementPort.number());
    put(flags, CONTROLLER + "agent-port", agentPort == null ? null : agentPort.number());
    put(flags, CONTROLLER + "monitor-host", monitorHost);
    put(flags, CONTROLLER + "monitor-port", monitorPort == null ? null : monitorPort.number());
    put(flags, CONTROLLER + "seeds", texts(seeds));
    put(flags, CONTROLLER + "kubeconfig", text(kubeconfig));
    put(flags, CONTROLLER + "data-dir", text(dataDirectory));
    put(flags, CONTROLLER + "tls-dir", text(tlsDirectory));
    put(flags, DATABASE + "url", databaseUrl);
    put(flags, DATABASE + "user", databaseUser);
    put(flags, DATABASE + "password-file", text(databasePasswordFile));
    put(flags, NETWORK + "cluster-cidrs", texts(clusterCidrs));
    put(flags, NETWORK + "tunnel.ipv4-subnet", text(tunnelIpv4Subnet));
    put(flags, NETWORK + "tunnel.ipv6-subnet", text(tunnelIpv6Subnet));
    put(flags, OWNERSHIP + "witnesses", texts(witnesses));
    put(
        flags,
        OWNERSHIP + "embedded-witness",
        embeddedWitness == null ? null : embeddedWitness.number());
    put(
        flags,
        OWNERSHIP + "lease-profile",
        leaseProfile == null ? null : leaseProfile.name().toLowerCase(Locale.ROOT));
    put(
        flags,
        OWNERSHIP + "control-stale-timeout",
        controlStaleSeconds == null ? null : controlStaleSeconds + " s");
    return flags;
  }

  private static void put(Map<String, Object> flags, String key, @Nullable Object value) {
    if (value != null) {
      flags.put(key, value);
    }
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  private static @Nullable List<String> texts(List<?> values) {
    return values.isEmpty() ? null : values.stream().map(Object::toString).toList();
  }

  private static final class HostPortConverter implements ITypeConverter<HostPort> {
    @Override
    public HostPort convert(String text) {
      return HostPort.parse(text)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + text + "' is not HOST:PORT, for example 10.0.0.1:25520"));
    }
  }

  private static final class PortConverter implements ITypeConverter<Port> {
    @Override
    public Port convert(String text) {
      if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= HostPort.PORT_MAX) {
        return new Port(Integer.parseInt(text));
      }
      throw new TypeConversionException("'" + text + "' is not a port, 0 to 65535");
    }
  }

  private static final class WitnessConverter implements ITypeConverter<WitnessAddress> {
    @Override
    public WitnessAddress convert(String text) {
      return WitnessAddress.parse(text)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + text + "' is not HOST:PORT, for example 10.0.0.1:5831"));
    }
  }

  private static final class CidrConverter implements ITypeConverter<Cidr> {
    @Override
    public Cidr convert(String text) {
      return Cidr.parseCidrOrAddress(text)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + text + "' is not a CIDR, for example 10.96.0.0/12"));
    }
  }
}
