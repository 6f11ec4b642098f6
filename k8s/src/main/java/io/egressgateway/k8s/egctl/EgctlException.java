package io.egressgateway.k8s.egctl;

/** What was asked for cannot be done. The message says why and what to do, and is for people. */
final class EgctlException extends Exception {
  private static final long serialVersionUID = 1L;

  EgctlException(String message) {
    super(message);
  }
}
