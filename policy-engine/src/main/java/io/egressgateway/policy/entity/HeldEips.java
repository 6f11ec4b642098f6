package io.egressgateway.policy.entity;

import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.policy.domain.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which changes of held egress IPs the agent's kernel has confirmed. A withdrawal is confirmed only
 * by a plan that is younger than every plan with the address: an older one proves nothing.
 */
final class HeldEips {

  /** Something to tell an address's ledger. */
  sealed interface Confirmation {
    IpAddress address();

    Epoch epoch();

    record Programmed(IpAddress address, Epoch epoch) implements Confirmation {}

    record Withdrawn(IpAddress address, Epoch epoch, OwnershipProof proof)
        implements Confirmation {}
  }

  private final NodeName node;
  private final TreeMap<IpAddress, Epoch> withdrawing = new TreeMap<>();
  private final TreeMap<IpAddress, Revision> lastPlanWith = new TreeMap<>();
  private final TreeMap<IpAddress, Epoch> programmed = new TreeMap<>();
  private final Set<IpAddress> grantedHere = new HashSet<>();
  // Plans up to this one were made before this entity started: what is in them is not known.
  private Revision floor = Revision.ZERO;
  private boolean offered;

  HeldEips(NodeName node) {
    this.node = node;
  }

  void floor(Revision revision) {
    floor = revision;
  }

  /** From now on agents may know what the plans hold. */
  void offered() {
    offered = true;
  }

  void granted(IpAddress address) {
    withdrawing.remove(address);
    grantedHere.add(address);
  }

  /** The node was told to stop; the newest plan may still have the address. */
  void withdrawing(IpAddress address, Epoch epoch, Optional<NodePlan> newest) {
    withdrawing.put(address, epoch);
    newest
        .filter(plan -> plan.ownership().held().containsValue(address))
        .ifPresent(plan -> lastPlanWith.put(address, plan.revision()));
  }

  /** What has been confirmed and not yet told. */
  List<Confirmation> confirmed(Node.State state, AgentSlot agent) {
    List<Confirmation> confirmed = new ArrayList<>();
    withdrawing.forEach(
        (address, epoch) -> {
          if (isStopped(address, agent.applied())) {
            confirmed.add(
                new Confirmation.Withdrawn(
                    address,
                    epoch,
                    new OwnershipProof.ReleaseAcknowledged(EipEntity.session(node))));
          }
        });
    confirmed.forEach(told -> withdrawing.remove(told.address()));
    agent
        .appliedPlan()
        .ifPresent(
            plan ->
                plan.ownership()
                    .held()
                    .values()
                    .forEach(
                        address -> programmed(state, plan, address).ifPresent(confirmed::add)));
    return confirmed;
  }

  /** Tells once more what was told of a grant, if it still is so. */
  Optional<Confirmation> repeated(IpAddress address, Epoch epoch) {
    return Optional.ofNullable(programmed.get(address))
        .filter(epoch::equals)
        .map(told -> new Confirmation.Programmed(address, told));
  }

  private boolean isStopped(IpAddress address, Revision applied) {
    if (!offered && grantedHere.contains(address)) {
      return true;
    }
    Revision last = lastPlanWith.getOrDefault(address, floor);
    Revision bound = last.compareTo(floor) > 0 ? last : floor;
    return applied.compareTo(bound) > 0;
  }

  private Optional<Confirmation> programmed(Node.State state, NodePlan plan, IpAddress address) {
    Revision last = lastPlanWith.getOrDefault(address, Revision.ZERO);
    return Optional.ofNullable(state.held().get(address))
        .map(Node.Grant::epoch)
        .filter(epoch -> plan.revision().compareTo(last) > 0)
        .filter(epoch -> !epoch.equals(programmed.put(address, epoch)))
        .map(epoch -> new Confirmation.Programmed(address, epoch));
  }
}
