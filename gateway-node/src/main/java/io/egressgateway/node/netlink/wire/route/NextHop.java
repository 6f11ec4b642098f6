package io.egressgateway.node.netlink.wire.route;

import io.egressgateway.core.model.IpAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a route leads.
 *
 * @param gateway the neighbour to hand packets to; of the other family it is written as RTA_VIA
 * @param link index of the device to send from
 * @param reach whether the gateway must be covered by a route of the device
 */
public record NextHop(Optional<IpAddress> gateway, OptionalInt link, Reach reach) {
  /** How the kernel checks a gateway. */
  public enum Reach {
    /** It must lie on a network the device is attached to. */
    CHECKED,
    /** It is taken to be on the link: {@code onlink}. */
    ONLINK
  }

  /** Nowhere: for blackholes and their like. */
  public static final NextHop NONE =
      new NextHop(Optional.empty(), OptionalInt.empty(), Reach.CHECKED);

  /** Straight onto a device: {@code dev …}. */
  public static NextHop device(int link) {
    return new NextHop(Optional.empty(), OptionalInt.of(link), Reach.CHECKED);
  }

  /** To a gateway through whichever device reaches it: {@code via …}. */
  public static NextHop via(IpAddress gateway) {
    return new NextHop(Optional.of(gateway), OptionalInt.empty(), Reach.CHECKED);
  }

  /** To a gateway through a device: {@code via … dev …}. */
  public static NextHop via(IpAddress gateway, int link) {
    return new NextHop(Optional.of(gateway), OptionalInt.of(link), Reach.CHECKED);
  }

  /** To a gateway taken to be on the link: {@code via … dev … onlink}. */
  public static NextHop onlink(IpAddress gateway, int link) {
    return new NextHop(Optional.of(gateway), OptionalInt.of(link), Reach.ONLINK);
  }
}
