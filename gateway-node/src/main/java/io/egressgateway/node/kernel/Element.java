package io.egressgateway.node.kernel;

import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpRange;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.ClassRule;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.netlink.wire.Bytes;
import java.util.List;

/**
 * An element of a set or map of our table, as the kernel stores it, so that what is read back
 * compares to what was meant.
 *
 * <p>Marks are in the machine's byte order, except in keys of ranges: the kernel compares those as
 * network order, and the rule that looks them up converts.
 *
 * @param key where it stands
 * @param value empty in a set
 */
public record Element(Key key, Bytes value) {

  /**
   * @param set the set or map
   * @param from lowest key
   * @param to highest key, {@code from} itself when it is a single value
   */
  public record Key(LookupSet set, Bytes from, Bytes to) implements Comparable<Key> {
    /** By set, start and end. Spelt out: a node has some 100,000 of them to sort. */
    @Override
    public int compareTo(Key other) {
      int bySet = set.compareTo(other.set);
      if (bySet != 0) {
        return bySet;
      }
      int byStart = from.compareTo(other.from);
      return byStart != 0 ? byStart : to.compareTo(other.to);
    }

    @Override
    public String toString() {
      String start = ElementText.of(set, from);
      return set.setName() + " { " + (from.equals(to) ? start : start + "-" + end()) + " }";
    }

    private String end() {
      return ElementText.of(set, to);
    }
  }

  @Override
  public String toString() {
    return set()
        .value()
        .map(field -> key + " : " + ElementText.of(field, value))
        .orElseGet(key::toString);
  }

  public LookupSet set() {
    return key.set();
  }

  /** A destination range that is never taken. */
  static Element cluster(IpRange range) {
    return new Element(
        new Key(LookupSet.cluster(range.family()), bytes(range.first()), bytes(range.last())),
        Bytes.EMPTY);
  }

  /** A local pod's class. */
  static Element podClass(IpAddress pod, ClassNumber endpointClass) {
    return exact(LookupSet.podClass(pod.family()), bytes(pod), Bytes.u32(endpointClass.value()));
  }

  /** The egress IP of a class for a destination. */
  static Element classRule(ClassRule rule, KernelNumbers numbers) {
    Bytes endpointClass = Bytes.be32(rule.endpointClass().value());
    Key key =
        new Key(
            LookupSet.classEip(rule.destination().family()),
            Bytes.concat(List.of(endpointClass, bytes(rule.destination().first()))),
            Bytes.concat(List.of(endpointClass, bytes(rule.destination().last()))));
    return new Element(key, Bytes.u32(numbers.egress(rule.eip())));
  }

  /** The egress IP is on this very node. */
  static Element heldHere(EipNumber eip, KernelNumbers numbers) {
    return nextHop(eip, numbers.egress(eip), numbers);
  }

  /** The egress IP is on another node. */
  static Element heldBy(EipNumber eip, NodeNumber gateway, KernelNumbers numbers) {
    return nextHop(eip, numbers.toGateway(gateway), numbers);
  }

  private static Element nextHop(EipNumber eip, int mark, KernelNumbers numbers) {
    return exact(LookupSet.EIP_NEXT_HOP, Bytes.u32(numbers.egress(eip)), Bytes.u32(mark));
  }

  /** What the source address of an egress IP's packets becomes. */
  static Element eipAddress(EipNumber eip, IpAddress address, KernelNumbers numbers) {
    return exact(
        LookupSet.eipAddress(address.family()), Bytes.u32(numbers.egress(eip)), bytes(address));
  }

  /** Counts what leaves with an egress IP. */
  static Element sent(EipNumber eip, KernelNumbers numbers) {
    return exact(LookupSet.EIP_SENT, Bytes.u32(numbers.egress(eip)), Bytes.EMPTY);
  }

  /** Counts what is answered to an egress IP. */
  static Element received(IpAddress address) {
    return exact(LookupSet.eipReceived(address.family()), bytes(address), Bytes.EMPTY);
  }

  /** The node's own address may be the source of this egress IP's packets. */
  static Element ownSource(EipNumber eip, IpAddress address, KernelNumbers numbers) {
    return exact(
        LookupSet.ownSource(address.family()),
        Bytes.concat(List.of(Bytes.u32(numbers.egress(eip)), bytes(address))),
        Bytes.EMPTY);
  }

  /** Where the replies to packets from this tunnel device go. */
  static Element nodeMark(MacAddress mac, NodeNumber node, KernelNumbers numbers) {
    return exact(LookupSet.NODE_MARK, Bytes.of(mac.toBytes()), Bytes.u32(numbers.replyTo(node)));
  }

  /** An egress IP that this node answers for. */
  static Element held(IpAddress address) {
    return exact(LookupSet.held(address.family()), bytes(address), Bytes.EMPTY);
  }

  /** A node that the tunnel takes packets from. */
  static Element tunnelPeer(IpAddress underlay) {
    return exact(LookupSet.tunnelPeers(underlay.family()), bytes(underlay), Bytes.EMPTY);
  }

  private static Element exact(LookupSet set, Bytes key, Bytes value) {
    return new Element(new Key(set, key, key), value);
  }

  private static Bytes bytes(IpAddress address) {
    return Bytes.of(address.toBytes());
  }
}
