package io.egressgateway.node.fence;

import io.egressgateway.node.kernel.AddressMark;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The mechanisms that this kernel has.
 *
 * @param present immutable
 */
public record FenceAbilities(SortedSet<FenceMechanism> present) {
  public FenceAbilities {
    present = Collections.unmodifiableSortedSet(new TreeSet<>(present));
  }

  /** Whether it has this one. */
  public boolean has(FenceMechanism mechanism) {
    return present.contains(mechanism);
  }

  /**
   * Whether the tables belong to our socket alone. Without persistence they have no owner: they
   * would vanish, and with them every gate, when the process ends.
   */
  public boolean isOwned() {
    return has(FenceMechanism.TABLE_OWNER) && has(FenceMechanism.TABLE_PERSIST);
  }

  /** By what egress IPs are known. */
  AddressMark addressMark() {
    return has(FenceMechanism.ADDRESS_PROTOCOL) ? AddressMark.PROTOCOL : AddressMark.FORM;
  }

  /** One sentence for each mechanism that is missing, in their order. */
  public List<String> shortcomings() {
    return EnumSet.complementOf(copy()).stream()
        .map(missing -> missing + " is missing: " + missing.without())
        .toList();
  }

  private EnumSet<FenceMechanism> copy() {
    EnumSet<FenceMechanism> copy = EnumSet.noneOf(FenceMechanism.class);
    copy.addAll(present);
    return copy;
  }
}
