package io.egressgateway.load.failover;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.fault.Faults;
import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.LabSettings;
import io.egressgateway.load.lab.LabSettings.ApiChoice;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.PodExec;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.guide.GuideCluster;
import io.egressgateway.load.oracle.SegmentOracle;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Row 5 of the fault matrix for a policy with an egress IP of each family: both leave a node that
 * loses its power, and neither is ever answered for by two, be it by ARP or neighbour discovery.
 */
@Tag("matrix")
final class DualStackFailoverIT {
  private static final int GATEWAYS = 2;
  private static final int LOG_LINES = 40;
  private static final LabSettings SETTINGS =
      LabSettings.usual().with(ApiChoice.EMBEDDED).with(Topology.of(GATEWAYS, 1).dualStack());
  private static final Ipv4Address EIP = Ipv4Address.of("10.6.168.201");
  private static final Ipv6Address EIP_V6 = Ipv6Address.of("fd06:0:0:a8::201");
  private static final List<IpAddress> EIPS = List.of(EIP, EIP_V6);

  private static final String GATEWAY =
      """
      apiVersion: egressgateway.spidernet.io/v1beta1
      kind: EgressGateway
      metadata:
        name: default
      spec:
        ippools:
          ipv4: ["10.6.168.201"]
          ipv6: ["fd06:0:0:a8::201"]
        nodeSelector:
          selector:
            matchLabels: {egressgateway: "true"}
      """;

  private static final String POLICY =
      """
      apiVersion: egressgateway.spidernet.io/v1beta1
      kind: EgressPolicy
      metadata:
        name: both
        namespace: default
      spec:
        egressGatewayName: default
        appliedTo:
          podSelector:
            matchLabels: {app: test-app}
      """;

  @Test
  void bothAddressesLeaveANodeThatLosesItsPower() throws Exception {
    Consumer<String> events = System.out::println;
    try (Lab lab = Lab.open(SETTINGS, events)) {
      try {
        play(lab);
      } catch (Exception | AssertionError e) {
        System.out.println(lab.supervisor().logTails(LOG_LINES));
        throw e;
      }
    }
  }

  private static void play(Lab lab) throws Exception {
    GuideCluster guide = GuideCluster.start(lab);
    create(lab, GATEWAY);
    guide.gatewayNodes().forEach(guide::label);
    guide.awaitLeases(GuideCluster.GATEWAY);
    guide.createPods();
    create(lab, POLICY);
    Faults faults = new Faults(lab, System.out::println);
    try (PodExec pod = lab.exec(guide.matchedPod());
        SegmentOracle oracle =
            SegmentOracle.start(lab.settings().topology(), EIPS, SegmentOracle.PACE)) {
      awaitSources(pod);
      strike(oracle, faults, holder(oracle, EIP));
      awaitSources(pod);
      guide.awaitLeases(GuideCluster.GATEWAY);
      strike(oracle, faults, holder(oracle, EIP_V6));
      awaitSources(pod);
      assertThat(oracle.overlaps()).isEmpty();
    }
  }

  /** Takes the node's power and gives it back when what it held is answered for elsewhere. */
  private static void strike(SegmentOracle oracle, Faults faults, NodeName victim)
      throws Exception {
    List<IpAddress> held =
        EIPS.stream()
            .filter(address -> oracle.holder(address).filter(victim::equals).isPresent())
            .toList();
    assertThat(held).isNotEmpty();
    long began = System.nanoTime();
    faults
        .powerOff(victim)
        .during(
            () -> {
              for (IpAddress address : held) {
                Patience.USUAL.await(
                    "another node than %s to answer for %s".formatted(victim, address),
                    () -> oracle.successor(address, victim, began));
              }
            });
    for (IpAddress address : held) {
      assertThat(holder(oracle, address)).as("no move back of " + address).isNotEqualTo(victim);
    }
  }

  private static NodeName holder(SegmentOracle oracle, IpAddress address) throws Exception {
    return Patience.USUAL.await("a node to answer for " + address, () -> oracle.holder(address));
  }

  private static void awaitSources(PodExec pod) throws Exception {
    Patience.USUAL.await(
        "connections from " + EIPS,
        () -> {
          Optional<Ipv4Address> ipv4 = pod.sourceAddress(GuideCluster.ANSWER_PATIENCE);
          Optional<Ipv6Address> ipv6 = pod.sourceAddressV6(GuideCluster.ANSWER_PATIENCE);
          boolean both = ipv4.equals(Optional.of(EIP)) && ipv6.equals(Optional.of(EIP_V6));
          return both ? Optional.of(EIPS) : Optional.empty();
        });
  }

  private static void create(Lab lab, String yaml) {
    lab.client().load(new ByteArrayInputStream(yaml.getBytes(UTF_8))).create();
  }
}
