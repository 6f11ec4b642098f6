package io.egressgateway.k8s.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControllerConfigTest {

  private static Config akka(String text) throws StartFailure {
    Config operator =
        ConfigFactory.parseString("egressgateway.witnesses = [\"w:1\"]")
            .withFallback(ConfigFactory.parseString(text));
    return ControllerConfig.akka(
        operator, ControllerSettings.from(ControllerConfig.complete(operator)));
  }

  @Test
  void nothingDangerousIsOn() throws StartFailure {
    Config config = akka("");

    // CVE-2023-45865: the logged configuration would hold the environment, secrets included.
    assertThat(config.getString("akka.log-config-on-start")).isEqualTo("off");
    assertThat(config.getString("akka.actor.allow-java-serialization")).isEqualTo("off");
    assertThat(config.getBoolean("akka.management.http.route-providers-read-only")).isTrue();
    assertThat(config.getString("akka.management.http.hostname")).isEqualTo("127.0.0.1");
  }

  @Test
  void theProcessEndsWithItsActorSystem() throws StartFailure {
    assertThat(akka("").getString("akka.coordinated-shutdown.exit-jvm")).isEqualTo("on");
  }

  @Test
  void thereIsAWayOutOfASplit() throws StartFailure {
    assertThat(akka("").getString("akka.cluster.downing-provider-class"))
        .isEqualTo("akka.cluster.sbr.SplitBrainResolverProvider");
  }

  /** Akka 2.8.5 overflows its stack from some 450 stashed messages on (akka/akka#29933). */
  @Test
  void stashesStaySmall() throws StartFailure {
    assertThat(akka("").getInt("akka.persistence.typed.stash-capacity")).isEqualTo(256);
  }

  @Test
  void settingsReachAkka() throws StartFailure {
    Config config =
        akka(
            """
            egressgateway.controller {
              bind-host = 10.0.0.1, artery-port = 1, management-port = 2, agent-port = 3
              seeds = ["10.0.0.1:1", "10.0.0.2:1"]
            }
            """);

    assertThat(config.getString("akka.remote.artery.canonical.hostname")).isEqualTo("10.0.0.1");
    assertThat(config.getInt("akka.remote.artery.canonical.port")).isEqualTo(1);
    assertThat(config.getInt("akka.management.http.port")).isEqualTo(2);
    assertThat(config.getString("egressgateway.agent-link.host")).isEqualTo("10.0.0.1");
    assertThat(config.getInt("egressgateway.agent-link.port")).isEqualTo(3);
    // The process joins by itself when it has started.
    assertThat(config.getStringList("akka.cluster.seed-nodes")).isEmpty();
  }

  @Test
  void theOperatorWinsOverWhatWeThinkAkkaNeeds() throws StartFailure {
    Config config =
        akka(
            """
            akka.cluster.split-brain-resolver.stable-after = 9s
            akka-persistence-jdbc.shared-databases.slick.db.maxConnections = 3
            """);

    assertThat(config.getDuration("akka.cluster.split-brain-resolver.stable-after")).hasSeconds(9);
    assertThat(config.getInt("akka-persistence-jdbc.shared-databases.slick.db.maxConnections"))
        .isEqualTo(3);
  }

  @Test
  void aFlagWinsOverTheFile(@TempDir Path folder) throws StartFailure, IOException {
    Path file =
        Files.writeString(
            folder.resolve("controller.conf"),
            "egressgateway { controller { artery-port = 1, agent-port = 2 }, witnesses = [\"w:1\"]"
                + " }");

    Config operator =
        ControllerConfig.operator(
            Map.of("egressgateway.controller.artery-port", 7), Optional.of(file));

    assertThat(ControllerSettings.from(ControllerConfig.complete(operator)).listening())
        .isEqualTo(
            new ControllerSettings.Listening(
                "127.0.0.1", 7, 8558, 2, new ControllerSettings.Monitor("127.0.0.1", 5821)));
  }

  @Test
  void aFileThatIsMissingIsNamed(@TempDir Path folder) {
    Path missing = folder.resolve("missing.conf");

    assertThatThrownBy(() -> ControllerConfig.operator(Map.of(), Optional.of(missing)))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining(missing.toString())
        .hasMessageContaining("--config");
  }

  @Test
  void aFileThatIsMalformedIsNamed(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("bad.conf"), "egressgateway {");

    assertThatThrownBy(() -> ControllerConfig.operator(Map.of(), Optional.of(file)))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining(file.toString());
  }
}
