package io.egressgateway.node.agent;

import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.KernelObject.HeldAddress;
import io.egressgateway.node.netlink.RefusedAddress;
import io.egressgateway.node.netlink.socket.Errno;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.AddressFlag;
import io.egressgateway.node.netlink.wire.route.AddressLifetime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Puts egress IPs on their links and takes them from there, those of a call in one piece. Each is
 * there whole or not at all, and what one of them meets is no matter of the others: when a fault
 * names some, the kernel has taken the rest.
 */
final class EgressIpWriter {
  /** In one piece: more refusals than this could overrun the socket's buffer. */
  static final int PIECE_MAX = 1_000;

  /** How many egress IPs a fault names. */
  private static final int NAMED_MAX = 3;

  private final Links links;
  private final Function<List<Address>, List<RefusedAddress>> adding;
  private final Function<List<Address>, List<RefusedAddress>> deleting;
  private final AddressLifetime firstLifetime;

  /** Where links are found. */
  @FunctionalInterface
  interface Links {
    /**
     * The index of a link.
     *
     * @throws KernelFault if there is none of this name
     */
    int index(String name) throws KernelFault;
  }

  /**
   * @param adding asks the kernel to add addresses, and says what it refused
   * @param deleting asks it to delete them
   * @param firstLifetime of an egress IP when it is put on its link; the fence extends it
   */
  EgressIpWriter(
      Links links,
      Function<List<Address>, List<RefusedAddress>> adding,
      Function<List<Address>, List<RefusedAddress>> deleting,
      AddressLifetime firstLifetime) {
    this.links = links;
    this.adding = adding;
    this.deleting = deleting;
    this.firstLifetime = firstLifetime;
  }

  /**
   * Puts them on their links.
   *
   * @throws KernelFault naming those that the kernel refused; all of them if it is not known what
   *     it did
   */
  void put(List<HeldAddress> egressIps) throws KernelFault {
    inOnePiece("put", egressIps, adding);
  }

  /**
   * Takes them from their links. One that is not there is no fault: its life may have ended since
   * it was read.
   *
   * @throws KernelFault naming those that the kernel refused; all of them if it is not known what
   *     it did
   */
  void remove(List<HeldAddress> egressIps) throws KernelFault {
    inOnePiece(
        "remove",
        egressIps,
        addresses ->
            deleting.apply(addresses).stream()
                .filter(refusal -> refusal.reason().errno() != Errno.EADDRNOTAVAIL)
                .toList());
  }

  private void inOnePiece(
      String operation,
      List<HeldAddress> egressIps,
      Function<List<Address>, List<RefusedAddress>> request)
      throws KernelFault {
    List<RefusedAddress> refused;
    try {
      refused = request.apply(addresses(egressIps));
    } catch (NetlinkException failed) {
      throw new KernelFault(
          operation,
          "%d egress IPs: %s".formatted(egressIps.size(), named(egressIps, HeldAddress::address)),
          String.valueOf(failed.getMessage()));
    }
    if (!refused.isEmpty()) {
      throw new KernelFault(
          operation,
          "%d of %d egress IPs: %s"
              .formatted(
                  refused.size(),
                  egressIps.size(),
                  named(refused, refusal -> refusal.address().ip())),
          String.valueOf(refused.getFirst().reason().getMessage()));
    }
  }

  private static <T> String named(Collection<T> some, Function<T, Object> name) {
    String names =
        some.stream()
            .limit(NAMED_MAX)
            .map(name)
            .map(Object::toString)
            .collect(Collectors.joining(", "));
    return some.size() > NAMED_MAX ? names + ", …" : names;
  }

  /** Each link is asked for once. */
  private List<Address> addresses(List<HeldAddress> egressIps) throws KernelFault {
    Map<String, Integer> indexes = new HashMap<>();
    List<Address> addresses = new ArrayList<>();
    for (HeldAddress egressIp : egressIps) {
      Integer known = indexes.get(egressIp.uplink());
      int link = known == null ? links.index(egressIp.uplink()) : known;
      indexes.put(egressIp.uplink(), link);
      addresses.add(
          KernelWriter.address(link, egressIp.address(), egressIp.address().family().bits())
              .with(AddressFlag.NOPREFIXROUTE)
              .withLifetime(firstLifetime));
    }
    return addresses;
  }
}
