package io.egressgateway.node.fence;

import io.egressgateway.core.lease.Gates;
import io.egressgateway.node.kernel.KernelFault;
import java.util.Set;

/**
 * The gates of a node's egress IPs. A gate is closed unless it was opened here and the lease that
 * opened it still runs; the kernel closes it by itself at the deadline, also when this process
 * hangs, is stopped or gone. Gates that are held stay open until a later write, or until another
 * process puts up the fence anew.
 *
 * <p>For the lease thread only, {@link #abilities}, {@link #restored} and {@link #portIds}
 * excepted. All methods block for a netlink round trip: tens of microseconds, longer while another
 * program commits a large nf_tables transaction.
 */
public interface Fence extends AutoCloseable {

  /** What became of a write. */
  enum Outcome {
    /** The kernel has it. */
    WRITTEN,
    /** The deadline had passed before the kernel had it: what needs a lease is closed instead. */
    CLOSED_LATE,
    /** A later version was written before; nothing was done (R11). */
    STALE
  }

  /** What this kernel offers, found out when the fence was put up. */
  FenceAbilities abilities();

  /**
   * Puts a closed gate before these addresses; must be done before any of them is put on a link.
   * Gates that are there stay as they are. From then on each address is answered for on its link
   * and on no other; one that is not named, on none.
   *
   * @throws KernelFault if the kernel refuses; then no address of these may be taken
   */
  void gate(Places places) throws KernelFault;

  /**
   * Opens exactly these gates until the deadline; what closes does so in the same moment. The
   * time-out that the kernel gets is counted from the clock just before it is sent (R12).
   *
   * @throws KernelFault if the kernel refuses; then the gates are as before, and still close at the
   *     deadline that was written last
   */
  Outcome write(Gates gates) throws KernelFault;

  /** How often the fence was found damaged by somebody else and was put up anew. */
  long restored();

  /** The netlink port ids by which a monitor knows the fence's own changes. */
  Set<Integer> portIds();

  /**
   * Closes all gates that need a lease if the kernel still listens, and lets go of it. The gates
   * stay.
   */
  @Override
  void close();
}
