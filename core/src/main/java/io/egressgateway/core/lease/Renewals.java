package io.egressgateway.core.lease;

/** What shall become of a session's renewals, in the words of whoever asks for votes about it. */
public enum Renewals {
  /** The session may go on if it can. */
  ALLOWED,
  /**
   * It gets no promise any more, and no answer. Those that it has run out as ever: this ends
   * nothing.
   */
  DENIED
}
