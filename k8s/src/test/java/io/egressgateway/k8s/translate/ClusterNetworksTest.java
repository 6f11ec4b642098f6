package io.egressgateway.k8s.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Labels;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.k8s.crd.EgressClusterInfo;
import io.egressgateway.k8s.crd.EgressClusterInfo.AutoDetect;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClusterNetworksTest {

  private static final CidrSet SERVICES = CidrSet.of(Cidr.of("10.96.0.0/12"));
  private static final CidrSet POOL = CidrSet.of(Cidr.of("192.168.0.0/16"));
  private static final NodeFacts NODE =
      new NodeFacts(
          new NodeFacts.Id(new NodeName("n1"), "n1"),
          Labels.empty(),
          NodeFacts.Availability.READY,
          new NodeFacts.Network(
              new TreeSet<>(List.of(IpAddress.of("10.6.0.1"), IpAddress.of("fd00:6::1"))),
              new TreeSet<>(List.of(Cidr.of("10.244.1.0/24")))));

  private static ClusterNetworks.Found found(Map<String, CidrSet> pools) {
    return new ClusterNetworks.Found(SERVICES, new TreeMap<>(pools), List.of(NODE));
  }

  private static Translation<ClusterInfoSpec> translate(
      @Nullable AutoDetect detect, @Nullable List<String> extra) {
    return read(detect, extra).translation();
  }

  private static ClusterInfoReading read(
      @Nullable AutoDetect detect, @Nullable List<String> extra) {
    EgressClusterInfo info = new EgressClusterInfo();
    info.setSpec(new EgressClusterInfo.Spec(detect, extra, null));
    return ClusterInfoTranslator.translate(info);
  }

  private static ClusterNetworks networks(AutoDetect detect, Map<String, CidrSet> pools) {
    return switch (translate(detect, null)) {
      case Translation.Valid<ClusterInfoSpec> valid ->
          ClusterNetworks.of(valid.spec(), found(pools));
      case Translation.Invalid<ClusterInfoSpec> invalid -> throw new AssertionError(invalid);
    };
  }

  @Test
  void everythingIsFoundOutWhereNobodySaysAnything() {
    assertThat(translate(null, null))
        .isEqualTo(new Translation.Valid<>(ClusterInfoSpec.standard()));
    assertThat(ClusterNetworks.of(ClusterInfoSpec.standard(), found(Map.of())).all())
        .isEqualTo(
            SERVICES
                .plus(Cidr.of("10.6.0.1/32"))
                .plus(Cidr.of("fd00:6::1/128"))
                .plus(Cidr.of("10.244.1.0/24")));
  }

  @Test
  void aFlagThatIsOffLeavesOutWhatWasFound() {
    assertThat(networks(new AutoDetect(false, false, ""), Map.of("pool", POOL)).all())
        .isEqualTo(CidrSet.empty());
    assertThat(networks(new AutoDetect(true, false, ""), Map.of()).all()).isEqualTo(SERVICES);
  }

  @Test
  void autoMeansThePoolsWhereThereAreSome() {
    AutoDetect auto = new AutoDetect(false, false, "auto");
    assertThat(networks(auto, Map.of("pool", POOL)).pods())
        .isEqualTo(
            new ClusterNetworks.Pods(PodCidrMode.CALICO, new TreeMap<>(Map.of("pool", POOL))));
    assertThat(networks(auto, Map.of()).pods().mode()).isEqualTo(PodCidrMode.KUBERNETES);
    assertThat(networks(auto, Map.of()).all()).isEqualTo(CidrSet.of(Cidr.of("10.244.1.0/24")));
    AutoDetect nodes = new AutoDetect(false, false, "k8s");
    assertThat(networks(nodes, Map.of("pool", POOL)).pods().mode())
        .isEqualTo(PodCidrMode.KUBERNETES);
    AutoDetect pools = new AutoDetect(false, false, "calico");
    assertThat(networks(pools, Map.of()).all()).isEqualTo(CidrSet.empty());
  }

  @Test
  void extraMayBeAddressesAndGarbageIsRefused() {
    assertThat(translate(null, List.of("10.6.1.92", "fd00::/8")))
        .isInstanceOfSatisfying(
            Translation.Valid.class,
            valid ->
                assertThat(valid.spec())
                    .extracting("extra")
                    .isEqualTo(CidrSet.of(Cidr.of("10.6.1.92/32"), Cidr.of("fd00::/8"))));
    assertThat(translate(new AutoDetect(null, null, "flannel"), List.of("router")))
        .isInstanceOfSatisfying(
            Translation.Invalid.class,
            invalid ->
                assertThat((List<?>) invalid.violations())
                    .extracting("field")
                    .containsExactly("spec.autoDetect.podCidrMode", "spec.extraCidr[0]"));
  }

  @Test
  void whatIsWrongTakesNothingElseAway() {
    assertThat(read(new AutoDetect(true, false, "flannel"), List.of("router", "10.6.1.92")).good())
        .isEqualTo(
            new ClusterInfoSpec(
                Set.of(ClusterInfoSpec.Spared.SERVICES, ClusterInfoSpec.Spared.LINK_LOCAL),
                PodCidrMode.AUTO,
                CidrSet.of(Cidr.of("10.6.1.92/32"))));
  }
}
