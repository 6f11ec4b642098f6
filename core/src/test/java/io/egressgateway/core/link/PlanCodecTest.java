package io.egressgateway.core.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.egressgateway.core.link.v1.EipRoute;
import io.egressgateway.core.link.v1.Endpoint;
import io.egressgateway.core.link.v1.HeldEip;
import io.egressgateway.core.link.v1.Plan;
import io.egressgateway.core.link.v1.PlanDelta;
import io.egressgateway.core.link.v1.PodClass;
import io.egressgateway.core.link.v1.Tunnel;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.RandomPlans;
import java.util.Collections;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PlanCodecTest {
  private static final ByteString IPV4 = bytes(10, 6, 1, 1);
  private static final ByteString MAC = bytes(0x66, 0, 0, 0, 0, 1);

  private static Plan.Builder good() {
    return Plan.newBuilder()
        .setRevision(4)
        .setTunnel(
            Tunnel.newBuilder()
                .setDevice("egress.vxlan")
                .setVni(100)
                .setPort(7789)
                .setIpv4Subnet("172.31.0.0/16"))
        .setSelf(endpoint(1))
        .addPeers(endpoint(2))
        .addClusterCidrs("10.244.0.0/16")
        .addPods(PodClass.newBuilder().setAddress(IPV4).setEndpointClass(1))
        .addRules(rule(24))
        .addRoutes(EipRoute.newBuilder().setEip(1).setNode(2))
        .addHeld(HeldEip.newBuilder().setEip(1).setAddress(IPV4));
  }

  private static Endpoint.Builder endpoint(int number) {
    return Endpoint.newBuilder()
        .setNode("node-" + number)
        .setNumber(number)
        .setMac(MAC)
        .setUnderlay(IPV4);
  }

  private static io.egressgateway.core.link.v1.ClassRule.Builder rule(int prefixLength) {
    return io.egressgateway.core.link.v1.ClassRule.newBuilder()
        .setEndpointClass(1)
        .setDestination(bytes(10, 6, 1, 0))
        .setPrefixLength(prefixLength)
        .setEip(1);
  }

  private static ByteString bytes(int... octets) {
    byte[] result = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      result[i] = (byte) octets[i];
    }
    return ByteString.copyFrom(result);
  }

  private static Arguments bad(String field, Consumer<Plan.Builder> damage) {
    return Arguments.of(field, damage);
  }

  static Stream<Arguments> badPlans() {
    return Stream.of(
        bad("revision", plan -> plan.setRevision(0)),
        bad("revision", plan -> plan.setRevision(-1)),
        bad("tunnel", Plan.Builder::clearTunnel),
        bad("tunnel.device", plan -> plan.getTunnelBuilder().setDevice("")),
        bad("tunnel.device", plan -> plan.getTunnelBuilder().setDevice("a-name-of-16-chr")),
        bad("tunnel.device", plan -> plan.getTunnelBuilder().setVni(0)),
        bad("tunnel.device", plan -> plan.getTunnelBuilder().setPort(65_536)),
        bad("tunnel.ipv4_subnet", plan -> plan.getTunnelBuilder().setIpv4Subnet("172.31.0.0")),
        bad("tunnel.ipv4_subnet", plan -> plan.getTunnelBuilder().setIpv4Subnet("fd11::/112")),
        bad("tunnel.ipv6_subnet", plan -> plan.getTunnelBuilder().setIpv6Subnet("10.0.0.0/8")),
        bad("self", Plan.Builder::clearSelf),
        bad("self.node", plan -> plan.getSelfBuilder().setNode("No Such Name")),
        bad("self.number", plan -> plan.getSelfBuilder().setNumber(0)),
        bad("self.number", plan -> plan.getSelfBuilder().setNumber(-1)),
        bad("self.mac", plan -> plan.getSelfBuilder().setMac(bytes(1, 2, 3))),
        bad("self.underlay", plan -> plan.getSelfBuilder().clearUnderlay()),
        bad("self.ipv4", plan -> plan.getSelfBuilder().setIpv4(bytes(1))),
        bad("self.ipv6", plan -> plan.getSelfBuilder().setIpv6(IPV4)),
        bad("peers[1]", plan -> plan.addPeers(endpoint(2))),
        bad("peers", plan -> plan.addPeers(endpoint(1))),
        bad("cluster_cidrs[1].cidr", plan -> plan.addClusterCidrs("10.0.0.0/33")),
        bad("pods[0].address", plan -> plan.getPodsBuilder(0).clearAddress()),
        bad("pods[0].endpoint_class", plan -> plan.getPodsBuilder(0).setEndpointClass(0)),
        bad("pods[1]", plan -> plan.addPods(plan.getPods(0))),
        bad("rules[0].destination", plan -> plan.setRules(0, rule(16))),
        bad("rules[0].prefix_length", plan -> plan.setRules(0, rule(33))),
        bad("rules[0].prefix_length", plan -> plan.setRules(0, rule(-1))),
        bad("rules[0].endpoint_class", plan -> plan.setRules(0, rule(24).setEndpointClass(-1))),
        bad("rules[0].eip", plan -> plan.setRules(0, rule(24).setEip(65_536))),
        bad("rules", plan -> plan.addRules(rule(24).setEip(2))),
        bad("routes[0].eip", plan -> plan.getRoutesBuilder(0).clearEip()),
        bad("routes[0].node", plan -> plan.getRoutesBuilder(0).clearNode()),
        bad("routes[1]", plan -> plan.addRoutes(plan.getRoutes(0))),
        bad("held[0].eip", plan -> plan.getHeldBuilder(0).setEip(-5)),
        bad("held[0].address", plan -> plan.getHeldBuilder(0).setAddress(MAC)));
  }

  @Test
  void theGoodPlanIsGood() throws Exception {
    assertThat(PlanCodec.decode(good().build()).revision()).isEqualTo(new Revision(4));
  }

  @ParameterizedTest
  @MethodSource("badPlans")
  void aBadFieldIsNamed(String field, Consumer<Plan.Builder> damage) {
    Plan.Builder plan = good();
    damage.accept(plan);

    assertThatExceptionOfType(MalformedLinkMessage.class)
        .isThrownBy(() -> PlanCodec.decode(plan.build()))
        .satisfies(refused -> assertThat(refused.field()).isEqualTo(field));
  }

  static Stream<Arguments> longLists() {
    return Stream.of(
        bad(
            "peers",
            plan ->
                plan.addAllPeers(Collections.nCopies(PlanLimits.PEERS_MAX, endpoint(1).build()))),
        bad(
            "cluster_cidrs",
            plan ->
                plan.addAllClusterCidrs(Collections.nCopies(PlanLimits.CLUSTER_CIDRS_MAX, "x"))),
        bad(
            "pods",
            plan ->
                plan.addAllPods(
                    Collections.nCopies(PlanLimits.PODS_MAX, PodClass.getDefaultInstance()))),
        bad(
            "rules",
            plan -> plan.addAllRules(Collections.nCopies(PlanLimits.RULES_MAX, rule(24).build()))),
        bad(
            "routes",
            plan ->
                plan.addAllRoutes(
                    Collections.nCopies(PlanLimits.ROUTES_MAX, EipRoute.getDefaultInstance()))),
        bad(
            "held",
            plan ->
                plan.addAllHeld(
                    Collections.nCopies(PlanLimits.HELD_MAX, HeldEip.getDefaultInstance()))));
  }

  @ParameterizedTest
  @MethodSource("longLists")
  void aListBeyondItsLimitIsRefusedBeforeItsEntriesAreRead(
      String field, Consumer<Plan.Builder> lengthen) {
    Plan.Builder plan = good();
    lengthen.accept(plan);

    assertThatExceptionOfType(MalformedLinkMessage.class)
        .isThrownBy(() -> PlanCodec.decode(plan.build()))
        .withMessageContaining("more than")
        .satisfies(refused -> assertThat(refused.field()).isEqualTo(field));
  }

  @Test
  void aDeltaNamesTheSideThatIsBad() {
    PlanDelta.Builder delta = PlanDelta.newBuilder().setBaseRevision(1).setRevision(2);
    delta.getRemoveBuilder().addPods(PodClass.newBuilder().setAddress(MAC));

    assertThatExceptionOfType(MalformedLinkMessage.class)
        .isThrownBy(() -> PlanCodec.decode(delta.build()))
        .satisfies(refused -> assertThat(refused.field()).isEqualTo("remove.pods[0].address"));
  }

  @Test
  void aDeltaThatLeadsNowhereOrContradictsItselfIsRefused() {
    PlanDelta.Builder back = PlanDelta.newBuilder().setBaseRevision(2).setRevision(1);
    PlanDelta.Builder contradiction = PlanDelta.newBuilder().setBaseRevision(1).setRevision(2);
    contradiction.getPutBuilder().addRoutes(EipRoute.newBuilder().setEip(1).setNode(1));
    contradiction.getRemoveBuilder().addRoutes(EipRoute.newBuilder().setEip(1));

    assertThatExceptionOfType(MalformedLinkMessage.class)
        .isThrownBy(() -> PlanCodec.decode(back.build()))
        .withMessageContaining("revision");
    assertThatExceptionOfType(MalformedLinkMessage.class)
        .isThrownBy(() -> PlanCodec.decode(contradiction.build()))
        .withMessage("remove: 1 is both put and removed");
  }

  @Test
  void aPlanAtRevisionZeroIsNotSent() {
    NodePlan plan = new RandomPlans(new SplittableRandom(1)).plan(Revision.ZERO);

    assertThatThrownBy(() -> PlanCodec.encode(plan))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("revision 0");
  }
}
