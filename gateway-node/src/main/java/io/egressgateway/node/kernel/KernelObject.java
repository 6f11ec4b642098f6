package io.egressgateway.node.kernel;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.plan.KernelNumbers;
import java.util.Comparator;
import java.util.Optional;

/** A routing object of ours. Two objects with one key are versions of the same thing. */
public sealed interface KernelObject {

  /** What stays the same when the object changes. */
  Key key();

  /**
   * Identity of an object; ordered by the stage at which it is made.
   *
   * @param stage kind of the object
   * @param identity unique within the stage, readable
   */
  record Key(Stage stage, String identity) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::stage).thenComparing(Key::identity);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * The VXLAN device with group-based policy on and learning off.
   *
   * @param device name of the link
   * @param mac its own address
   * @param outer what only a new device can change
   * @param operation what can change while packets flow
   */
  record Tunnel(String device, MacAddress mac, Outer outer, Operation operation)
      implements KernelObject {

    /**
     * The outer packets.
     *
     * @param header what stands before the inner packet
     * @param local source address
     * @param uplink name of the link they leave through
     */
    public record Outer(Header header, Optional<IpAddress> local, String uplink) {}

    /**
     * UDP and VXLAN headers.
     *
     * @param vni VXLAN network identifier
     * @param port UDP destination port
     * @param extension whether the header carries a number for each packet
     */
    public record Header(int vni, int port, Extension extension) {}

    /** What a VXLAN header may carry beside the network identifier. */
    public enum Extension {
      NONE,
      /** 16 bits of the packet's mark: we carry the egress IP's number in it. */
      GROUP_POLICY
    }

    /** Bytes per inner packet, and whether the device is up. */
    public record Operation(int mtu, LinkState state) {}

    /** The administrative state of a link. */
    public enum LinkState {
      UP,
      DOWN
    }

    @Override
    public Key key() {
      return new Key(Stage.TUNNEL, "tunnel device " + device);
    }

    /** Whether {@code wanted} can be had without taking the device away. */
    boolean canBecome(Tunnel wanted) {
      return device.equals(wanted.device) && outer.equals(wanted.outer);
    }
  }

  /** An address of the tunnel device, with the tunnel's prefix length. */
  record TunnelAddress(String device, IpAddress address, int prefixLength) implements KernelObject {
    @Override
    public Key key() {
      return new Key(
          Stage.TUNNEL_ADDRESS, "address " + address + "/" + prefixLength + " on " + device);
    }
  }

  /**
   * An egress IP on the link that answers for it: one address, no prefix route. How long the kernel
   * will keep it is no part of what is compared.
   */
  record HeldAddress(String uplink, IpAddress address) implements KernelObject {
    @Override
    public Key key() {
      return new Key(Stage.HELD_ADDRESS, "egress IP " + address + " on " + uplink);
    }
  }

  /** A permanent neighbour on the tunnel device. */
  record Neighbour(String device, IpAddress address, MacAddress mac) implements KernelObject {
    @Override
    public Key key() {
      return new Key(Stage.NEIGHBOUR, "neighbour " + address + " on " + device);
    }
  }

  /** Where the tunnel device sends frames for a peer. */
  record Forwarding(String device, MacAddress mac, IpAddress underlay) implements KernelObject {
    @Override
    public Key key() {
      return new Key(Stage.FORWARDING, "forwarding of " + mac + " on " + device);
    }
  }

  /** A route of a table of ours; the gateway is taken to be on the link. */
  record Route(int table, Cidr destination, Optional<IpAddress> gateway, String device)
      implements KernelObject {
    @Override
    public Key key() {
      return new Key(Stage.ROUTE, "route " + destination + " of table " + Marks.hex(table));
    }
  }

  /** Packets with exactly this mark are routed by this table. */
  record RoutingRule(IpFamily family, int priority, int mark, int table) implements KernelObject {
    @Override
    public Key key() {
      return new Key(
          Stage.ROUTING_RULE,
          "rule %d of %s from mark %s to table %s"
              .formatted(priority, family, Marks.hex(mark), Marks.hex(table)));
    }
  }

  /**
   * The routing rule that stops what came out of the tunnel and was not marked. All that our table
   * lets pass is marked: it is what stands when somebody takes the table away.
   */
  record TunnelBackstop(IpFamily family, String device) implements KernelObject {
    @Override
    public Key key() {
      return new Key(
          Stage.TUNNEL_BACKSTOP,
          "rule %d of %s against what %s brings unmarked"
              .formatted(KernelNumbers.BACKSTOP_PRIORITY, family, device));
    }
  }

  /**
   * The rule that lets our connections through a closed {@link ForwardChain} of a family.
   *
   * @param mark of the connections, in the bits of {@code mask}
   */
  record ForwardAcceptance(IpFamily family, Place place, int mark, int mask)
      implements KernelObject {

    /** As it should be. */
    static ForwardAcceptance last(IpFamily family, KernelNumbers numbers) {
      return new ForwardAcceptance(family, Place.LAST, numbers.mark(), numbers.mask());
    }

    /** Where the rule stands: everything else that is heard shall be heard before it. */
    public enum Place {
      LAST,
      ELSEWHERE
    }

    @Override
    public Key key() {
      return new Key(Stage.FORWARD_ACCEPTANCE, "rule in iptables FORWARD of " + family);
    }
  }

  /** The link without which this object is not, or this object's own name if it is one. */
  default String link() {
    return switch (this) {
      case Tunnel tunnel -> tunnel.device();
      case TunnelAddress address -> address.device();
      case HeldAddress address -> address.uplink();
      case Neighbour neighbour -> neighbour.device();
      case Forwarding forwarding -> forwarding.device();
      case Route route -> route.device();
      case RoutingRule ignored -> "";
      case TunnelBackstop ignored -> "";
      case ForwardAcceptance ignored -> "";
    };
  }
}
