package io.egressgateway.node.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.netlink.ConntrackNetlink;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants;
import io.egressgateway.node.netlink.wire.conntrack.ConntrackEntry;
import io.egressgateway.node.netlink.wire.conntrack.FlowKey;
import io.egressgateway.node.netlink.wire.conntrack.Layer4;
import io.egressgateway.node.netlink.wire.conntrack.MarkFilter;
import io.egressgateway.node.netlink.wire.conntrack.Progress;
import io.egressgateway.node.netlink.wire.conntrack.ProtocolState;
import io.egressgateway.node.netlink.wire.conntrack.Tuple;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections of a former policy, more than there is room for. */
final class TrackedFlowsIT {
  private static final KernelNumbers OTHER = new KernelNumbers(0x42000000, 0xfe000000, 0, 98);
  private static final int STATUS =
      ConntrackConstants.IPS_SEEN_REPLY
          | ConntrackConstants.IPS_ASSURED
          | ConntrackConstants.IPS_CONFIRMED;
  private static final String DESELECTED = "10.244.1.5";
  private static final String KEPT = "10.244.1.6";
  private static final int PORTS = 60_000;

  private final NetworkNamespace namespace =
      NetworkNamespace.create("egn-flows-" + ProcessHandle.current().pid());
  private final ConntrackNetlink conntrack =
      namespace.run(() -> ConntrackNetlink.open(SocketLimits.REQUESTS));

  @AfterEach
  void close() {
    conntrack.close();
    namespace.delete();
  }

  /** With a small heap, in the namespace that it is born in. */
  static final class SmallAgent {
    private SmallAgent() {}

    public static void main(String[] arguments) {
      try (ConntrackNetlink conntrack = ConntrackNetlink.open(SocketLimits.REQUESTS)) {
        TrackedFlows flows = new TrackedFlows(conntrack);
        flows.renumber(OTHER, KernelNumbers.USUAL);
        Selection nothing = Selection.none(Plans.CLUSTER);
        System.out.println("forgotten " + flows.forgetObsolete(nothing, KernelNumbers.USUAL));
      }
    }
  }

  @Test
  void obsoleteOnesAreForgottenAndOthersGetOtherMarksInPieces() {
    int count = 1000;
    create(DESELECTED, count, KernelNumbers.USUAL);
    create(KEPT, count, KernelNumbers.USUAL);
    TrackedFlows flows = new TrackedFlows(conntrack, 100);
    assertThat(flows.forgetObsolete(Plans.selection(KEPT), KernelNumbers.USUAL)).isEqualTo(count);
    assertThat(of(KernelNumbers.USUAL))
        .hasSize(count)
        .allMatch(entry -> entry.key().original().source().equals(IpAddress.of(KEPT)));
    flows.renumber(KernelNumbers.USUAL, OTHER);
    assertThat(of(KernelNumbers.USUAL)).isEmpty();
    assertThat(of(OTHER))
        .hasSize(count)
        .allMatch(entry -> entry.progress().mark() == OTHER.egress(new EipNumber(1)));
  }

  @Test
  void moreThanThereIsRoomForAreForgottenAll() throws Exception {
    create(DESELECTED, PORTS, OTHER);
    ProcessBuilder agent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx32m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                SmallAgent.class.getName())
            .redirectErrorStream(true);
    Process process = namespace.run(agent::start);
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("forgotten " + PORTS);
  }

  private List<ConntrackEntry> of(KernelNumbers numbers) {
    return conntrack.entries(IpFamily.IPV4, new MarkFilter(numbers.mark(), numbers.mask()));
  }

  private void create(String pod, int count, KernelNumbers numbers) {
    int mark = numbers.egress(new EipNumber(1));
    assertThat(
            conntrack.create(
                IntStream.rangeClosed(1, count).mapToObj(port -> entry(pod, port, mark)).toList()))
        .isEmpty();
  }

  private static ConntrackEntry entry(String pod, int port, int mark) {
    Tuple original =
        new Tuple(IpAddress.of(pod), IpAddress.of("192.0.2.80"), new Layer4.Ports(17, port, 443));
    return new ConntrackEntry(
        FlowKey.of(original),
        original.inverse(),
        new Progress(STATUS, mark, 600, new ProtocolState.Stateless()),
        Optional.empty());
  }
}
