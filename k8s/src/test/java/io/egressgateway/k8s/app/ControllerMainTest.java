package io.egressgateway.k8s.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ControllerMainTest {

  private static Map<String, Object> flags(String... arguments) {
    ControllerMain main = new ControllerMain();
    ControllerMain.commandLine(main).parseArgs(arguments);
    return main.flags();
  }

  @Test
  void withoutFlagsTheConfigurationDecides() {
    assertThat(flags()).isEmpty();
  }

  @Test
  void everyFlagHasItsKey() {
    assertThat(
            flags(
                "--bind-host=10.0.0.1",
                "--artery-port=1",
                "--management-port=2",
                "--agent-port=3",
                "--monitor-host=0.0.0.0",
                "--monitor-port=4",
                "--seed=10.0.0.1:1",
                "--seed=10.0.0.2:1",
                "--kubeconfig=/k",
                "--database-url=jdbc:postgresql://db/e",
                "--database-user=me",
                "--database-password-file=/p",
                "--data-dir=/d",
                "--tls-dir=/t",
                "--cluster-cidr=10.96.0.0/12",
                "--cluster-cidr=10.1.2.3",
                "--tunnel-ipv4-subnet=192.168.0.0/24",
                "--tunnel-ipv6-subnet=fd11::/112",
                "--witness=w1:1",
                "--witness=w2:1",
                "--embedded-witness=4",
                "--lease-profile=fast",
                "--control-stale-timeout=60"))
        .isEqualTo(
            Map.ofEntries(
                Map.entry("egressgateway.controller.bind-host", "10.0.0.1"),
                Map.entry("egressgateway.controller.artery-port", 1),
                Map.entry("egressgateway.controller.management-port", 2),
                Map.entry("egressgateway.controller.agent-port", 3),
                Map.entry("egressgateway.controller.monitor-host", "0.0.0.0"),
                Map.entry("egressgateway.controller.monitor-port", 4),
                Map.entry("egressgateway.controller.seeds", List.of("10.0.0.1:1", "10.0.0.2:1")),
                Map.entry("egressgateway.controller.kubeconfig", "/k"),
                Map.entry("egressgateway.controller.data-dir", "/d"),
                Map.entry("egressgateway.controller.tls-dir", "/t"),
                Map.entry("egressgateway.database.url", "jdbc:postgresql://db/e"),
                Map.entry("egressgateway.database.user", "me"),
                Map.entry("egressgateway.database.password-file", "/p"),
                Map.entry(
                    "egressgateway.network.cluster-cidrs", List.of("10.96.0.0/12", "10.1.2.3/32")),
                Map.entry("egressgateway.network.tunnel.ipv4-subnet", "192.168.0.0/24"),
                Map.entry("egressgateway.network.tunnel.ipv6-subnet", "fd11::/112"),
                Map.entry("egressgateway.witnesses", List.of("w1:1", "w2:1")),
                Map.entry("egressgateway.embedded-witness", 4),
                Map.entry("egressgateway.lease-profile", "fast"),
                Map.entry("egressgateway.control-stale-timeout", "60 s")));
  }

  @ParameterizedTest
  @CsvSource({
    "--agent-port=65536, 65536",
    "--agent-port=x, x",
    "--seed=nowhere, nowhere",
    "--witness=nowhere, nowhere",
    "--lease-profile=hasty, hasty",
    "--control-stale-timeout=soon, soon",
    "--cluster-cidr=10.0.0.0/33, 10.0.0.0/33",
    "--log-level=loud, loud",
    "--unknown, --unknown",
  })
  void wrongUsageIsExitCodeTwo(String argument, String named) {
    StringWriter complaint = new StringWriter();
    CommandLine command =
        ControllerMain.commandLine(new ControllerMain()).setErr(new PrintWriter(complaint));

    assertThat(command.execute(argument)).isEqualTo(2);
    assertThat(complaint.toString()).contains(named);
  }

  @Test
  void aStartThatFailsIsExitCodeOne() {
    assertThat(
            ControllerMain.commandLine(new ControllerMain())
                .execute("--config=/nowhere/controller.conf"))
        .isEqualTo(1);
  }
}
