package io.egressgateway.node.kernel;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.kernel.KernelObject.HeldAddress;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What the kernel has refused of a delta that is carried out, and whether the rest may go on.
 * Without it packets are dropped that should go out, and none goes out that should not: the
 * acceptance in iptables' closed chain, an address of the tunnel, and whatever else makes the lanes
 * of that address's family. That must not keep the elements of the maps away: a pod of which they
 * say nothing leaves with its node's address.
 *
 * <p>Not thread-safe.
 */
public final class Refusals {
  private final Set<IpFamily> withoutLanes = EnumSet.noneOf(IpFamily.class);
  private Optional<KernelFault> first = Optional.empty();

  /**
   * Notes a refusal.
   *
   * @throws KernelFault the same, if nothing may be tried after it
   */
  public void note(KernelChange refused, KernelFault fault) throws KernelFault {
    if (!isDispensable(refused)) {
      throw fault;
    }
    if (refused instanceof KernelChange.Put(KernelObject.TunnelAddress address)) {
      withoutLanes.add(address.address().family());
    }
    first = first.or(() -> Optional.of(fault));
  }

  /** Whether a step has to wait, because what comes in the place of its object was refused. */
  public boolean holdBack(KernelChange change) {
    return change instanceof KernelChange.Remove(KernelObject.TunnelAddress old)
        && withoutLanes.contains(old.address().family());
  }

  /** The first one. */
  public Optional<KernelFault> first() {
    return first;
  }

  private boolean isDispensable(KernelChange change) {
    return switch (change) {
      case KernelChange.Put(var object) -> isDispensable(object);
      case KernelChange.Set(var path, var ignored) ->
          path.equals(DesiredKernel.IPV6_FORWARDING) && withoutLanes.contains(IpFamily.IPV6);
      case KernelChange.Remove ignored -> false;
      case KernelChange.ReplaceTable ignored -> false;
      case KernelChange.RemoveTable ignored -> false;
      case KernelChange.UpdateElements ignored -> false;
    };
  }

  private boolean isDispensable(KernelObject object) {
    return switch (object) {
      case KernelObject.ForwardAcceptance ignored -> true;
      case KernelObject.TunnelAddress ignored -> true;
      case KernelObject.Neighbour near -> withoutLanes.contains(near.address().family());
      case KernelObject.Route route -> withoutLanes.contains(route.destination().family());
      case KernelObject.RoutingRule rule -> withoutLanes.contains(rule.family());
      case KernelObject.TunnelBackstop rule -> withoutLanes.contains(rule.family());
      case HeldAddress held -> withoutLanes.contains(held.address().family());
      case KernelObject.Tunnel ignored -> false;
      case KernelObject.Forwarding ignored -> false;
    };
  }
}
