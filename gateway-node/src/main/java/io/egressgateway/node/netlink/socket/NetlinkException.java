package io.egressgateway.node.netlink.socket;

import io.egressgateway.node.netlink.wire.Acknowledgement;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The kernel refused something. The message names the operation, the error and, where the kernel
 * gave them, its own words and the offset of what it disliked.
 */
public sealed class NetlinkException extends RuntimeException
    permits TransactionRejected, DumpInterrupted {
  private static final long serialVersionUID = 1L;

  private final String operation;
  private final transient Acknowledgement answer;

  /** A refusal that came as an answer. */
  NetlinkException(String operation, Acknowledgement answer) {
    super(describe(operation, answer));
    this.operation = operation;
    this.answer = answer;
  }

  /** A system call that failed. */
  NetlinkException(String operation, int errno) {
    this(operation, new Acknowledgement(errno, Optional.empty(), OptionalInt.empty()));
  }

  private static String describe(String operation, Acknowledgement answer) {
    StringBuilder text = new StringBuilder(operation);
    text.append(": ").append(Errno.describe(answer.errno()));
    answer.text().ifPresent(words -> text.append(": ").append(words));
    answer.offset().ifPresent(offset -> text.append(" (at byte ").append(offset).append(')'));
    return text.toString();
  }

  /** What was tried. */
  public String operation() {
    return operation;
  }

  /** The error number, to compare with {@link Errno}. */
  public int errno() {
    return answer.errno();
  }

  /** The kernel's own words. */
  public Optional<String> extAck() {
    return answer.text();
  }

  /** Where in the request the kernel found the fault, in bytes from its start. */
  public OptionalInt offset() {
    return answer.offset();
  }

  Acknowledgement answer() {
    return answer;
  }
}
