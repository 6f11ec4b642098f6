package io.egressgateway.load.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.fault.Breakage;
import io.egressgateway.load.fault.Faults;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.guide.GuideCluster;
import io.egressgateway.load.lab.net.LabNetwork;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Rows of the fault matrix in which others change kernels, nodes, policies and the segment. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("matrix")
final class ForeignHandsIT {
  /** First what must move nothing: a node that lost a lease of late is avoided for a while. */
  private static final int CALM = 1;

  private static final int MOVING = 2;

  /** One and a half times as long as a defence is enough for. */
  private static final long DEFENCE_WATCH_SECONDS = 15;

  /** Several leases. */
  private static final long WATCH_SECONDS = 6;

  private static SharedScene shared;

  @BeforeAll
  static void start() throws Exception {
    shared = SharedScene.start();
  }

  @AfterAll
  static void end() throws Exception {
    shared.end();
  }

  @Test
  @Order(CALM)
  @DisplayName("24 a firewall drops the tunnel between a node and the holder: said, nothing moves")
  void tunnelCut() throws Exception {
    shared.row(
        scene -> {
          NodeName holder = scene.holder();
          NodeName worker = scene.guide().matchedPod().node().name();
          Lapses lapses = Lapses.count(scene.lab());
          scene
              .faults()
              .tunnelBetween(worker, holder)
              .during(
                  () -> {
                    assertThat(awaitPathLost(scene, worker))
                        .contains(end(scene, worker), end(scene, holder), "UDP port 7789");
                    TimeUnit.SECONDS.sleep(WATCH_SECONDS);
                    assertThat(scene.holder()).as("nothing moved").isEqualTo(holder);
                  });
          Patience.USUAL.await(
              "TunnelPathLost to be gone",
              () -> pathLost(scene, worker).isPresent() ? Optional.empty() : Optional.of(true));
          assertThat(scene.holder()).isEqualTo(holder);
          assertThat(Lapses.count(scene.lab()).since(lapses)).as("lapses").isZero();
        });
  }

  private static String awaitPathLost(Scene scene, NodeName node) throws Exception {
    return Patience.USUAL.await("TunnelPathLost of " + node, () -> pathLost(scene, node));
  }

  private static Optional<String> pathLost(Scene scene, NodeName node) {
    return scene.guide().objects().tunnelCondition(node, "TunnelPathLost");
  }

  private static String end(Scene scene, NodeName node) {
    return "%s (%s)".formatted(node, scene.lab().settings().topology().node(node).underlay());
  }

  @Test
  @Order(MOVING)
  @DisplayName("51 Node object deleted and created again: a planned move, nothing else")
  void nodeObject() throws Exception {
    shared.row(
        scene -> {
          NodeName from = scene.holder();
          scene.lab().kubelet().unregister(from);
          scene.awaitOtherThan(from);
          scene.lab().kubelet().register(from);
          scene.guide().label(from.value());
        });
  }

  @Test
  @Order(CALM)
  @DisplayName("58 iptables -F: own tables untouched")
  void iptables() throws Exception {
    shared.row(
        scene -> {
          NodeName holder = scene.holder();
          scene.faults().flushIptables(holder).mend();
          scene.faults().flushIptables(scene.guide().matchedPod().node().name()).mend();
          assertThat(scene.holder()).isEqualTo(holder);
        });
  }

  @Test
  @Order(CALM)
  @DisplayName("59 nft flush ruleset on the holder: no packet with another source")
  void ruleset() throws Exception {
    shared.row(scene -> scene.faults().flushRuleset(scene.holder()).mend());
  }

  @Test
  @Order(MOVING)
  @DisplayName("59 the same while the holder's agent is dead: nor are there two holders")
  void rulesetOfADeadAgent() throws Exception {
    shared.row(
        scene -> {
          NodeName holder = scene.holder();
          Breakage dead = scene.faults().down(Faults.agentOf(holder));
          Breakage flushed = scene.faults().flushRuleset(holder);
          scene.awaitOtherThan(holder);
          TimeUnit.SECONDS.sleep(WATCH_SECONDS);
          flushed.mend();
          dead.mend();
        });
  }

  @Test
  @Order(CALM)
  @DisplayName("60 ip rule flush, ip addr flush: restored")
  void rulesAndAddresses() throws Exception {
    shared.row(
        scene -> {
          scene.faults().flushRules(scene.holder()).mend();
          scene.awaitFlow();
          scene.faults().flushAddress(scene.holder(), scene.eip()).mend();
        });
  }

  @Test
  @Order(CALM)
  @DisplayName("64 a stranger has an egress IP before it is claimed: named, not opened; then it is")
  void strangerBefore() throws Exception {
    shared.row(
        scene -> {
          Ipv4Address address = Ipv4Address.of("10.6.168.203");
          scene.arp().watch(address);
          scene.faults().strangerWith(address).during(() -> claimInVain(scene, address));
          Patience.USUAL.await("an answer for " + address, () -> scene.arp().holder(address));
          SharingPolicies.delete(scene, List.of("claiming"));
        });
  }

  @Test
  @Order(MOVING)
  @DisplayName(
      "65 a stranger claims an egress IP that is held: named, defended once in ten seconds")
  void strangerAfter() throws Exception {
    shared.row(
        scene -> {
          NodeName holder = scene.holder();
          try (Announcements heard = Announcements.listen(scene.eip())) {
            scene
                .faults()
                .strangerWith(scene.eip())
                .during(
                    () -> {
                      awaitConflict(scene, scene.eip());
                      TimeUnit.SECONDS.sleep(DEFENCE_WATCH_SECONDS);
                    });
            // At once and after ten seconds, and perhaps what is announced every minute anyway.
            assertThat(heard.of(scene.lab().settings().topology().node(holder)))
                .as("announcements in 15 s")
                .isBetween(1, 3);
          }
          assertThat(scene.holder()).as("nothing moved").isEqualTo(holder);
        });
  }

  private static void claimInVain(Scene scene, Ipv4Address address) throws Exception {
    SharingPolicies.apply(scene, "claiming", address);
    awaitConflict(scene, address);
    assertThat(scene.arp().holdings(address)).as("who answered").isEmpty();
    assertThat(scene.kernels().open().values()).noneMatch(open -> open.contains(address));
  }

  private static void awaitConflict(Scene scene, Ipv4Address address) throws Exception {
    String mac = LabNetwork.underlayMac(LabNetwork.STRANGER).toString();
    Patience.USUAL.await(
        "AddressConflict to name %s and %s".formatted(address, mac),
        () ->
            scene
                .guide()
                .objects()
                .gatewayCondition(GuideCluster.GATEWAY, "AddressConflict")
                .filter(message -> message.contains(mac) && message.contains(address.toString())));
  }

  @Test
  @Order(MOVING)
  @DisplayName("68 an egress IP that many policies share moves once, for all of them")
  void shared() throws Exception {
    shared.row(
        scene -> {
          List<String> policies = SharingPolicies.create(scene, 20);
          NodeName from = shared.takeover(scene.faults()::powerOff);
          NodeName now = scene.holder();
          for (String policy : policies) {
            Patience.USUAL.await(
                policy + " to be said to be on " + now,
                () ->
                    scene
                        .guide()
                        .objects()
                        .policyStatus("default", policy)
                        .filter(status -> status.holder().equals(now))
                        .filter(status -> status.eip().equals(scene.eip())));
          }
          assertThat(now).isNotEqualTo(from);
          SharingPolicies.delete(scene, policies);
        });
  }

  @Test
  @Order(MOVING)
  @DisplayName("69 a policy's egress IP changes on the same node: the old one is answered no more")
  void changed() throws Exception {
    shared.row(
        scene -> {
          Ipv4Address before = Ipv4Address.of("10.6.168.204");
          Ipv4Address after = Ipv4Address.of("10.6.168.205");
          scene.arp().watch(before);
          scene.arp().watch(after);
          SharingPolicies.apply(scene, "changing", before);
          Patience.USUAL.await("an answer for " + before, () -> scene.arp().holder(before));
          SharingPolicies.apply(scene, "changing", after);
          Patience.USUAL.await("an answer for " + after, () -> scene.arp().holder(after));
          Patience.USUAL.await(
              "nobody to answer for " + before,
              () -> scene.arp().holder(before).isEmpty() ? Optional.of(true) : Optional.empty());
          SharingPolicies.delete(scene, List.of("changing"));
        });
  }
}
