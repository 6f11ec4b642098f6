package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.CidrSet;
import io.egressgateway.k8s.status.ObjectRef;
import io.egressgateway.k8s.status.StatusWriter;
import io.egressgateway.k8s.translate.ClusterInfoSpec;
import io.egressgateway.k8s.translate.ClusterInfoSpec.Spared;
import io.egressgateway.k8s.translate.ClusterNetworks;
import io.egressgateway.k8s.translate.NodeFacts;
import io.egressgateway.k8s.watch.ClusterDesk.Receivers;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The part of the desk that is about what is inside the cluster. It is computed anew from all that
 * is known whenever something of it changes, so that what is no longer asked for is gone at once.
 */
final class ClusterInfoDesk {
  private static final String BOX = "EgressClusterInfo";

  private final Outbox<String, StatusWriter.Command> box;
  private Optional<ClusterInfoObject> object = Optional.empty();
  private Standing<ClusterInfoSpec> standing = Standing.unknown();
  private final TreeMap<String, CidrSet> calicoPools = new TreeMap<>();
  private CidrSet services = CidrSet.empty();

  ClusterInfoDesk(Receivers receivers) {
    this.box = new Outbox<>((key, message) -> receivers.statusWriter().tell(message));
  }

  void put(ClusterInfoObject info) {
    object = Optional.of(info);
    standing = standing.after(info.version(), info.reading().translation());
  }

  void remove() {
    object = Optional.empty();
    standing = Standing.unknown();
    box.remove(BOX);
  }

  void putPool(String name, CidrSet blocks) {
    calicoPools.put(name, blocks);
  }

  void removePool(String name) {
    calicoPools.remove(name);
  }

  /** Takes up the addresses of services; whoever finds none keeps those that were found before. */
  void putServices(CidrSet found) {
    if (!found.isEmpty()) {
      services = found;
    }
  }

  /** What is inside the cluster. */
  ClusterNetworks networks(Collection<NodeFacts> nodes) {
    return ClusterNetworks.of(spec(), new ClusterNetworks.Found(services, calicoPools, nodes));
  }

  /** What is in force; what is good of the object if it never was all good. */
  private ClusterInfoSpec spec() {
    return standing
        .inForce()
        .map(Standing.InForce::spec)
        .or(() -> object.map(info -> info.reading().good()))
        .orElseGet(ClusterInfoSpec::standard);
  }

  /** Shows what is inside the cluster; returns the destinations that no policy takes. */
  CidrSet tell(ClusterNetworks networks) {
    object.ifPresent(
        info ->
            box.put(
                BOX,
                new StatusWriter.ClusterInfo(
                    new ObjectRef(new ObjectRef.ClusterInfo(), info.version()),
                    standing.violations(),
                    networks)));
    return spec().spared().contains(Spared.LINK_LOCAL)
        ? networks.all().plus(ClusterNetworks.LINK_LOCAL)
        : networks.all();
  }

  void resync(Outbox.Slice slice) {
    box.resend(slice);
  }
}
