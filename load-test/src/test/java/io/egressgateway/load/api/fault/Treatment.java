package io.egressgateway.load.api.fault;

import java.time.Duration;

/** What is done to a call. */
sealed interface Treatment {

  /** The API does what is asked at once, and says so late. */
  record Late(Duration delay) implements Treatment {}

  /**
   * The API is not asked.
   *
   * @param retryAfterSeconds what the client is told to wait; 0 if it is told nothing
   */
  record Refused(int code, String reason, int retryAfterSeconds) implements Treatment {
    static Refused tooManyRequests(int retryAfterSeconds) {
      return new Refused(429, "TooManyRequests", retryAfterSeconds);
    }

    static Refused unavailable() {
      return new Refused(503, "ServiceUnavailable", 0);
    }

    static Refused conflict() {
      return new Refused(409, "Conflict", 0);
    }

    static Refused notFound() {
      return new Refused(404, "NotFound", 0);
    }

    static Refused expired() {
      return new Refused(410, "Expired", 0);
    }
  }

  /** Of a list only the first items are there, and nothing says that there were more. */
  record Shortened(int items) implements Treatment {}
}
