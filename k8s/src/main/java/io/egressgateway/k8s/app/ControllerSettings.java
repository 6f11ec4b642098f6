package io.egressgateway.k8s.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.core.plan.TunnelSettings;
import io.egressgateway.k8s.admission.AdmissionSettings;
import io.egressgateway.k8s.watch.UplinkRules;
import io.egressgateway.persistence.store.DatabaseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How this controller runs, read once from {@code egressgateway}.
 *
 * @param listening where it can be reached
 * @param seeds whom to join; the first one founds the cluster. Empty if it is alone
 * @param files what it needs from the file system
 * @param database where the journal is
 * @param network what the datapath has in common on all nodes
 * @param ownership by what egress IPs are owned
 * @param admission how webhooks are served; absent if they are not
 */
record ControllerSettings(
    Listening listening,
    List<HostPort> seeds,
    Provided files,
    DatabaseSettings database,
    Network network,
    OwnershipSettings ownership,
    Optional<AdmissionSettings> admission) {

  ControllerSettings {
    seeds = List.copyOf(seeds);
  }

  /**
   * Where the controller can be reached.
   *
   * @param host of other controllers and agents; the management port is on the loopback interface
   * @param arteryPort for controllers; 0 for any that is free
   * @param managementPort for people and probes; 0 for any that is free
   * @param agentPort for agents; 0 for any that is free
   * @param monitor for metrics, probes and log levels
   */
  record Listening(
      String host, int arteryPort, int managementPort, int agentPort, Monitor monitor) {}

  /**
   * Where metrics, probes and log levels are served.
   *
   * @param port 0 for any that is free
   */
  record Monitor(String host, int port) {}

  /**
   * Files that an operator provides.
   *
   * @param kubeconfig absent: the service account of the pod
   * @param tls folder of {@code ca.crt}, {@code controller.crt} and {@code controller.key}
   */
  record Provided(Optional<Path> kubeconfig, Path tls) {}

  /**
   * What the datapath has in common on all nodes.
   *
   * @param tunnel the tunnel devices
   * @param uplinks links of nodes whose agents are not to find them by themselves
   * @param clusterCidrs destinations inside the cluster that nodes do not tell
   */
  record Network(TunnelSettings tunnel, UplinkRules uplinks, CidrSet clusterCidrs) {}

  /**
   * Reads every key; none is optional, since {@code reference.conf} has them all.
   *
   * @throws StartFailure naming the key that has a value it cannot have, or that is missing
   */
  static ControllerSettings from(Config config) throws StartFailure {
    try {
      Config controller = config.getConfig("egressgateway.controller");
      Listening listening = listening(controller);
      List<HostPort> seeds =
          controller.getStringList("seeds").stream().map(ControllerSettings::seed).toList();
      return new ControllerSettings(
          listening,
          seeds,
          new Provided(
              text(controller, "kubeconfig").map(Path::of),
              Path.of(controller.getString("tls-dir"))),
          database(config),
          network(config.getConfig("egressgateway.network")),
          OwnershipSettings.from(config, listening.host(), seeds),
          AdmissionConfig.read(config.getConfig("egressgateway.admission"), listening.host()));
    } catch (ConfigException | IllegalArgumentException e) {
      throw new StartFailure("configuration: " + e.getMessage(), e);
    }
  }

  private static Listening listening(Config controller) {
    String host = controller.getString("bind-host");
    return new Listening(
        host,
        port(controller, "artery-port"),
        port(controller, "management-port"),
        port(controller, "agent-port"),
        new Monitor(
            text(controller, "monitor-host").orElse(host), port(controller, "monitor-port")));
  }

  private static int port(Config controller, String key) {
    int port = controller.getInt(key);
    if (port < 0 || port > HostPort.PORT_MAX) {
      throw new IllegalArgumentException(key + " " + port + " is not between 0 and 65535");
    }
    return port;
  }

  private static HostPort seed(String text) {
    return HostPort.parse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "seed '" + text + "' is not host:port, for example 10.0.0.1:25520"));
  }

  private static DatabaseSettings database(Config config) throws StartFailure {
    Config database = config.getConfig("egressgateway.database");
    Optional<String> url = text(database, "url");
    if (url.isEmpty()) {
      return new DatabaseSettings.EmbeddedH2(
          Path.of(config.getString("egressgateway.controller.data-dir")));
    }
    Optional<Path> passwordFile = text(database, "password-file").map(Path::of);
    return new DatabaseSettings.Server(
        url.get(),
        database.getString("user"),
        new DatabaseSettings.Password(passwordFile.isEmpty() ? "" : password(passwordFile.get())));
  }

  private static String password(Path file) throws StartFailure {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new StartFailure(
          "database password file "
              + file
              + " cannot be read ("
              + e
              + "): let --database-password-file name a file with the password as its only line",
          e);
    }
  }

  private static Network network(Config network) {
    Config tunnel = network.getConfig("tunnel");
    return new Network(
        new TunnelSettings(
            tunnel.getString("device"),
            tunnel.getInt("vni"),
            tunnel.getInt("port"),
            new TunnelSettings.Subnets(
                subnet(tunnel, "ipv4-subnet", IpFamily.IPV4),
                subnet(tunnel, "ipv6-subnet", IpFamily.IPV6)),
            numbers(network),
            Optional.empty(),
            UplinkConfig.excluded(network.getStringList("excluded-links"))),
        UplinkConfig.read(network.getConfigList("uplinks")),
        CidrSet.of(
            network.getStringList("cluster-cidrs").stream()
                .map(ControllerSettings::cidr)
                .toList()));
  }

  private static KernelNumbers numbers(Config network) {
    return new KernelNumbers(
        mark(network, "mark"),
        mark(network, "mark-mask"),
        network.getLong("routing-tables"),
        network.getInt("routing-rule-priority"));
  }

  /** All 32 bits count; a file may have it as a number, too. */
  private static int mark(Config network, String key) {
    String text = network.getString(key);
    try {
      long mark = Long.decode(text);
      if (mark >= 0 && mark <= 0xffffffffL) {
        return (int) mark;
      }
    } catch (NumberFormatException notANumber) {
      // Refused below, as one that is too large.
    }
    throw new IllegalArgumentException(
        "network.%s '%s' is not a mark of 32 bits, for example 0x26000000".formatted(key, text));
  }

  private static Optional<Cidr> subnet(Config tunnel, String key, IpFamily family) {
    return text(tunnel, key)
        .map(
            text ->
                Cidr.parse(text)
                    .filter(cidr -> cidr.family() == family)
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "tunnel."
                                    + key
                                    + " '"
                                    + text
                                    + "' is not a network of "
                                    + family
                                    + ", for example 172.31.0.0/16 or fd11::/112")));
  }

  private static Cidr cidr(String text) {
    return Cidr.parseCidrOrAddress(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "cluster-cidrs '" + text + "' is not a CIDR, for example 10.96.0.0/12"));
  }

  /** An empty text is how a file says that there is none. */
  private static Optional<String> text(Config config, String key) {
    return Optional.of(config.getString(key)).filter(text -> !text.isEmpty());
  }
}
