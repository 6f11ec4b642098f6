package io.egressgateway.policy.domain;

import io.egressgateway.core.model.EipNumber;
import java.util.Arrays;

/** A range of numbers, each of which stands for one name at a time. */
public enum NumberSpace {
  /** Nodes: the number is added to the tunnel subnet's address, and 65535 would be a broadcast. */
  NODE("node", 65_534),
  /** Egress IPs: the number travels in the tunnel header; the highest stands for none. */
  EIP("eip", EipNumber.MAX - 1);

  private final String key;
  private final int max;

  NumberSpace(String key, int max) {
    this.key = key;
    this.max = max;
  }

  /** The name of the space in the journal. */
  public String key() {
    return key;
  }

  /** The highest number; the lowest is 1. */
  public int max() {
    return max;
  }

  /**
   * @throws IllegalArgumentException when no space has this key
   */
  public static NumberSpace ofKey(String key) {
    return Arrays.stream(values())
        .filter(space -> space.key.equals(key))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no number space is called '" + key + "'"));
  }
}
