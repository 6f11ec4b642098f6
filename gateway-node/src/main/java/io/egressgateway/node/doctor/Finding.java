package io.egressgateway.node.doctor;

/**
 * One line of an examination.
 *
 * @param feature what was looked for
 * @param remark what it is, or what is lost without it and what to do
 */
public record Finding(String feature, Standing standing, String remark) {

  /** How it stands. */
  public enum Standing {
    HAVE,
    /** The agent works, but less well, or not with everything. */
    LIMITED,
    /** The agent does not work. */
    MISSING
  }

  static Finding have(String feature, String remark) {
    return new Finding(feature, Standing.HAVE, remark);
  }

  static Finding limited(String feature, String remark) {
    return new Finding(feature, Standing.LIMITED, remark);
  }

  static Finding missing(String feature, String remark) {
    return new Finding(feature, Standing.MISSING, remark);
  }
}
