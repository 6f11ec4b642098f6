package io.egressgateway.node.uplink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.RawClock;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node, the router that its default routes name, and a host that takes addresses it may not. */
final class UplinkWatchIT {
  private static final AtomicInteger LABS = new AtomicInteger();
  private static final IpAddress EIP = IpAddress.of("10.8.0.201");
  private static final IpAddress EIP6 = IpAddress.of("fd08::201");
  private static final String RIVAL_MAC = "02:00:00:00:00:99";
  private static final int DISCARD_PORT = 9;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOSS_MAX = Duration.ofSeconds(1);

  /** Of a machine that does other things too. */
  private static final Duration SLACK = Duration.ofMillis(500);

  private final String prefix =
      "egu" + ProcessHandle.current().pid() + "x" + LABS.incrementAndGet();
  private final List<NetworkNamespace> namespaces = new ArrayList<>();
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final NetworkNamespace segment = namespace("s");
  private final NetworkNamespace node = namespace("n");
  private final NetworkNamespace router = namespace("r");
  private final NetworkNamespace rival = namespace("x");
  private Optional<UplinkWatch> watch = Optional.empty();

  private final class Told implements UplinkListener {
    @Override
    public void uplinkLost(String reason) {
      told.add("lost: " + reason);
    }

    @Override
    public void uplinkFound() {
      told.add("found");
    }

    @Override
    public void addressConflict(IpAddress address, MacAddress mac) {
      told.add("conflict " + address + " " + mac);
    }
  }

  @BeforeEach
  void start() throws Exception {
    in(segment, "ip link add br0 type bridge; ip link set br0 up");
    for (NetworkNamespace host : List.of(node, router, rival)) {
      in(
          segment,
          """
          ip link add p%1$s type veth peer name eth0 netns %2$s
          ip link set p%1$s master br0; ip link set p%1$s up
          """
              .formatted(host.name().substring(prefix.length()), host.name()));
    }
    in(rival, "ip link set eth0 address " + RIVAL_MAC);
    in(node, "ip link set lo up; ip link set eth0 up; ip addr add 10.8.0.2/24 dev eth0");
    in(node, "ip addr add fd08::2/64 dev eth0 nodad");
    in(router, "ip link set eth0 up; ip addr add 10.8.0.1/24 dev eth0");
    in(router, "ip addr add fd08::1/64 dev eth0 nodad");
    in(rival, "ip link set eth0 up");
    in(node, "ip route add default via 10.8.0.1; ip -6 route add default via fd08::1 dev eth0");
    watch = Optional.of(node.run(() -> UplinkWatch.start("eth0", new Told(), RawClock::nanos)));
  }

  @AfterEach
  void stop() {
    watch.ifPresent(UplinkWatch::close);
    namespaces.reversed().forEach(NetworkNamespace::delete);
  }

  private NetworkNamespace namespace(String name) {
    NetworkNamespace namespace = NetworkNamespace.create(prefix + name);
    namespaces.add(namespace);
    return namespace;
  }

  private static String in(NetworkNamespace namespace, String script) throws Exception {
    Process process =
        namespace.run(
            () -> new ProcessBuilder("sh", "-ec", script).redirectErrorStream(true).start());
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(script + ": " + output);
    }
    return output;
  }

  private String next(Duration patience) throws InterruptedException {
    return Optional.ofNullable(told.poll(patience.toMillis(), TimeUnit.MILLISECONDS))
        .orElse("nothing");
  }

  private UplinkWatch watch() {
    return watch.orElseThrow();
  }

  private static SortedSet<IpAddress> both() {
    return new TreeSet<>(List.of(EIP, EIP6));
  }

  @Test
  void aRouterThatFallsSilentIsALossWithinASecond() throws Exception {
    assertThat(next(LOSS_MAX.multipliedBy(2))).as("while all is well").isEqualTo("nothing");
    long before = RawClock.nanos();
    in(segment, "ip link set pr down");
    assertThat(next(PATIENCE)).startsWith("lost: next hop").contains("10.8.0.1", "fd08::1");
    Duration took = Duration.ofNanos(RawClock.nanos() - before);
    System.out.printf("silent next hops were a loss after %d ms%n", took.toMillis());
    assertThat(took).isLessThan(LOSS_MAX.plus(SLACK));
    in(segment, "ip link set pr up");
    assertThat(next(PATIENCE)).isEqualTo("found");
  }

  @Test
  void aMissingCarrierIsALossAtOnce() throws Exception {
    assertThat(next(LOSS_MAX)).isEqualTo("nothing");
    long before = RawClock.nanos();
    in(segment, "ip link set pn down");
    assertThat(next(PATIENCE)).isEqualTo("lost: no carrier");
    System.out.printf(
        "a missing carrier was a loss after %d ms%n",
        Duration.ofNanos(RawClock.nanos() - before).toMillis());
    in(segment, "ip link set pn up");
    assertThat(next(PATIENCE)).isEqualTo("found");
  }

  @Test
  void aRouterThatNeverAnsweredIsNoLoss() throws Exception {
    in(node, "ip route replace default via 10.8.0.77; ip -6 route del default");
    assertThat(next(LOSS_MAX.multipliedBy(2))).isEqualTo("nothing");
  }

  @Test
  void aProbeNamesWhoHasTheAddresses() throws Exception {
    assertThat(next(LOSS_MAX)).isEqualTo("nothing");
    assertThat(probed()).isEmpty();
    in(rival, "ip addr add 10.8.0.201/24 dev eth0; ip addr add fd08::201/64 dev eth0 nodad");
    assertThat(probed())
        .containsEntry(EIP, MacAddress.of(RIVAL_MAC))
        .containsEntry(EIP6, MacAddress.of(RIVAL_MAC));
  }

  private SortedMap<IpAddress, MacAddress> probed() throws Exception {
    return watch()
        .probe(both())
        .toCompletableFuture()
        .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Test
  void aRivalOfAHeldAddressIsReportedAndDefendedAgainst() throws Exception {
    in(node, "ip addr add 10.8.0.201/32 dev eth0");
    watch().hold(both());
    assertThat(next(LOSS_MAX)).isEqualTo("nothing");
    in(rival, "ip addr add 10.8.0.201/24 dev eth0; ip addr add fd08::201/64 dev eth0 nodad");
    speak("10.8.0.1");
    assertThat(next(PATIENCE)).isEqualTo("conflict " + EIP + " " + RIVAL_MAC);
    speak("fd08::1");
    assertThat(next(PATIENCE)).isEqualTo("conflict " + EIP6 + " " + RIVAL_MAC);
    assertThat(neighbours()).as("defended").doesNotContain("10.8.0.201 lladdr " + RIVAL_MAC);
    watch().hold(new TreeSet<>());
    in(rival, "ip neigh flush dev eth0");
    assertThat(next(LOSS_MAX)).isEqualTo("nothing");
    speak("10.8.0.1");
    assertThat(next(LOSS_MAX)).isEqualTo("nothing");
  }

  /** The router is told by the defence where the address is. */
  private String neighbours() throws Exception {
    return in(router, "ip neigh show dev eth0");
  }

  /** The rival asks for a neighbour, and says so from which address. */
  private void speak(String neighbour) {
    rival.run(
        () -> {
          try (DatagramSocket socket = new DatagramSocket()) {
            byte[] nothing = {};
            socket.send(
                new DatagramPacket(nothing, 0, new InetSocketAddress(neighbour, DISCARD_PORT)));
          }
          return neighbour;
        });
  }
}
