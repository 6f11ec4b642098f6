package io.egressgateway.policy.witness.app;

import io.egressgateway.core.link.WitnessMembership;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.core.monitor.MonitorServer;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.policy.witness.WitnessMetrics;
import io.egressgateway.policy.witness.WitnessServer;
import io.egressgateway.policy.witness.WitnessSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * Starts a witness. Exit code 1 on failure, 2 on wrong usage; a signal ends it at once, since it
 * has nothing to put away.
 *
 * <p>Its clock is CLOCK_MONOTONIC, which time synchronisation may bend: the kernel by at most 10 %,
 * chrony by at most 8.3 %. A witness that expires a lease too early is what could do harm, and it
 * would have to run more than 12 % fast: the holder's kernel closes its gates after 0.9 of the
 * lease less its guard.
 */
@Command(
    name = "egressgateway witness",
    description =
        "One of the three or five that know whose lease still runs. Keeps everything in memory.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class WitnessMain implements Callable<Integer> {
  private static final int PORT_MAX = 65_535;

  @Option(
      names = "--self",
      paramLabel = "HOST:PORT",
      required = true,
      description = "Where agents, controllers and the other witnesses reach this one.")
  private @Nullable WitnessAddress self;

  @Option(
      names = "--peer",
      paramLabel = "HOST:PORT",
      description =
          "A witness; to be given once for each of the others. This one may be named, too.")
  private List<WitnessAddress> peers = List.of();

  @Option(
      names = "--bind-host",
      paramLabel = "HOST",
      defaultValue = "0.0.0.0",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String bindHost = "";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port to listen on (default: that of --self).")
  private @Nullable Integer port;

  @Option(
      names = "--tls-dir",
      paramLabel = "DIR",
      defaultValue = "/etc/egressgateway/tls",
      description = "Folder of ca.crt, witness.crt and witness.key (default: ${DEFAULT-VALUE}).")
  private Path tlsDirectory = Path.of("");

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
      defaultValue = "5841",
      description = "Port of the same; 0 for any that is free (default: ${DEFAULT-VALUE}).")
  private int monitorPort;

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

  private WitnessMain() {}

  /** Ends the process with the exit code, unless the witness runs. */
  public static void main(String[] arguments) {
    int exitCode =
        new CommandLine(new WitnessMain())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .registerConverter(WitnessAddress.class, new AddressConverter())
            .execute(arguments);
    System.exit(exitCode);
  }

  @Override
  public Integer call() throws InterruptedException {
    // Read once, when the first logger is made: no class before this line may have one.
    System.setProperty("logback.configurationFile", "egressgateway-witness-logback.xml");
    System.setProperty("egressgateway.log-level", logLevel.name().toLowerCase(Locale.ROOT));
    System.setProperty("egressgateway.log-format", logFormat.name().toLowerCase(Locale.ROOT));
    TlsFiles tls = TlsFiles.in(tlsDirectory, "witness");
    if (!tls.unreadable().isEmpty()) {
      return failed(
          "TLS files cannot be read: "
              + tls.unreadable()
              + "; put them there, or let --tls-dir name their folder");
    }
    if (monitorPort < 0 || monitorPort > PORT_MAX) {
      return failed("--monitor-port " + monitorPort + " is not between 0 and 65535");
    }
    try (WitnessServer server = WitnessServer.start(settings(tls), System::nanoTime);
        MonitorServer monitor =
            MonitorServer.start(
                new InetSocketAddress(monitorHost, monitorPort),
                WitnessMetrics.of(server, tls),
                WitnessMetrics.health(server))) {
      LoggerFactory.getLogger(WitnessMain.class).debug("monitored at port={}", monitor.port());
      server.awaitTermination();
      return CommandLine.ExitCode.OK;
    } catch (IOException | IllegalArgumentException unusable) {
      return failed(String.valueOf(unusable.getMessage()));
    }
  }

  private WitnessSettings settings(TlsFiles tls) {
    if (self == null) {
      throw new IllegalStateException("picocli lets nobody leave --self out");
    }
    List<WitnessAddress> all = new ArrayList<>(peers);
    if (!all.contains(self)) {
      all.add(self);
    }
    int listening = port == null ? self.port() : port;
    if (listening < 0 || listening > PORT_MAX) {
      throw new IllegalArgumentException("--port " + listening + " is not between 0 and 65535");
    }
    return new WitnessSettings(bindHost, listening, self, WitnessMembership.of(all), tls);
  }

  private static int failed(String message) {
    System.err.println("egressgateway witness: " + message);
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static final class AddressConverter implements ITypeConverter<WitnessAddress> {
    @Override
    public WitnessAddress convert(String text) {
      return WitnessAddress.parse(text)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + text + "' is not HOST:PORT, for example witness-1:5831"));
    }
  }
}
