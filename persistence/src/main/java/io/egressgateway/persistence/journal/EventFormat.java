package io.egressgateway.persistence.journal;

/**
 * The names and bytes of one family of events. To change what an event holds, add a version: write
 * the new one, and keep reading the old.
 */
interface EventFormat<E> {

  /** Name and version of the event's bytes as they are written today. */
  String manifest(E event);

  void write(E event, EventWriter out);

  /**
   * The event that {@code in} holds, in any version ever written.
   *
   * @throws CorruptEventException when there is no such manifest or a field is not as written
   */
  E read(EventReader in);
}
