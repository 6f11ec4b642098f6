package io.egressgateway.policy.entity;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.serialization.SerializationExtension;
import akka.serialization.jackson.JacksonObjectMapperProvider;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares what writes and reads the messages between controllers before they are needed. Jackson
 * takes a type apart when it meets it first, and most of those of a failover are met in the first
 * failover: on a small machine that took as long as the failover itself.
 */
final class EagerSerializers {
  /** A controller that starts has more urgent things to do, with many objects for some 15 s. */
  private static final Duration AFTER_START = Duration.ofSeconds(20);

  /** After each type, so that it takes a processor no more than half. */
  private static final Duration REST = Duration.ofMillis(20);

  private static final String BINDING = "egressgateway-cbor";

  private static final List<Class<? extends ClusterMessage>> ROOTS =
      List.of(
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
          WatcherMessage.class);

  private static final Logger LOG = LoggerFactory.getLogger(EagerSerializers.class);

  private EagerSerializers() {}

  /**
   * Prepares them a while after this call, on a thread for blocking work.
   *
   * @param nanoClock says in the log how long it took
   */
  static void prepareSoon(ActorSystem<?> system, LongSupplier nanoClock) {
    system
        .scheduler()
        .scheduleOnce(
            AFTER_START,
            () -> prepare(system, nanoClock),
            system.dispatchers().lookup(DispatcherSelector.blocking()));
  }

  private static void prepare(ActorSystem<?> system, LongSupplier nanoClock) {
    long began = nanoClock.getAsLong();
    ObjectMapper mapper = mapper(system);
    List<Class<?>> types = types().toList();
    for (Class<?> type : types) {
      // Both fetch at once what they need, and keep it in the mapper.
      mapper.writerFor(type);
      mapper.readerFor(type);
      LockSupport.parkNanos(REST.toNanos());
    }
    LOG.info(
        "serializers prepared types={} tookMs={}",
        types.size(),
        Duration.ofNanos(nanoClock.getAsLong() - began).toMillis());
  }

  /** The one that Akka's serializer uses, which is made with the extension. */
  private static ObjectMapper mapper(ActorSystem<?> system) {
    SerializationExtension.get(system);
    return JacksonObjectMapperProvider.get(system).getOrCreate(BINDING, Optional.empty());
  }

  /** The types that are prepared. */
  static Stream<Class<?>> types() {
    return ROOTS.stream().flatMap(EagerSerializers::leaves);
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Stream.of(type.getPermittedSubclasses()).flatMap(EagerSerializers::leaves)
        : Stream.of(type);
  }
}
