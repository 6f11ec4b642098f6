package io.egressgateway.node.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody takes all rules of a gateway node away while no agent is there to put them back. */
final class BackstopIT extends WorkerAndGateway {
  private static final String EIP_V6 = "fd06::201";
  private static final String POD_V6 = "fd44::1:5";
  private static final int PORT = 9009;
  private static final int WAIT_MILLIS = 1_000;

  @Override
  String[] podAddresses() {
    return new String[] {POD, POD_V6};
  }

  @BeforeEach
  void establish() throws Exception {
    establish(EIP, Plans.selection(List.of(POD), "0.0.0.0/0"));
    assertThat(sourceAtServer(DatapathLab.SERVER)).contains(EIP);
  }

  @Test
  void nothingLeavesWithAPodsAddress() throws Exception {
    DatapathLab.shell(gateway, "nft flush ruleset");
    assertThat(sourceAtServer(DatapathLab.SERVER)).isEmpty();
    DatapathLab.shell(gateway, "ip rule del priority 32765");
    assertThat(sourceAtServer(DatapathLab.SERVER)).as("without the rule").contains(POD);
  }

  @Test
  void norOfIpv6() throws Exception {
    establish(EIP_V6, Plans.selection(List.of(POD_V6), "::/0"));
    assertThat(sourceAtServer(DatapathLab.SERVER_V6)).contains(full(EIP_V6));
    DatapathLab.shell(gateway, "nft flush ruleset");
    assertThat(sourceAtServer(DatapathLab.SERVER_V6)).isEmpty();
    DatapathLab.shell(gateway, "ip -6 rule del priority 32765");
    assertThat(sourceAtServer(DatapathLab.SERVER_V6)).as("without the rule").contains(full(POD_V6));
  }

  @Test
  void theTunnelsOwnAddressesAnswer() throws Exception {
    assertThat(reaches(worker, "172.31.0.12")).isTrue();
    // As Cilium has it.
    DatapathLab.shell(
        gateway, "ip rule add priority 100 lookup local && ip rule del priority 0 lookup local");
    assertThat(reaches(worker, "172.31.0.12")).isTrue();
    assertThat(lab.sourceOf(pod, IpFamily.IPV4)).contains(EIP);
  }

  private static boolean reaches(NetworkNamespace node, String address) {
    return node.run(() -> InetAddress.getByName(address).isReachable(WAIT_MILLIS));
  }

  private static String full(String address) throws IOException {
    return InetAddress.getByName(address).getHostAddress();
  }

  /** What a datagram of the pod comes from, if it comes: it is not answered. */
  private Optional<String> sourceAtServer(String server) throws IOException {
    try (DatagramSocket listener =
            lab.server().run(() -> new DatagramSocket(PORT, InetAddress.getByName(server)));
        DatagramSocket socket = pod.run(() -> new DatagramSocket())) {
      listener.setSoTimeout(WAIT_MILLIS);
      byte[] text = "?".getBytes(UTF_8);
      socket.send(new DatagramPacket(text, text.length, new InetSocketAddress(server, PORT)));
      DatagramPacket packet = new DatagramPacket(new byte[8], 8);
      try {
        listener.receive(packet);
      } catch (SocketTimeoutException nothingCame) {
        return Optional.empty();
      }
      return Optional.of(packet.getAddress().getHostAddress());
    }
  }
}
