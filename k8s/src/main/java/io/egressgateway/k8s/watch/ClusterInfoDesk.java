package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.CidrSet;
import io.egressgateway.k8s.status.ObjectRef;
import io.egressgateway.k8s.status.StatusWriter;
import io.egressgateway.k8s.translate.ClusterInfoSpec;
import io.egressgateway.k8s.translate.ClusterInfoSpec.Spared;
import io.egressgateway.k8s.translate.ClusterNetworks;
import io.egressgateway.k8s.translate.NodeFacts;
import io.egressgateway.k8s.translate.PodCidrMode;
import io.egressgateway.k8s.watch.ClusterDesk.Receivers;
import io.egressgateway.k8s.watch.WatchEvent.PodNetworkId;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The part of the desk that is about what is inside the cluster. It is computed anew from all that
 * is known whenever something of it changes, so that what is no longer asked for is gone at once.
 */
final class ClusterInfoDesk {
  private static final String BOX = "EgressClusterInfo";
  private static final PodNetworkId WEAVE = new PodNetworkId(PodCidrMode.WEAVE, "weave");

  private final Outbox<String, StatusWriter.Command> box;
  private Optional<ClusterInfoObject> object = Optional.empty();
  private Standing<ClusterInfoSpec> standing = Standing.unknown();
  private final EnumMap<PodCidrMode, SortedMap<String, CidrSet>> pods =
      new EnumMap<>(PodCidrMode.class);
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

  /** Takes up a part of a network for pods, which may have no addresses; whether that is news. */
  boolean putPods(PodNetworkId network, CidrSet blocks) {
    return blocks.isEmpty()
        ? removePods(network)
        : !blocks.equals(
            pods.computeIfAbsent(network.owner(), ignored -> new TreeMap<>())
                .put(network.name(), blocks));
  }

  /** Takes up that it is gone; whether that is news. */
  boolean removePods(PodNetworkId network) {
    SortedMap<String, CidrSet> parts = pods.getOrDefault(network.owner(), new TreeMap<>());
    boolean news = parts.remove(network.name()) != null;
    if (parts.isEmpty()) {
      pods.remove(network.owner());
    }
    return news;
  }

  /** Takes up what was looked for; what is not found any more stays as it was found before. */
  void put(NetworkProbe.Found found) {
    if (!found.services().isEmpty()) {
      services = found.services();
    }
    if (!found.weave().isEmpty()) {
      putPods(WEAVE, found.weave());
    }
  }

  /** What is inside the cluster. */
  ClusterNetworks networks(Collection<NodeFacts> nodes) {
    return ClusterNetworks.of(spec(), new ClusterNetworks.Found(services, pods, nodes));
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
