package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.node.kernel.Plans;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent as a process, on a node with a second link, {@code wan}, whose network is the part of
 * that of {@code eth0} that its egress IP is of: where it answers when links come and go.
 */
final class UplinkEventsIT {
  private static final SortedSet<IpAddress> EIP =
      new TreeSet<>(List.of(IpAddress.of(LeaseLab.EIP)));
  private static final SortedSet<IpAddress> NOTHING = new TreeSet<>();
  private static final String NODE_ADDRESS = "10.6.168.193/26";
  private static final String ROUTER_ADDRESS = "10.6.168.194/26";

  private final LeaseLab lab;

  UplinkEventsIT(@TempDir Path directory) throws Exception {
    this.lab = new LeaseLab(directory);
  }

  @BeforeEach
  void start() throws Exception {
    wire();
    lab.startAgent();
    lab.hold(LeaseLab.plan(11), 1);
  }

  /** The router's end of the cable comes and goes with the node's. */
  private void wire() throws Exception {
    node(
        "ip link add wan type veth peer name wan netns %s; ip addr add %s dev wan; ip link set wan up"
            .formatted(lab.lab().server().name(), NODE_ADDRESS));
    DatapathLab.shell(
        lab.lab().server(), "ip addr add %s dev wan; ip link set wan up".formatted(ROUTER_ADDRESS));
  }

  @AfterEach
  void stop() throws Exception {
    lab.stop();
  }

  private void node(String script) throws Exception {
    DatapathLab.shell(lab.gateway(), script);
  }

  @Test
  void anEgressIpFollowsTheLinksOfItsNode() throws Exception {
    awaitAnswersOn("wan");
    node("ip link set wan down");
    awaitAnswersOn("eth0");
    node("ip link set wan up");
    awaitAnswersOn("wan");
    node("ip addr del %s dev wan".formatted(NODE_ADDRESS));
    awaitAnswersOn("eth0");
    node("ip addr add %s dev wan".formatted(NODE_ADDRESS));
    awaitAnswersOn("wan");
    node("ip link del wan");
    awaitAnswersOn("eth0");
    wire();
    awaitAnswersOn("wan");
  }

  @Test
  void aRenamedLinkKeepsItsEgressIp() throws Exception {
    awaitAnswersOn("wan");
    node("ip link set wan down; ip link set wan name lan; ip link set lan up");
    awaitAnswersOn("wan");
    assertThat(linkOfEgressIp()).isEqualTo("lan");
  }

  @Test
  void aPlanThatExcludesTheLinkTakesEffectAtOnce() throws Exception {
    awaitAnswersOn("wan");
    NodePlan excluding = Plans.excluding(LeaseLab.plan(11), "eth*", "w?n");
    lab.controller().offer(excluding);
    awaitAnswersOn("eth0");
    lab.controller().offer(Plans.excluding(excluding, "w"));
    awaitAnswersOn("wan");
  }

  /** The router's end of a link has its first name for ever. */
  private void awaitAnswersOn(String link) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> {
              assertThat(answered("eth0")).isEqualTo(link.equals("eth0") ? EIP : NOTHING);
              if (link.equals("wan")) {
                assertThat(answered("wan")).isEqualTo(EIP);
              }
            });
  }

  private String linkOfEgressIp() throws Exception {
    return DatapathLab.shell(
            lab.gateway(), "ip -o addr show to %s/32 | cut -d' ' -f2".formatted(LeaseLab.EIP))
        .strip();
  }

  private SortedSet<IpAddress> answered(String link) throws Exception {
    return new TreeSet<>(Router.whoAnswers(lab.lab(), link, EIP).keySet());
  }
}
