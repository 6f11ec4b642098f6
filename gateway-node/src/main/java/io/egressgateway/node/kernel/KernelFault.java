package io.egressgateway.node.kernel;

/** The kernel refused something. The refused step has changed nothing. */
public final class KernelFault extends Exception {
  private static final long serialVersionUID = 1;

  private final String operation;
  private final String subject;

  /**
   * @param operation what was tried, as {@code put}
   * @param subject the object it was tried on
   * @param reason the kernel's words
   */
  public KernelFault(String operation, String subject, String reason) {
    super(reason);
    this.operation = operation;
    this.subject = subject;
  }

  public String operation() {
    return operation;
  }

  public String subject() {
    return subject;
  }

  public String reason() {
    return String.valueOf(getMessage());
  }
}
