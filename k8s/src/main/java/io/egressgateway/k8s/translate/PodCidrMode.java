package io.egressgateway.k8s.translate;

import java.util.Optional;
import java.util.stream.Stream;

/** Where the addresses of pods are found out from. */
public enum PodCidrMode {
  /** {@link #CALICO} if there are pools, {@link #KUBERNETES} otherwise. */
  AUTO("auto"),
  /** Calico's IPPools. */
  CALICO("calico"),
  /** The blocks that Kubernetes gives to nodes. */
  KUBERNETES("k8s"),
  /** Nowhere. */
  NONE("");

  private final String text;

  PodCidrMode(String text) {
    this.text = text;
  }

  static Optional<PodCidrMode> parse(String text) {
    return Stream.of(values()).filter(mode -> mode.text.equals(text)).findFirst();
  }

  /** As in the API. */
  @Override
  public String toString() {
    return text;
  }
}
