package io.egressgateway.node.kernel;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.core.plan.MapDelta;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.SetDelta;
import io.egressgateway.core.plan.TunnelEndpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Which elements a plan asks for.
 *
 * @param plan without what the node may not hold
 */
record PlanElements(NodePlan plan, Uplink uplink, Tenure tenure) {

  /** All of them. */
  Elements all() {
    List<Element> elements = new ArrayList<>(cluster());
    plan.selection()
        .endpoints()
        .forEach((pod, endpointClass) -> elements.add(Element.podClass(pod, endpointClass)));
    plan.selection().rules().forEach(rule -> elements.add(Element.classRule(rule, numbers())));
    plan.ownership().routes().forEach((eip, holder) -> elements.add(route(eip, holder)));
    elements.addAll(held());
    for (TunnelEndpoint peer : plan.mesh().peers().values()) {
      elements.add(Element.tunnelPeer(peer.addresses().underlay()));
    }
    for (TunnelEndpoint peer : DesiredKernel.repliesTo(plan, tenure)) {
      elements.add(Element.nodeMark(peer.mac(), peer.number(), numbers()));
    }
    return Elements.of(elements);
  }

  /**
   * The same as {@link #all}, made of what another plan asked for.
   *
   * @param before had the same mesh, uplink and tenure
   * @param elements all of them
   */
  Elements allAfter(PlanElements before, Elements elements) {
    List<Element> removed = new ArrayList<>();
    List<Element> added = new ArrayList<>();
    if (!before.plan.selection().clusterCidrs().equals(plan.selection().clusterCidrs())) {
      removed.addAll(before.cluster());
      added.addAll(cluster());
    }
    if (!before.plan.ownership().held().equals(plan.ownership().held())) {
      removed.addAll(before.held());
      added.addAll(held());
    }
    addChanges(
        before.plan.selection().endpoints(),
        plan.selection().endpoints(),
        Element::podClass,
        removed,
        added);
    addChanges(
        before.plan.ownership().routes(), plan.ownership().routes(), this::route, removed, added);
    var rules = SetDelta.between(before.plan.selection().rules(), plan.selection().rules());
    rules.remove().forEach(rule -> removed.add(Element.classRule(rule, numbers())));
    rules.add().forEach(rule -> added.add(Element.classRule(rule, numbers())));
    return elements.with(removed, added);
  }

  private static <K extends Comparable<? super K>, V> void addChanges(
      SortedMap<K, V> before,
      SortedMap<K, V> after,
      BiFunction<K, V, Element> element,
      List<Element> removed,
      List<Element> added) {
    MapDelta<K, V> changes = MapDelta.between(before, after);
    for (K key : changes.remove()) {
      Optional.ofNullable(before.get(key))
          .ifPresent(value -> removed.add(element.apply(key, value)));
    }
    changes.put().forEach((key, value) -> added.add(element.apply(key, value)));
  }

  private KernelNumbers numbers() {
    return plan.mesh().settings().numbers();
  }

  private List<Element> cluster() {
    return plan.selection().clusterCidrs().ranges().stream().map(Element::cluster).toList();
  }

  private Element route(EipNumber eip, NodeNumber holder) {
    return holder.equals(plan.mesh().self().number())
        ? Element.heldHere(eip, numbers())
        : Element.heldBy(eip, holder, numbers());
  }

  private List<Element> held() {
    List<Element> elements = new ArrayList<>();
    for (var held : plan.ownership().held().entrySet()) {
      elements.add(Element.sent(held.getKey(), numbers()));
      if (NodeAddressSlot.is(held.getValue())) {
        for (IpAddress source : ownSources()) {
          elements.add(Element.eipAddress(held.getKey(), source, numbers()));
        }
        // Connections that began with one of the others go on.
        for (IpAddress own : uplink.addresses()) {
          elements.add(Element.ownSource(held.getKey(), own, numbers()));
        }
      } else {
        elements.add(Element.eipAddress(held.getKey(), held.getValue(), numbers()));
        elements.add(Element.held(held.getValue()));
        elements.add(Element.received(held.getValue()));
      }
    }
    return elements;
  }

  /** One of each family, if the uplink has one; the address that Kubernetes knows comes first. */
  private Collection<IpAddress> ownSources() {
    SortedMap<IpFamily, IpAddress> own = new TreeMap<>(uplink.sources());
    IpAddress known = plan.mesh().self().addresses().underlay();
    if (uplink.addresses().contains(known)) {
      own.put(known.family(), known);
    }
    return own.values();
  }
}
