package io.egressgateway.load.api.rest;

import java.util.Map;

/**
 * The query parameters of a write.
 *
 * @param persistence {@code dryRun}
 * @param unknownFields {@code fieldValidation}
 * @param fieldManager who writes
 */
record WriteOptions(Persistence persistence, UnknownFields unknownFields, String fieldManager) {

  enum Persistence {
    COMMIT,
    DRY_RUN
  }

  enum UnknownFields {
    PRUNE,
    REFUSE
  }

  static final WriteOptions PLAIN =
      new WriteOptions(Persistence.COMMIT, UnknownFields.PRUNE, "unknown");

  static WriteOptions parse(Map<String, String> query) {
    return new WriteOptions(
        query.containsKey("dryRun") ? Persistence.DRY_RUN : Persistence.COMMIT,
        query.getOrDefault("fieldValidation", "").equals("Strict")
            ? UnknownFields.REFUSE
            : UnknownFields.PRUNE,
        query.getOrDefault("fieldManager", "unknown"));
  }
}
