package io.egressgateway.load.lab.container;

/** A pod asks for something that the lab's runtime does not do. */
final class UnsupportedPodException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  UnsupportedPodException(String message) {
    super("the lab's runtime cannot run this pod: " + message);
  }
}
