package io.egressgateway.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializer;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;

class JournalConfigurationTest {
  private final Config defaults = ConfigFactory.load();

  @Test
  void javaSerializationAndTheLoggedConfigurationAreOff() {
    assertThat(defaults.getBoolean("akka.actor.allow-java-serialization")).isFalse();
    assertThat(defaults.getBoolean("akka.log-config-on-start")).isFalse();
  }

  @Test
  void everyEventGoesThroughTheJournalSerializer() {
    ActorTestKit kit = ActorTestKit.create("journal-configuration", defaults);
    try {
      Serialization serialization = SerializationExtension.get(kit.system());
      for (Object event : SampleEvents.all().values()) {
        Serializer serializer = serialization.findSerializerFor(event);
        assertThat(serializer).isInstanceOf(JournalSerializer.class);
        assertThat(
                serialization
                    .deserialize(
                        serialization.serialize(event).get(),
                        serializer.identifier(),
                        ((JournalSerializer) serializer).manifest(event))
                    .get())
            .isEqualTo(event);
      }
    } finally {
      kit.shutdownTestKit();
    }
  }
}
