package io.egressgateway.k8s.status;

/** What became of a write. */
sealed interface Outcome {

  /** For whoever counts. */
  default StatusWatch.Write kind() {
    return switch (this) {
      case Settled ignored -> StatusWatch.Write.SETTLED;
      case Gone ignored -> StatusWatch.Write.GONE;
      case Failed ignored -> StatusWatch.Write.FAILED;
    };
  }

  /** The API shows what is wanted. */
  record Settled() implements Outcome {}

  /** There is no such object (any more): there is nothing to write until it is told of anew. */
  record Gone() implements Outcome {}

  /**
   * The API does not show what is wanted.
   *
   * @param reason the API's own words
   */
  record Failed(String reason) implements Outcome {}
}
