package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.policy.link.AgentLinkSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private static final TlsFiles TLS = new TlsFiles(Path.of("ca"), Path.of("crt"), Path.of("key"));

  @Test
  void everythingHasADefault() {
    Config defaults = ConfigFactory.load();

    assertThat(PolicyEngineSettings.from(defaults))
        .isEqualTo(
            new PolicyEngineSettings(
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofMillis(4),
                Duration.ofMillis(50),
                Duration.ofSeconds(15),
                Duration.ofSeconds(15)));
    assertThat(AgentLinkSettings.from(defaults, TLS))
        .isEqualTo(
            new AgentLinkSettings(
                "0.0.0.0",
                5823,
                TLS,
                new AgentLinkSettings.Limits(
                    1 << 20,
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(5))));
  }

  @Test
  void everyKeyArrives() {
    Config changed =
        ConfigFactory.parseString(
            """
            egressgateway.policy-engine {
              retry-interval = 11s
              subscription-interval = 12s
              coalesce-delay = 13s
              report-delay = 14s
              answer-patience = 15s
              agent-grace = 16s
            }
            egressgateway.agent-link {
              host = "127.0.0.1"
              port = 17
              inbound-message-max = 18
              attach-interval = 19s
              keep-alive = 20s
              keep-alive-timeout = 21s
            }
            """);

    assertThat(PolicyEngineSettings.from(changed))
        .isEqualTo(
            new PolicyEngineSettings(
                Duration.ofSeconds(11),
                Duration.ofSeconds(12),
                Duration.ofSeconds(13),
                Duration.ofSeconds(14),
                Duration.ofSeconds(15),
                Duration.ofSeconds(16)));
    assertThat(AgentLinkSettings.from(changed, TLS))
        .isEqualTo(
            new AgentLinkSettings(
                "127.0.0.1",
                17,
                TLS,
                new AgentLinkSettings.Limits(
                    18, Duration.ofSeconds(19), Duration.ofSeconds(20), Duration.ofSeconds(21))));
  }

  @Test
  void theClusterNeverLogsItsConfigurationAndNeverDeserializesJava() {
    Config cluster = PolicyEngine.clusterConfig();

    assertThat(cluster.getString("akka.log-config-on-start")).isEqualTo("off");
    assertThat(cluster.getString("akka.actor.allow-java-serialization")).isEqualTo("off");
    assertThat(cluster.getInt("akka.cluster.min-nr-of-members")).isEqualTo(1);
  }
}
