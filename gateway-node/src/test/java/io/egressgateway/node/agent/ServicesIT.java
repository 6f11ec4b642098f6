package io.egressgateway.node.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Row 3 of docs/conformance.md where a Service is asked by a load balancer's or external IP: an
 * address outside the cluster, which kube-proxy translates on the pod's node.
 */
final class ServicesIT extends WorkerAndGateway {
  private static final String POD_V6 = "fd44::1:5";
  private static final String NATIVE = "10.6.168.11";
  private static final String NATIVE_V6 = "fd06::11";
  private static final String BACKEND = "10.244.2.5";
  private static final String BACKEND_V6 = "fd44::2:5";
  private static final String SERVICE = "192.0.2.10";
  private static final String SERVICE_V6 = "2001:db8::10";
  private static final String OUTSIDE = "192.0.2.11";
  private static final List<String> PODS = List.of(POD, POD_V6);
  private static final int PATIENCE_MILLIS = 5_000;

  private NetworkNamespace backend;

  @Override
  String[] podAddresses() {
    return new String[] {POD, POD_V6};
  }

  @BeforeEach
  void routeBetweenPods() throws Exception {
    backend = lab.pod(gateway, BACKEND, BACKEND_V6);
    DatapathLab.shell(
        worker,
        "ip route add 10.244.2.0/24 via 10.6.168.12; ip route add fd44::2:0/112 via fd06::12");
    DatapathLab.shell(
        gateway,
        "ip route add 10.244.1.0/24 via 10.6.168.11; ip route add fd44::1:0/112 via fd06::11");
  }

  private void establish(Selection selection, Ownership ownership) throws Exception {
    gatewayKernel.reconcile(
        Plans.plan(
            Plans.mesh(GATEWAY, WORKER),
            Selection.none(Plans.CLUSTER),
            Plans.holding(EIP, GATEWAY)));
    workerKernel.reconcile(Plans.plan(Plans.mesh(WORKER, GATEWAY), selection, ownership));
  }

  /**
   * What kube-proxy has on every node: Services' addresses lead to pods, and what carries its mark
   * is masqueraded.
   *
   * @param mark of packets to Services; none: {@code 0}
   */
  private void startProxy(String mark) throws Exception {
    String to = "meta mark set meta mark or %s dnat to".formatted(mark);
    DatapathLab.shell(
        worker,
        """
        nft -f - <<'END'
        table ip proxy {
          chain services {
            type nat hook prerouting priority -100;
            ip daddr %s udp dport %d %s %s
            ip daddr %s udp dport %d %s %s
          }
          chain leaving {
            type nat hook postrouting priority 100;
            meta mark & 0x4000 == 0x4000 masquerade
          }
        }
        table ip6 proxy {
          chain services {
            type nat hook prerouting priority -100;
            ip6 daddr %s udp dport %d %s %s
          }
          chain leaving {
            type nat hook postrouting priority 100;
            meta mark & 0x4000 == 0x4000 masquerade
          }
        }
        END
        """
            .formatted(
                SERVICE,
                DatapathLab.PORT,
                to,
                BACKEND,
                OUTSIDE,
                DatapathLab.PORT,
                to,
                DatapathLab.SERVER,
                SERVICE_V6,
                DatapathLab.PORT,
                to,
                BACKEND_V6));
  }

  @ParameterizedTest
  @CsvSource({"0, " + POD, "0x4000, " + NATIVE})
  void row3AServiceByAnAddressOutsideTheCluster(String mark, String source) throws Exception {
    startProxy(mark);
    establish(Plans.selection(PODS, "0.0.0.0/0"), Plans.routedTo(GATEWAY));
    checkExchange(BACKEND, SERVICE, source);
    assertThat(lab.sourceOf(pod)).contains(EIP);
  }

  @ParameterizedTest
  @CsvSource({"0, " + POD_V6, "0x4000, " + NATIVE_V6})
  void row3AServiceByAnAddressOfIpv6OutsideTheCluster(String mark, String source) throws Exception {
    startProxy(mark);
    establish(Plans.selection(PODS, "::/0"), Plans.routedTo(GATEWAY));
    checkExchange(BACKEND_V6, SERVICE_V6, source);
  }

  @Test
  void row3AServiceIsReachedWhileNoNodeHoldsTheEgressIp() throws Exception {
    startProxy("0");
    establish(Plans.selection(POD), new Ownership(new TreeMap<>(), new TreeMap<>()));
    checkExchange(BACKEND, SERVICE, POD);
    assertThat(lab.sourceOf(pod)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0", "0x4000"})
  void aServiceThatLeadsOutsideIsReachedWithTheEgressIp(String mark) throws Exception {
    startProxy(mark);
    establish(Plans.selection(POD), Plans.routedTo(GATEWAY));
    try (DatagramSocket socket = pod.run(() -> new DatagramSocket())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      DatapathLab.Client client =
          new DatapathLab.Client(socket, new InetSocketAddress(OUTSIDE, DatapathLab.PORT));
      assertThat(client.ask()).contains(EIP);
      assertThat(client.ask()).contains(EIP);
    }
  }

  @Test
  void anAddressOfTheNodeItselfIsReachedWhileNoNodeHoldsTheEgressIp() throws Exception {
    DatapathLab.shell(worker, "ip addr add %s/32 dev lo".formatted(SERVICE));
    establish(Plans.selection(POD), Ownership.none());
    checkExchange(worker, SERVICE, SERVICE, POD);
  }

  private void checkExchange(String listening, String asked, String source) throws IOException {
    checkExchange(backend, listening, asked, source);
  }

  /** Some packets without an answer, as long as the flow is new, and then some with. */
  private void checkExchange(NetworkNamespace host, String listening, String asked, String source)
      throws IOException {
    try (DatagramSocket service =
            host.run(() -> new DatagramSocket(DatapathLab.PORT, InetAddress.getByName(listening)));
        DatagramSocket socket = pod.run(() -> new DatagramSocket())) {
      service.setSoTimeout(PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(new InetSocketAddress(asked, DatapathLab.PORT));
      DatapathLab.Client client =
          new DatapathLab.Client(socket, new InetSocketAddress(asked, DatapathLab.PORT));
      for (String text : List.of("first", "second")) {
        client.send(text);
        checkArrival(service, text, source);
      }
      for (String text : List.of("third", "fourth")) {
        client.send(text);
        service.send(checkArrival(service, text, source));
        assertThat(client.receive()).isEqualTo(Optional.of(text));
      }
    }
  }

  private static DatagramPacket checkArrival(DatagramSocket service, String text, String source)
      throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[16], 16);
    service.receive(packet);
    assertThat(new String(packet.getData(), 0, packet.getLength(), UTF_8)).isEqualTo(text);
    assertThat(IpAddress.of(packet.getAddress().getHostAddress())).hasToString(source);
    return packet;
  }
}
