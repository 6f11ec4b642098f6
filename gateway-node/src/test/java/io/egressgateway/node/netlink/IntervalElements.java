package io.egressgateway.node.netlink;

import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpRange;
import io.egressgateway.node.netlink.wire.nft.NftValue;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The elements of plain interval sets. Each range is two elements: its first key, and the first key
 * behind it with {@code INTERVAL_END}; a range up to the highest key has no second one. The kernel
 * refuses ranges that overlap, which a {@link CidrSet}'s cannot.
 */
public final class IntervalElements {
  private IntervalElements() {}

  /**
   * The addresses of a set.
   *
   * @param blocks of one family
   */
  public static List<SetElement> of(CidrSet blocks) {
    List<SetElement> elements = new ArrayList<>();
    for (IpRange range : blocks.ranges()) {
      elements.add(SetElement.of(NftValue.address(range.first())));
      Optional<IpAddress> behind = range.last().next();
      behind.ifPresent(address -> elements.add(SetElement.intervalEnd(NftValue.address(address))));
    }
    return List.copyOf(elements);
  }
}
