package io.egressgateway.k8s.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.core.link.WitnessMembership;
import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.LinkPattern;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.core.plan.TunnelSettings;
import io.egressgateway.k8s.admission.AdmissionSettings;
import io.egressgateway.k8s.watch.UplinkRules;
import io.egressgateway.persistence.store.DatabaseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControllerSettingsTest {

  private static ControllerSettings settings(String operator) throws StartFailure {
    return ControllerSettings.from(
        ControllerConfig.complete(
            ConfigFactory.parseString(operator)
                .withFallback(
                    ConfigFactory.parseString(
                        "egressgateway.witnesses = [\"w1:1\", \"w2:1\", \"w3:1\"]"))));
  }

  private static WitnessMembership witnesses() {
    return WitnessMembership.of(
        List.of(
            new WitnessAddress("w1", 1), new WitnessAddress("w2", 1), new WitnessAddress("w3", 1)));
  }

  @Test
  void defaults() throws StartFailure {
    assertThat(settings(""))
        .isEqualTo(
            new ControllerSettings(
                new ControllerSettings.Listening(
                    "127.0.0.1",
                    25520,
                    8558,
                    5823,
                    new ControllerSettings.Monitor("127.0.0.1", 5821)),
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
                                Optional.of(Cidr.of("172.31.0.0/16")), Optional.empty()))
                        .excluding(List.of(new LinkPattern("^cali.*"), new LinkPattern("br-*"))),
                    UplinkRules.NONE,
                    CidrSet.empty()),
                new OwnershipSettings(
                    LeaseProfile.DEFAULT, witnesses(), Optional.empty(), Optional.empty()),
                Optional.empty()));
  }

  @Test
  void everyKeyArrives(@TempDir Path folder) throws StartFailure, IOException {
    Path password = Files.writeString(folder.resolve("password"), "secret\n");

    assertThat(
            settings(
                """
                egressgateway {
                  witnesses = ["w3:1", "w2:1", "10.0.0.1:6"], embedded-witness = 6
                  lease-profile = Express, control-stale-timeout = 30 s
                  controller {
                    bind-host = 10.0.0.1, artery-port = 1, management-port = 2, agent-port = 3
                    monitor-host = 0.0.0.0, monitor-port = 4
                    seeds = ["10.0.0.1:1", "10.0.0.2:1"]
                    kubeconfig = /k, tls-dir = /t
                  }
                  admission {
                    certificates = auto, port = 7, namespace = ns, secret = s, service = hook
                    configurations = c
                  }
                  database {
                    url = "jdbc:postgresql://db/e", user = me, password-file = "%s"
                  }
                  network {
                    cluster-cidrs = ["10.96.0.0/12"]
                    mark = 0xB0000000, mark-mask = "4026531840"
                    routing-tables = 1000, routing-rule-priority = 7
                    excluded-links = ["docker0"]
                    uplinks = [
                      { node-labels = ["kubernetes.io/os=linux", "nic="], interface = bond0.7 }
                      { node-labels = [], interface = eth1 }
                    ]
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
                new ControllerSettings.Listening(
                    "10.0.0.1", 1, 2, 3, new ControllerSettings.Monitor("0.0.0.0", 4)),
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
                                Optional.of(Cidr.of("fd11::/112"))),
                            new KernelNumbers(0xb0000000, 0xf0000000, 1000, 7))
                        .excluding(List.of(new LinkPattern("docker0"))),
                    new UplinkRules(
                        List.of(
                            new UplinkRules.Rule(
                                LabelSelector.ofLabels(
                                    Map.of("kubernetes.io/os", "linux", "nic", "")),
                                "bond0.7"),
                            new UplinkRules.Rule(LabelSelector.everything(), "eth1"))),
                    CidrSet.of(Cidr.of("10.96.0.0/12"))),
                new OwnershipSettings(
                    LeaseProfile.EXPRESS,
                    WitnessMembership.of(
                        List.of(
                            new WitnessAddress("10.0.0.1", 6),
                            new WitnessAddress("w2", 1),
                            new WitnessAddress("w3", 1))),
                    Optional.of(new WitnessAddress("10.0.0.1", 6)),
                    Optional.of(Duration.ofSeconds(30))),
                Optional.of(
                    new AdmissionSettings(
                        "10.0.0.1",
                        7,
                        new AdmissionSettings.Own(
                            "ns", "s", List.of("hook.ns.svc", "hook.ns", "10.0.0.1")),
                        Optional.of("c")))));
  }

  @Test
  void providedCertificatesMayBeTrustedBySomebodyElse() throws StartFailure {
    assertThat(
            settings(
                    "egressgateway.admission { certificates = provided, tls-dir = /w,"
                        + " configurations = \"\" }")
                .admission())
        .contains(
            new AdmissionSettings(
                "127.0.0.1",
                5822,
                new AdmissionSettings.Provided(Path.of("/w")),
                Optional.empty()));
  }

  @Test
  void webhooksOutsideAPodNeedANamespace() {
    assertThatThrownBy(() -> settings("egressgateway.admission.certificates = auto"))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("admission.namespace is empty");
    assertThatThrownBy(() -> settings("egressgateway.admission.certificates = magic"))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("'magic' is not off, auto or provided");
  }

  @Test
  void anEmbeddedWitnessAloneIsEnoughForOneController() throws StartFailure {
    WitnessAddress embedded = new WitnessAddress("127.0.0.1", 5831);

    assertThat(settings("egressgateway { witnesses = [], embedded-witness = 5831 }").ownership())
        .isEqualTo(
            new OwnershipSettings(
                LeaseProfile.DEFAULT,
                WitnessMembership.of(List.of(embedded)),
                Optional.of(embedded),
                Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                                                            | DEFAULT",
        "lease-profile = fast                                        | FAST",
        "gateway-failover { enable = true }                          | CONSERVATIVE",
        "gateway-failover { enable = true }, lease-profile = express | EXPRESS",
      })
  void theProfileIsTheOneNamedElseTheOneNearestToTheAncestorsValues(
      @Nullable String line, LeaseProfile profile) throws StartFailure {
    assertThat(
            settings("egressgateway { " + (line == null ? "" : line) + " }").ownership().profile())
        .isEqualTo(profile);
  }

  @Test
  void unheardNodesAreDismissedOnlyWhereAskedFor() throws StartFailure {
    assertThat(settings("").ownership().controlStaleTimeout()).isEmpty();
    assertThat(
            settings("egressgateway.control-stale-timeout = 10 s")
                .ownership()
                .controlStaleTimeout())
        .contains(Duration.ofSeconds(10));
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
        "network.mark = blue                    | network.mark 'blue'",
        "network.mark = 0x1ffffffff             | network.mark '0x1ffffffff'",
        "network.mark-mask = 0xffffffff         | mark mask 0xffffffff",
        "network.excluded-links = [\"^cali(\"] | announcedInterfacesToExclude): pattern '^cali('",
        "network.excluded-links = [\"a b\"]    | pattern 'a b'",
        "network.routing-tables = 1             | routing tables from 1 on",
        "witnesses = [nowhere]                  | nowhere",
        "witnesses = [\"w:1\", \"w:1\"]          | named twice",
        "witnesses = []                         | --witness HOST:PORT",
        "witnesses = []                         | --embedded-witness",
        "embedded-witness = 5831                | 127.0.0.1:5831 is none of",
        "lease-profile = hasty                  | hasty",
        "control-stale-timeout = 9 s            | control-stale-timeout is 9.0 s: choose 10 s",
        "control-stale-timeout = -1 s           | control-stale-timeout is -1.0 s: choose 10 s",
        "control-stale-timeout = 8 d            | choose 10 s to 7 d",
        "witnesses = [], embedded-witness = 1, controller.seeds = [\"a:1\", \"b:1\"] | several",
        "gateway-failover.enable = false        | enable = false",
        "gateway-failover.eipEvictionTimeout = 9 | eipEvictionTimeout",
      })
  void whatIsWrongIsNamed(String line, String named) {
    assertThatThrownBy(() -> settings("egressgateway { " + line + " }"))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining(named);
  }
}
