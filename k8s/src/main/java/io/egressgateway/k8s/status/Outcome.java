package io.egressgateway.k8s.status;

/** What became of a write. */
sealed interface Outcome {

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
