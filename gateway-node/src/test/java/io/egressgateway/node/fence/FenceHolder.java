package io.egressgateway.node.fence;

import io.egressgateway.core.lease.Gates;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.fence.Fence.Outcome;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.PacketSocket;
import io.egressgateway.node.netlink.socket.RawClock;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.frame.ArpFrame;
import io.egressgateway.node.netlink.wire.frame.EtherType;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.LinkName;
import java.time.Duration;
import java.util.SortedSet;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that holds the fence of the namespace it is born in: opens both gates, renews a lease,
 * announces, and lapses when it finds itself too late. It says each deadline before it writes it.
 */
final class FenceHolder {
  private static final Duration RENEWAL = Duration.ofMillis(20);

  private FenceHolder() {}

  public static void main(String[] arguments) throws Exception {
    long leaseNanos = Duration.ofMillis(Long.parseLong(arguments[0])).toNanos();
    SortedSet<IpAddress> addresses = FenceLab.set(FenceLab.EIP, FenceLab.EIP6);
    NftFence fence = NftFence.open(RawClock::nanos);
    fence.gate(Places.on(FenceLab.UPLINK, addresses));
    Link uplink;
    try (RouteNetlink routing = RouteNetlink.open(SocketLimits.REQUESTS)) {
      uplink = routing.link(LinkName.of(FenceLab.UPLINK)).orElseThrow();
    }
    PacketSocket frames = PacketSocket.open(uplink.index(), EtherType.ARP, SocketLimits.REQUESTS);
    long deadline = RawClock.nanos() + leaseNanos;
    Outcome outcome = Outcome.WRITTEN;
    for (long version = 1; outcome == Outcome.WRITTEN; version++) {
      System.out.println("deadline " + deadline);
      outcome = fence.write(new Gates(version, addresses, deadline));
      announce(frames, uplink.mac().orElseThrow());
      LockSupport.parkNanos(RENEWAL.toNanos());
      long now = RawClock.nanos();
      // A lease that ran out is not renewed (R4).
      deadline = deadline - now > 0 ? now + leaseNanos : deadline;
    }
    System.out.println("lapsed");
    System.in.read();
  }

  private static void announce(PacketSocket frames, MacAddress mac) {
    try {
      frames.send(ArpFrame.gratuitousReply(mac, (Ipv4Address) FenceLab.EIP).encode());
    } catch (NetlinkException dropped) {
      System.out.println("announcement dropped");
    }
  }
}
