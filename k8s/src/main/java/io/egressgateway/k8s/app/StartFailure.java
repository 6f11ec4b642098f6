package io.egressgateway.k8s.app;

/**
 * The controller cannot start. The message names what is wrong and what to do, and is for people:
 * it is printed without a stack trace.
 */
final class StartFailure extends Exception {
  private static final long serialVersionUID = 1L;

  StartFailure(String message) {
    super(message);
  }

  StartFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
