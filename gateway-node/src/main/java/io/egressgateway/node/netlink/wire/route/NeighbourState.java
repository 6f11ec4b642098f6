package io.egressgateway.node.netlink.wire.route;

/**
 * NUD_… of linux/neighbour.h: what the kernel believes about a neighbour. A neighbour is in exactly
 * one state.
 */
public enum NeighbourState {
  NONE(NeighbourConstants.NUD_NONE),
  INCOMPLETE(NeighbourConstants.NUD_INCOMPLETE),
  REACHABLE(NeighbourConstants.NUD_REACHABLE),
  STALE(NeighbourConstants.NUD_STALE),
  DELAY(NeighbourConstants.NUD_DELAY),
  PROBE(NeighbourConstants.NUD_PROBE),
  FAILED(NeighbourConstants.NUD_FAILED),
  /** The device needs no resolution. */
  NOARP(NeighbourConstants.NUD_NOARP),
  /** Kept until deleted, never probed. */
  PERMANENT(NeighbourConstants.NUD_PERMANENT);

  private final int bits;

  NeighbourState(int bits) {
    this.bits = bits;
  }

  /** The value in ndm_state. */
  public int bits() {
    return bits;
  }
}
