package io.egressgateway.persistence.journal;

/**
 * A journal row does not hold the event that its manifest names. The entity that the row belongs to
 * cannot recover and stops; no other entity is touched. Akka's report of the failed recovery names
 * the entity's persistence id and the row's sequence number.
 */
public final class CorruptEventException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String manifest;
  private final String field;

  CorruptEventException(String manifest, String field, String reason) {
    super(
        "journal row with manifest '%s' is corrupt in field '%s': %s; restore the row from a backup"
            .formatted(manifest, field, reason));
    this.manifest = manifest;
    this.field = field;
  }

  /** The name and version that the row claims, for example {@code eip.assigned.v1}. */
  public String manifest() {
    return manifest;
  }

  /** Path of the wrong field from the event's root, {@code $} for the event as a whole. */
  public String field() {
    return field;
  }
}
