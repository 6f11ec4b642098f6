package io.egressgateway.persistence.testing;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import io.egressgateway.core.event.NumberingEvent;
import io.egressgateway.persistence.store.Database;
import io.egressgateway.persistence.store.DatabaseException;
import io.egressgateway.persistence.store.DatabaseSettings;
import io.egressgateway.persistence.store.Schema;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** A process that writes to an embedded journal without end, and says so after each event. */
public final class JournalWriter {
  /** The entity that it writes. */
  public static final String PERSISTENCE_ID = "log|killed";

  /** Start of each line that it prints; the number of events in the journal follows. */
  public static final String ACKNOWLEDGED = "acknowledged ";

  private JournalWriter() {}

  /** A new process that writes to the journal in this directory; its errors are this process's. */
  public static Process fork(Path directory) throws IOException {
    String java = Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path", ""));
    return new ProcessBuilder(
            java, "-Xmx256m", "-cp", classPath, JournalWriter.class.getName(), directory.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Arguments: the directory of the journal. */
  public static void main(String[] arguments) throws DatabaseException {
    DatabaseSettings settings = new DatabaseSettings.EmbeddedH2(Path.of(arguments[0]));
    Schema.prepare(settings);
    ActorSystem.create(
        writer(), "writer", Database.config(settings).withFallback(ConfigFactory.load()));
  }

  private static Behavior<List<Object>> writer() {
    return Behaviors.setup(
        context -> {
          ActorRef<EventLog.Command> log = context.spawn(EventLog.create(PERSISTENCE_ID), "log");
          log.tell(append(0, context.getSelf()));
          return Behaviors.receiveMessage(
              events -> {
                System.out.println(ACKNOWLEDGED + events.size());
                log.tell(append(events.size(), context.getSelf()));
                return Behaviors.same();
              });
        });
  }

  private static EventLog.Append append(int number, ActorRef<List<Object>> replyTo) {
    return new EventLog.Append(
        new NumberingEvent.NumberAssigned("name", number, Instant.EPOCH), replyTo);
  }
}
