package io.egressgateway.node.lease;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.node.fence.Fence;
import io.egressgateway.node.fence.Places;
import io.egressgateway.node.kernel.KernelFault;
import java.util.Optional;
import java.util.SortedSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the fence where addresses are, when it does not know. For the lease's thread only. */
final class PlacedGates {
  private static final Logger LOG = LoggerFactory.getLogger(PlacedGates.class);

  private final Fence fence;
  private Optional<Places> told = Optional.empty();

  PlacedGates(Fence fence) {
    this.fence = fence;
  }

  /**
   * Before the kernel gets these addresses.
   *
   * @param fresh of them those that have no gate yet
   */
  void expect(Places places, SortedSet<IpAddress> fresh) throws KernelFault {
    if (!fresh.isEmpty() || isElsewhere(places)) {
      fence.gate(places);
      told = Optional.of(places);
    }
  }

  /** The kernel has the addresses on these links already: until the fence knows, none answers. */
  void follow(Places places) {
    if (!isElsewhere(places)) {
      return;
    }
    try {
      fence.gate(places);
      told = Optional.of(places);
    } catch (KernelFault refused) {
      LOG.warn(
          "egress IPs are not answered for on their new links subject=\"{}\" reason=\"{}\"",
          refused.subject(),
          refused.reason());
    }
  }

  private boolean isElsewhere(Places places) {
    return told.filter(known -> !places.isWithin(known)).isPresent();
  }
}
