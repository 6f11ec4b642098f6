package io.egressgateway.core.link;

import io.grpc.Status;

/** Why a call over gRPC failed, in words for a log. */
public final class CallFailure {
  private CallFailure() {}

  /**
   * The code, and the innermost cause on one line: gRPC's own text may hold a whole stack trace.
   */
  public static String reason(Throwable failure) {
    Status status = Status.fromThrowable(failure);
    String text = String.valueOf(status.getDescription());
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      text = String.valueOf(cause.getMessage());
    }
    return status.getCode() + ": " + text.lines().findFirst().orElse("");
  }
}
