package io.egressgateway.k8s.inspect;

import akka.actor.setup.Setup;
import io.egressgateway.persistence.store.DatabaseSettings;
import java.util.concurrent.Executor;

/** What {@link InspectionRoutes} need; akka-management makes them by their name. */
public final class InspectionSetup extends Setup {
  private final DatabaseSettings database;
  private final Executor blocking;

  private InspectionSetup(DatabaseSettings database, Executor blocking) {
    this.database = database;
    this.blocking = blocking;
  }

  /**
   * To be given to the actor system.
   *
   * @param blocking runs what waits for the database
   */
  public static InspectionSetup of(DatabaseSettings database, Executor blocking) {
    return new InspectionSetup(database, blocking);
  }

  DatabaseSettings database() {
    return database;
  }

  Executor blocking() {
    return blocking;
  }
}
