package io.egressgateway.k8s.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.plan.TunnelSettings;
import io.egressgateway.persistence.store.DatabaseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControllerSettingsTest {

  private static ControllerSettings settings(String operator) throws StartFailure {
    return ControllerSettings.from(ControllerConfig.complete(ConfigFactory.parseString(operator)));
  }

  @Test
  void defaults() throws StartFailure {
    assertThat(settings(""))
        .isEqualTo(
            new ControllerSettings(
                new ControllerSettings.Listening("127.0.0.1", 25520, 8558, 5821),
                List.of(),
                new ControllerSettings.Provided(
                    Optional.empty(), Path.of("/etc/egressgateway/tls")),
                new DatabaseSettings.EmbeddedH2(Path.of("/var/lib/egressgateway")),
                new ControllerSettings.Network(
                    new TunnelSettings(
                        "egress.vxlan",
                        100,
                        7789,
                        new TunnelSettings.Subnets(
                            Optional.of(Cidr.of("172.31.0.0/16")), Optional.empty())),
                    CidrSet.empty())));
  }

  @Test
  void everyKeyArrives(@TempDir Path folder) throws StartFailure, IOException {
    Path password = Files.writeString(folder.resolve("password"), "secret\n");

    assertThat(
            settings(
                """
                egressgateway {
                  controller {
                    bind-host = 10.0.0.1, artery-port = 1, management-port = 2, agent-port = 3
                    seeds = ["10.0.0.1:1", "10.0.0.2:1"]
                    kubeconfig = /k, tls-dir = /t
                  }
                  database {
                    url = "jdbc:postgresql://db/e", user = me, password-file = "%s"
                  }
                  network {
                    cluster-cidrs = ["10.96.0.0/12"]
                    tunnel {
                      device = t0, vni = 4, port = 5
                      ipv4-subnet = "192.168.0.0/24", ipv6-subnet = "fd11::/112"
                    }
                  }
                }
                """
                    .formatted(password)))
        .isEqualTo(
            new ControllerSettings(
                new ControllerSettings.Listening("10.0.0.1", 1, 2, 3),
                List.of(new HostPort("10.0.0.1", 1), new HostPort("10.0.0.2", 1)),
                new ControllerSettings.Provided(Optional.of(Path.of("/k")), Path.of("/t")),
                new DatabaseSettings.Server(
                    "jdbc:postgresql://db/e", "me", new DatabaseSettings.Password("secret")),
                new ControllerSettings.Network(
                    new TunnelSettings(
                        "t0",
                        4,
                        5,
                        new TunnelSettings.Subnets(
                            Optional.of(Cidr.of("192.168.0.0/24")),
                            Optional.of(Cidr.of("fd11::/112")))),
                    CidrSet.of(Cidr.of("10.96.0.0/12")))));
  }

  @Test
  void theDataDirectoryIsTheEmbeddedDatabases() throws StartFailure {
    assertThat(settings("egressgateway.controller.data-dir = /d").database())
        .isEqualTo(new DatabaseSettings.EmbeddedH2(Path.of("/d")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "controller.agent-port = 70000          | agent-port",
        "controller.agent-port = x              | agent-port",
        "controller.seeds = [nowhere]           | nowhere",
        "database.url = \"jdbc:mysql://x\"      | jdbc:mysql://x",
        "database { url = \"jdbc:postgresql://x/y\", password-file = /nowhere } | /nowhere",
        "network.cluster-cidrs = [\"10.0.0.0/33\"] | 10.0.0.0/33",
        "network.tunnel.ipv4-subnet = \"fd11::/112\" | ipv4-subnet",
        "network.tunnel.vni = 0                 | VXLAN id 0",
      })
  void whatIsWrongIsNamed(String line, String named) {
    assertThatThrownBy(() -> settings("egressgateway { " + line + " }"))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining(named);
  }
}
