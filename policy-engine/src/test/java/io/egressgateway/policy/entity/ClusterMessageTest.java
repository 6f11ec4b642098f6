package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializer;
import akka.serialization.Serializers;
import com.typesafe.config.ConfigFactory;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    Set<Class<?>> kinds =
        Stream.of(
                PolicyEntity.Command.class,
                GatewayEntity.Command.class,
                GatewayEntity.OrderReply.class,
                GatewayEntity.Explained.class,
                EipEntity.Command.class,
                NodeEntity.Command.class,
                NodeEntity.Traced.class,
                KernelAnswer.class,
                NumberingEntity.Command.class,
                NumberingEntity.Reply.class,
                AgentOffer.class,
                StatusReport.class,
                WatcherMessage.class)
            .flatMap(ClusterMessageTest::kinds)
            .collect(Collectors.toSet());

    assertThat(MESSAGES.all().stream().map(Object::getClass).collect(Collectors.toSet()))
        .isEqualTo(kinds);
  }

  private static Stream<Class<?>> kinds(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(ClusterMessageTest::kinds)
        : Stream.of(type);
  }
}
