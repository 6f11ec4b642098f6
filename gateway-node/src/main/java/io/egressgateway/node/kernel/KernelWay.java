package io.egressgateway.node.kernel;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.ClassRule;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.node.kernel.KernelObject.ForwardAcceptance;
import io.egressgateway.node.kernel.KernelObject.Forwarding;
import io.egressgateway.node.kernel.KernelObject.HeldAddress;
import io.egressgateway.node.kernel.KernelObject.Neighbour;
import io.egressgateway.node.kernel.KernelObject.Route;
import io.egressgateway.node.kernel.KernelObject.RoutingRule;
import io.egressgateway.node.kernel.KernelObject.Tunnel;
import io.egressgateway.node.netlink.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The way of a packet through a node's kernel, hop by hop: what it should be beside what it is.
 * Pure.
 */
public final class KernelWay {
  private final NodePlan plan;
  private final KernelState planned;
  private final KernelState found;
  private final List<WayFact> facts = new ArrayList<>();

  private KernelWay(NodePlan plan, DesiredKernel planned, KernelState found) {
    this.plan = plan;
    this.planned = planned.state();
    this.found = found;
  }

  /**
   * What the question is about.
   *
   * @param plan that the kernel should have
   * @param planned what the plan asks of the kernel
   * @param found what was read
   */
  public static List<WayFact> of(
      WayQuestion question, NodePlan plan, DesiredKernel planned, KernelState found) {
    KernelWay way = new KernelWay(plan, planned, found);
    switch (question) {
      case WayQuestion.OfPod pod -> way.fromPod(pod);
      case WayQuestion.OfHolder holder -> way.throughHolder(holder);
    }
    return List.copyOf(way.facts);
  }

  private void fromPod(WayQuestion.OfPod question) {
    IpFamily family = question.destination().family();
    Optional<EipNumber> eip = plannedEip(question);
    facts.add(
        new WayFact(
            "plan " + plan.revision(),
            text(question.eip(), question.holder()),
            text(eip, eip.flatMap(this::plannedHolder)),
            WayFact.agreement(
                eip.equals(question.eip())
                    && eip.flatMap(this::plannedHolder).equals(question.holder()))));
    addRules();
    Bytes destination = Bytes.of(question.destination().toBytes());
    Optional<Element> inside =
        addElement("cluster, if the destination is inside", LookupSet.cluster(family), destination);
    Optional<Element> podClass =
        addElement(
            "class of the pod", LookupSet.podClass(family), Bytes.of(question.pod().toBytes()));
    if (inside.isPresent() || podClass.isEmpty()) {
      return;
    }
    Bytes number = Bytes.be32(classNumber(question.pod()));
    Optional<Element> mark =
        addElement(
            "egress IP of class and destination",
            LookupSet.classEip(family),
            Bytes.concat(List.of(number, destination)));
    if (mark.isEmpty()) {
      return;
    }
    Optional<Element> nextHop =
        addElement("next hop of the egress IP", LookupSet.EIP_NEXT_HOP, mark.get().value());
    if (nextHop.isPresent() && !nextHop.get().value().equals(mark.get().value())) {
      eip.flatMap(this::route).ifPresent(gateway -> addLane(numbers().toGateway(gateway), family));
    }
    addForwarding(family);
  }

  private KernelNumbers numbers() {
    return plan.mesh().settings().numbers();
  }

  private int classNumber(IpAddress pod) {
    return Optional.ofNullable(plan.selection().endpoints().get(pod)).orElseThrow().value();
  }

  /** By the plan: a connection to what is inside the cluster is left alone. */
  private Optional<EipNumber> plannedEip(WayQuestion.OfPod question) {
    if (plan.selection().clusterCidrs().contains(question.destination())) {
      return Optional.empty();
    }
    return Optional.ofNullable(plan.selection().endpoints().get(question.pod()))
        .flatMap(
            number ->
                plan.selection().rules().stream()
                    .filter(rule -> rule.endpointClass().equals(number))
                    .filter(rule -> rule.destination().contains(question.destination()))
                    .map(ClassRule::eip)
                    .findFirst());
  }

  private Optional<NodeName> plannedHolder(EipNumber eip) {
    return route(eip).flatMap(this::name);
  }

  private Optional<NodeNumber> route(EipNumber eip) {
    return Optional.ofNullable(plan.ownership().routes().get(eip));
  }

  private Optional<NodeName> name(NodeNumber number) {
    return number.equals(plan.mesh().self().number())
        ? Optional.of(plan.mesh().self().node())
        : Optional.ofNullable(plan.mesh().peers().get(number)).map(TunnelEndpoint::node);
  }

  private static String text(Optional<EipNumber> eip, Optional<NodeName> holder) {
    return eip.map(
            number ->
                "egress IP "
                    + number
                    + holder.map(node -> " of " + node).orElse(", which nobody holds"))
        .orElse("no egress IP");
  }

  private void throughHolder(WayQuestion.OfHolder question) {
    IpFamily family = question.destination().family();
    facts.add(
        WayFact.of(
            "plan " + plan.revision() + ", held as egress IP " + question.eip(),
            Optional.of(question.address()),
            Optional.ofNullable(plan.ownership().held().get(question.eip())),
            NodeAddressSlot::describe));
    addRules();
    plan.mesh().peers().values().stream()
        .filter(peer -> peer.node().equals(question.sender()))
        .findFirst()
        .ifPresent(peer -> addSender(peer, family));
    Bytes mark = Bytes.u32(numbers().egress(question.eip()));
    Optional<Element> source =
        addElement("source of the egress IP", LookupSet.eipAddress(family), mark);
    if (NodeAddressSlot.is(question.address())) {
      source.ifPresentOrElse(
          own ->
              addElement(
                  "own address as a source",
                  LookupSet.ownSource(family),
                  Bytes.concat(List.of(mark, own.value()))),
          () -> facts.add(noOwnAddress(family)));
    } else {
      addElement(
          "egress IP that is answered for",
          LookupSet.held(family),
          Bytes.of(question.address().toBytes()));
      addObjects(
          "egress IP on its link",
          object ->
              object instanceof HeldAddress held && held.address().equals(question.address()));
    }
    addForwarding(family);
  }

  /** That is as planned, and the packets are dropped all the same. */
  private static WayFact noOwnAddress(IpFamily family) {
    return new WayFact(
        "own address of " + family,
        "one on the uplink",
        "none: such packets are dropped",
        WayFact.agreement(false));
  }

  /** What lets the sender's packets in, and answers back. */
  private void addSender(TunnelEndpoint peer, IpFamily family) {
    IpAddress underlay = peer.addresses().underlay();
    addElement(
        "sender that the tunnel takes packets from",
        LookupSet.tunnelPeers(underlay.family()),
        Bytes.of(underlay.toBytes()));
    addElement("mark of the sender", LookupSet.NODE_MARK, Bytes.of(peer.mac().toBytes()));
    addLane(numbers().replyTo(peer.number()), family);
  }

  /** From the mark to the frame on the underlay. */
  private void addLane(int mark, IpFamily family) {
    addObjects(
        "routing rule for mark " + Marks.hex(mark),
        object ->
            object instanceof RoutingRule rule && rule.mark() == mark && rule.family() == family);
    int table = numbers().table(mark);
    Predicate<KernelObject> isRoute =
        object ->
            object instanceof Route route
                && route.table() == table
                && route.destination().family() == family;
    addObjects("route of table " + Marks.hex(table), isRoute);
    Optional<IpAddress> gateway =
        planned(isRoute)
            .flatMap(object -> object instanceof Route route ? route.gateway() : Optional.empty());
    Predicate<KernelObject> isNeighbour =
        object -> object instanceof Neighbour near && Optional.of(near.address()).equals(gateway);
    addObjects("neighbour in the tunnel", isNeighbour);
    Optional<MacAddress> mac =
        planned(isNeighbour)
            .flatMap(
                object ->
                    object instanceof Neighbour near ? Optional.of(near.mac()) : Optional.empty());
    addObjects(
        "forwarding entry of the tunnel",
        object -> object instanceof Forwarding entry && Optional.of(entry.mac()).equals(mac));
    addObjects("tunnel device", Tunnel.class::isInstance);
  }

  private void addForwarding(IpFamily family) {
    String path =
        switch (family) {
          case IPV4 -> "net/ipv4/ip_forward";
          case IPV6 -> DesiredKernel.IPV6_FORWARDING;
        };
    Optional<String> value = Optional.ofNullable(planned.settings().get(path));
    if (value.isPresent()) {
      facts.add(
          WayFact.of(
              path, value, Optional.ofNullable(found.settings().get(path)), Function.identity()));
    }
    Predicate<KernelObject> isAcceptance =
        object -> object instanceof ForwardAcceptance rule && rule.family() == family;
    if (planned(isAcceptance).isPresent()) {
      addObjects("rule in iptables FORWARD", isAcceptance);
    }
  }

  private void addRules() {
    Optional<TableState.Fingerprint> wanted = planned.table().map(TableState::fingerprint);
    Optional<TableState.Fingerprint> present = found.table().map(TableState::fingerprint);
    facts.add(
        new WayFact(
            "rules of table inet " + Marks.TABLE,
            digest(wanted),
            wanted.equals(present) || present.isEmpty()
                ? digest(present)
                : digest(present) + ", and not as they were written",
            WayFact.agreement(wanted.equals(present))));
  }

  private static String digest(Optional<TableState.Fingerprint> fingerprint) {
    return fingerprint.map(print -> "digest " + print.digest()).orElse("nothing");
  }

  /** Adds what is looked up by the key; returns what should be there. */
  private Optional<Element> addElement(String subject, LookupSet set, Bytes key) {
    Optional<Element> wanted = planned.table().flatMap(table -> lookUp(table, set, key));
    Optional<Element> present = found.table().flatMap(table -> lookUp(table, set, key));
    facts.add(WayFact.of(subject, wanted, present, Element::toString));
    return wanted;
  }

  /** As the kernel does it; ranges of one set do not overlap. */
  private static Optional<Element> lookUp(TableState table, LookupSet set, Bytes key) {
    return table.elements().stream()
        .filter(element -> element.set() == set && contains(element.key(), key))
        .findFirst();
  }

  private static boolean contains(Element.Key range, Bytes key) {
    int at = 0;
    for (LookupSet.Field field : range.set().key()) {
      int end = at + field.bytes();
      Bytes part = key.slice(at, end);
      if (part.compareTo(range.from().slice(at, end)) < 0
          || part.compareTo(range.to().slice(at, end)) > 0) {
        return false;
      }
      at = end;
    }
    return true;
  }

  private void addObjects(String subject, Predicate<KernelObject> which) {
    facts.add(
        WayFact.of(
            subject,
            planned(which),
            found.objects().values().stream().filter(which).findFirst(),
            ObjectText::of));
  }

  private Optional<KernelObject> planned(Predicate<KernelObject> which) {
    return planned.objects().values().stream().filter(which).findFirst();
  }
}
