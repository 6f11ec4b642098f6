package io.egressgateway.node.netlink.wire.route;

import java.util.ArrayList;
import java.util.List;

/**
 * A device to create.
 *
 * @param changes its properties, applied in the same request; immutable
 */
public record LinkSpec(LinkName name, NewKind kind, List<LinkChange> changes) {

  /** The kinds that can be created. */
  public sealed interface NewKind {
    /** A pair; {@code peer}'s own changes may put it into another namespace. */
    record Veth(LinkName peer, List<LinkChange> peerChanges) implements NewKind {
      /**
       * @throws IllegalArgumentException if the peer is to come up: the kernel cannot open one end
       *     before it knows the other
       */
      public Veth {
        if (peerChanges.contains(new LinkChange.Up())) {
          throw new IllegalArgumentException(
              "set link " + peer + " up after the pair is made: the kernel refuses it before");
        }
        peerChanges = List.copyOf(peerChanges);
      }
    }

    /** A bridge. */
    record Bridge() implements NewKind {}

    /** A VXLAN tunnel. */
    record Vxlan(VxlanSettings settings) implements NewKind {}
  }

  /** Makes the list immutable. */
  public LinkSpec {
    changes = List.copyOf(changes);
  }

  /** A bridge. */
  public static LinkSpec bridge(LinkName name) {
    return new LinkSpec(name, new NewKind.Bridge(), List.of());
  }

  /** A pair of devices, both here. */
  public static LinkSpec veth(LinkName name, LinkName peer) {
    return new LinkSpec(name, new NewKind.Veth(peer, List.of()), List.of());
  }

  /** A VXLAN tunnel. */
  public static LinkSpec vxlan(LinkName name, VxlanSettings settings) {
    return new LinkSpec(name, new NewKind.Vxlan(settings), List.of());
  }

  /** With one more property. */
  public LinkSpec with(LinkChange change) {
    return new LinkSpec(name, kind, plus(changes, change));
  }

  /**
   * With one more property of the pair's other end.
   *
   * @throws IllegalStateException if this is not a pair
   */
  public LinkSpec withPeer(LinkChange change) {
    return switch (kind) {
      case NewKind.Veth(LinkName peer, List<LinkChange> peerChanges) ->
          new LinkSpec(name, new NewKind.Veth(peer, plus(peerChanges, change)), changes);
      case NewKind.Bridge ignored -> throw noPeer();
      case NewKind.Vxlan ignored -> throw noPeer();
    };
  }

  private IllegalStateException noPeer() {
    return new IllegalStateException(name + " is not a veth pair");
  }

  private static List<LinkChange> plus(List<LinkChange> changes, LinkChange change) {
    List<LinkChange> more = new ArrayList<>(changes);
    more.add(change);
    return more;
  }
}
