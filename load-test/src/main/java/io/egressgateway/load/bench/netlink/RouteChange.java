package io.egressgateway.load.bench.netlink;

import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.route.NextHop;
import io.egressgateway.node.netlink.wire.route.Route;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A route comes and goes. JMH makes the instances, in the namespace of a {@link BenchScene}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
public class RouteChange {
  private Optional<Kit> kit = Optional.empty();

  private record Kit(RouteNetlink netlink, Route route, ForkedTool ip) {}

  /** Opens the socket. */
  @Setup
  public void open() {
    RouteNetlink netlink = RouteNetlink.open(SocketLimits.REQUESTS);
    int link = netlink.link(BenchScene.LINK).orElseThrow().index();
    Route route = Route.to(BenchScene.DESTINATION, NextHop.device(link));
    kit = Optional.of(new Kit(netlink, route, DebianTool.IP.require()));
  }

  /** Two requests, each acknowledged. */
  @Benchmark
  public void netlink() {
    Kit with = kit.orElseThrow();
    with.netlink.addRoute(with.route);
    with.netlink.deleteRoute(with.route);
  }

  /** Two runs of ip. */
  @Benchmark
  public void forked() throws Exception {
    ForkedTool ip = kit.orElseThrow().ip;
    String destination = BenchScene.DESTINATION.toString();
    String link = BenchScene.LINK.toString();
    ip.run("route", "add", destination, "dev", link);
    ip.run("route", "del", destination, "dev", link);
  }

  /** Closes the socket. */
  @TearDown
  public void close() {
    kit.orElseThrow().netlink.close();
  }
}
