package io.egressgateway.core.link;

/**
 * What the other end of the link sent cannot be read. The stream it came on must be ended: a peer
 * that sends such a message is broken or hostile, and nothing of the message was taken up.
 */
public final class MalformedLinkMessage extends Exception {
  private static final long serialVersionUID = 1;

  private final String field;

  /**
   * A message that is wrong in one field.
   *
   * @param field path from the message's root, for example {@code peers[3].mac}
   * @param reason what is wrong with it
   */
  public MalformedLinkMessage(String field, String reason) {
    super(field + ": " + reason);
    this.field = field;
  }

  /** Path of the field from the message's root, for example {@code peers[3].mac}. */
  public String field() {
    return field;
  }
}
