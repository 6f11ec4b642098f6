package io.egressgateway.node.fence;

/** What a kernel may or may not have. Each was tried, not guessed from a version. */
public enum FenceMechanism {
  /** Only our socket may change the tables. */
  TABLE_OWNER(
      "other programs can remove the fence; it is verified at each renewal and restored, and the"
          + " lifetime of the addresses stands in meanwhile. Linux 5.12 has it"),
  /** The tables outlive this process and can be adopted by the next one. */
  TABLE_PERSIST(
      "tables with an owner would vanish with this process, so they have none. Linux 6.9 has it"),
  /**
   * A chain sees every frame that leaves by a link that answers, also those sent by packet sockets.
   */
  EGRESS_HOOK(
      "frames that do not pass the IP layer are not seen: announcements of this process itself and"
          + " flows that a flow table forwards. Linux 5.16 with CONFIG_NETFILTER_EGRESS has it"),
  /** Elements live for milliseconds, not seconds. */
  TIMEOUT_MILLIS("gates close later than the lease ends; use the conservative profile"),
  /** The kernel removes the addresses themselves some time after the lease. */
  ADDRESS_LIFETIME("nothing stands behind the fence if somebody removes it"),
  /** Addresses keep the number of whoever made them. */
  ADDRESS_PROTOCOL(
      "egress IPs are known by what they look like: /32 or /128 without a prefix route, not"
          + " preferred; do not put such addresses on links of this node. Linux 5.18 has it");

  private final String without;

  FenceMechanism(String without) {
    this.without = without;
  }

  /** What it means that a kernel has it not. */
  public String without() {
    return without;
  }
}
