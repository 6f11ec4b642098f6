package io.egressgateway.node.kernel;

/**
 * The names by which kernel objects are known to be ours, whatever {@link
 * io.egressgateway.core.plan.KernelNumbers} they have: those may change.
 */
public final class Marks {
  /** Protocol number of our routes (RTPROT), routing rules and addresses (IFA_PROTO). */
  public static final int PROTOCOL = 69;

  /** The alias (IFLA_IFALIAS) of the tunnel device. */
  public static final String LINK_ALIAS = "egressgateway";

  /** Our one nf_tables table, of family inet. */
  public static final String TABLE = "egressgateway";

  private Marks() {}

  static String hex(int mark) {
    return String.format("0x%08x", mark);
  }
}
