package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializer;
import akka.serialization.Serializers;
import com.typesafe.config.ConfigFactory;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ClusterMessageTest {
  private static final ActorTestKit KIT = ActorTestKit.create("messages", ConfigFactory.load());
  private static final SampleMessages MESSAGES =
      new SampleMessages(
          KIT.<StatusReport>createTestProbe().ref(),
          KIT.<AgentOffer>createTestProbe().ref(),
          KIT.<NumberingEntity.Reply>createTestProbe().ref(),
          KIT.<GatewayEntity.OrderReply>createTestProbe().ref(),
          KIT.<GatewayEntity.Explained>createTestProbe().ref(),
          KIT.<Sluice.Passed>createTestProbe().ref(),
          KIT.<NodeEntity.Traced>createTestProbe().ref(),
          KIT.<KernelAnswer>createTestProbe().ref());

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void everyMessageArrivesAsItWasSent() {
    Serialization serialization = SerializationExtension.get(KIT.system());
    for (ClusterMessage message : MESSAGES.all()) {
      byte[] bytes = serialization.serialize(message).get();
      Serializer serializer = serialization.findSerializerFor(message);

      Object back =
          serialization
              .deserialize(
                  bytes, serializer.identifier(), Serializers.manifestFor(serializer, message))
              .get();

      assertThat(back).isEqualTo(message);
    }
  }

  @Test
  void noKindOfMessageIsLeftOut() {
    assertThat(MESSAGES.all().stream().map(Object::getClass).collect(Collectors.toSet()))
        .isEqualTo(EagerSerializers.types().collect(Collectors.toSet()));
  }
}
