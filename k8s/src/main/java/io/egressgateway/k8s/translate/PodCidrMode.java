package io.egressgateway.k8s.translate;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Where the addresses of pods are found out from. */
public enum PodCidrMode {
  /**
   * Every network that says which are its own; {@link #KUBERNETES}, too, unless Calico, Cilium or
   * Weave Net is among them, which may have nothing to do with the nodes' blocks.
   */
  AUTO("auto"),
  /** Calico's IPPools. */
  CALICO("calico"),
  /** What Cilium has given to nodes. */
  CILIUM("cilium"),
  /** The blocks that Kubernetes gives to nodes, as Flannel and many others use them. */
  KUBERNETES("k8s"),
  /** Spiderpool's pools, in general of a second interface. */
  SPIDERPOOL("spiderpool"),
  /** The range that Weave Net was started with. */
  WEAVE("weave"),
  /** Nowhere. */
  NONE("");

  private static final Set<PodCidrMode> PRIMARY =
      Collections.unmodifiableSet(EnumSet.of(CALICO, CILIUM, WEAVE));

  private final String text;

  PodCidrMode(String text) {
    this.text = text;
  }

  static Optional<PodCidrMode> parse(String text) {
    return Stream.of(values()).filter(mode -> mode.text.equals(text)).findFirst();
  }

  /** Whether it hands out the addresses of the pods' first interface, in place of Kubernetes. */
  boolean isPrimary() {
    return PRIMARY.contains(this);
  }

  /** As in the API. */
  @Override
  public String toString() {
    return text;
  }
}
