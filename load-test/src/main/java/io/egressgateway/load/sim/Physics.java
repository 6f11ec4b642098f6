package io.egressgateway.load.sim;

/**
 * What the world is made of.
 *
 * @param fence how kernels end a lease
 * @param journal how writes that compete are told apart
 * @param succession how firmly the next holder of a planned move stands
 */
record Physics(Fence fence, Journal journal, Succession succession, Clocks clocks) {

  /**
   * How wrong clocks may be, and what is done about it.
   *
   * @param drift of each machine's own clock: 0.001 is 0.1 %
   * @param steering of the kernel's timers against that clock, which time servers may bring about
   * @param kernelShare of the time that is left, what the kernel is told (R12)
   */
  record Clocks(double drift, double steering, double kernelShare) {}

  /** How a kernel's gates close. */
  enum Fence {
    /**
     * A time-out relative to the write. The write is checked after its acknowledgement, and done
     * again if it was late: gates of a lease that is over are open until that check.
     */
    RECHECKED_TIMEOUT,
    /**
     * As above, but the kernel takes a write only for a short time after the time-out was computed:
     * it has to remove an element that has a time-out of its own, written before. This is the
     * product's.
     */
    TICKETED_TIMEOUT,
    /** Only the process itself closes gates. */
    PROCESS_ONLY
  }

  /** How the journal takes writes. */
  enum Journal {
    COMPARE_AND_SET,
    LAST_WRITER_WINS,
    /** As the first, but it does not know which addresses are held without a lease. */
    FORGETS_WHAT_IS_HELD
  }

  /** The product's, with clocks as wrong as is assumed at most. */
  static Physics real() {
    return new Physics(
        Fence.TICKETED_TIMEOUT,
        Journal.COMPARE_AND_SET,
        Succession.FIRM,
        new Clocks(0.001, 0.08, 0.9));
  }

  Physics with(Fence other) {
    return new Physics(other, journal, succession, clocks);
  }

  Physics with(Journal other) {
    return new Physics(fence, other, succession, clocks);
  }

  Physics with(Succession other) {
    return new Physics(fence, journal, other, clocks);
  }

  Physics with(Clocks other) {
    return new Physics(fence, journal, succession, other);
  }
}
