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
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  private static ClusterNetworks.Found found(PodCidrMode... owners) {
    return new ClusterNetworks.Found(
        SERVICES,
        Stream.of(owners)
            .collect(
                Collectors.toMap(
                    owner -> owner, owner -> new TreeMap<>(Map.of("of-" + owner, POOL)))),
        List.of(NODE));
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

  private static ClusterNetworks networks(AutoDetect detect, PodCidrMode... owners) {
    return switch (translate(detect, null)) {
      case Translation.Valid<ClusterInfoSpec> valid ->
          ClusterNetworks.of(valid.spec(), found(owners));
      case Translation.Invalid<ClusterInfoSpec> invalid -> throw new AssertionError(invalid);
    };
  }

  @Test
  void everythingIsFoundOutWhereNobodySaysAnything() {
    assertThat(translate(null, null))
        .isEqualTo(new Translation.Valid<>(ClusterInfoSpec.standard()));
    assertThat(ClusterNetworks.of(ClusterInfoSpec.standard(), found()).all())
        .isEqualTo(
            SERVICES
                .plus(Cidr.of("10.6.0.1/32"))
                .plus(Cidr.of("fd00:6::1/128"))
                .plus(Cidr.of("10.244.1.0/24")));
  }

  @Test
  void aFlagThatIsOffLeavesOutWhatWasFound() {
    assertThat(networks(new AutoDetect(false, false, ""), PodCidrMode.CALICO).all())
        .isEqualTo(CidrSet.empty());
    assertThat(networks(new AutoDetect(true, false, "")).all()).isEqualTo(SERVICES);
  }

  private static void expectPods(
      AutoDetect detect, Set<PodCidrMode> owners, Set<PodCidrMode> from, String... names) {
    assertThat(networks(detect, owners.toArray(PodCidrMode[]::new)).pods())
        .satisfies(pods -> assertThat(pods.from()).isEqualTo(from))
        .satisfies(pods -> assertThat(pods.blocks()).containsOnlyKeys(names));
  }

  @Test
  void autoMeansWhateverIsThere() {
    AutoDetect auto = new AutoDetect(false, false, "auto");
    expectPods(auto, Set.of(), Set.of(PodCidrMode.KUBERNETES), "n1");
    for (PodCidrMode primary : List.of(PodCidrMode.CALICO, PodCidrMode.CILIUM, PodCidrMode.WEAVE)) {
      expectPods(auto, Set.of(primary), Set.of(primary), "of-" + primary);
    }
  }

  @Test
  void whileANetworkReplacesAnotherBothCount() {
    Set<PodCidrMode> both = Set.of(PodCidrMode.CALICO, PodCidrMode.CILIUM);
    expectPods(new AutoDetect(false, false, "auto"), both, both, "of-calico", "of-cilium");
  }

  @Test
  void aSecondNetworkTakesNothingFromTheFirst() {
    AutoDetect auto = new AutoDetect(false, false, "auto");
    expectPods(
        auto,
        Set.of(PodCidrMode.SPIDERPOOL),
        Set.of(PodCidrMode.KUBERNETES, PodCidrMode.SPIDERPOOL),
        "n1",
        "of-spiderpool");
    Set<PodCidrMode> both = Set.of(PodCidrMode.CALICO, PodCidrMode.SPIDERPOOL);
    expectPods(auto, both, both, "of-calico", "of-spiderpool");
  }

  @Test
  void aModeMeansThisOneAlone() {
    Set<PodCidrMode> owners = Set.of(PodCidrMode.CALICO, PodCidrMode.SPIDERPOOL);
    expectPods(new AutoDetect(false, false, "k8s"), owners, Set.of(PodCidrMode.KUBERNETES), "n1");
    expectPods(
        new AutoDetect(false, false, "spiderpool"),
        owners,
        Set.of(PodCidrMode.SPIDERPOOL),
        "of-spiderpool");
    expectPods(new AutoDetect(false, false, "cilium"), owners, Set.of(PodCidrMode.CILIUM));
  }

  @Test
  void whatAPoolAndANodeOfOneNameHaveIsAllShown() {
    ClusterNetworks networks =
        ClusterNetworks.of(
            ClusterInfoSpec.standard(),
            new ClusterNetworks.Found(
                SERVICES,
                Map.of(PodCidrMode.SPIDERPOOL, new TreeMap<>(Map.of("n1", POOL))),
                List.of(NODE)));
    assertThat(networks.pods().blocks())
        .containsExactly(Map.entry("n1", POOL.plus(Cidr.of("10.244.1.0/24"))));
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
