package io.egressgateway.k8s.status;

import io.egressgateway.core.collection.Few;
import io.egressgateway.core.event.EipEvent.EipAssigned;
import io.egressgateway.core.event.EipEvent.EipReleased;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.k8s.status.StatusEvents.Notice;
import io.egressgateway.k8s.status.StatusEvents.Severity;
import io.egressgateway.policy.history.ProofText;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * An egress IP has another holder, or none.
 *
 * @param change what it has in common with other news of the same moment
 */
record HolderNews(GatewayName gateway, IpAddress eip, Change change) {
  private static final int NAMED_MAX = 10;

  /**
   * What changed.
   *
   * @param text from where to where, for people
   * @param proof why nobody else holds it, for people
   */
  record Change(String reason, String text, String proof) implements Comparable<Change> {
    @Override
    public int compareTo(Change other) {
      return toString().compareTo(other.toString());
    }
  }

  static HolderNews of(IpAddress eip, EipAssigned assigned) {
    NodeName to = assigned.session().node();
    Optional<NodeName> from = assigned.proof().session().map(NodeSession::node);
    Change change =
        from.map(
                former ->
                    former.equals(to)
                        ? change("EgressIPKept", "on node " + to + " again", assigned.proof())
                        : change(
                            "EgressIPMoved",
                            "from node " + former + " to node " + to,
                            assigned.proof()))
            .orElseGet(() -> change("EgressIPAssigned", "to node " + to, assigned.proof()));
    return new HolderNews(assigned.gateway(), eip, change);
  }

  static HolderNews of(IpAddress eip, GatewayName gateway, EipReleased released) {
    String text =
        released
            .proof()
            .session()
            .map(session -> "from node " + session.node() + "; nobody holds it now")
            .orElse("nobody holds it now");
    return new HolderNews(gateway, eip, change("EgressIPReleased", text, released.proof()));
  }

  private static Change change(String reason, String text, OwnershipProof proof) {
    return new Change(reason, text, ProofText.of(proof));
  }

  /** One notice for all that has happened to a gateway's egress IPs in the same way. */
  static List<Notice> notices(List<HolderNews> ofOneGateway) {
    return ofOneGateway.stream()
        .collect(
            Collectors.groupingBy(
                HolderNews::change,
                TreeMap::new,
                Collectors.mapping(HolderNews::eip, Collectors.toCollection(TreeSet::new))))
        .entrySet()
        .stream()
        .map(entry -> notice(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static Notice notice(Change change, SortedSet<IpAddress> eips) {
    String named = Few.of(eips.stream().map(NodeAddressSlot::describe).toList(), NAMED_MAX);
    return new Notice(
        Severity.NORMAL, change.reason(), named + " " + change.text() + ": " + change.proof());
  }
}
