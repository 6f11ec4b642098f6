package io.egressgateway.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.Labels;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Requirement;
import io.egressgateway.core.model.Selection;
import io.egressgateway.k8s.status.SliceEndpoint;
import io.egressgateway.k8s.translate.PodFacts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PodIndexTest {

  private static final PolicyKey.Namespaced WEB = Given.policy("web");
  private static final NodeName NODE = new NodeName("n1");

  private final PodIndex index = new PodIndex();

  @BeforeEach
  void selectWeb() {
    index.put(WEB, Given.labelled("app", "web"));
  }

  private static PodFacts web(String uid, String address) {
    return Given.pod(uid, Map.of("app", "web"), "n1", address);
  }

  private static IpAddress address(String text) {
    return IpAddress.parse(text).orElseThrow();
  }

  private Map<IpAddress, SortedSet<PolicyKey>> endpoints() {
    return index.endpointsOn(NODE);
  }

  @Test
  void aSelectedPodTouchesItsNodeAndItsPolicy() {
    Touched touched = index.put(web("u1", "10.244.1.2"));
    assertThat(touched.nodes()).containsExactly(NODE);
    assertThat(touched.policies()).containsExactly(WEB);
    assertThat(endpoints()).containsOnlyKeys(address("10.244.1.2"));
    assertThat(index.endpointsOf(WEB)).extracting(SliceEndpoint::pod).containsExactly("pod-u1");
  }

  @Test
  void podsHaveInCommonWhatIsEqual() {
    index.put(web("u1", "10.244.1.2"));
    index.put(web("u2", "10.244.1.3"));
    List<SliceEndpoint> pods = index.endpointsOf(WEB);
    assertThat(pods.getFirst().node()).isSameAs(pods.getLast().node());
    assertThat(endpoints().get(address("10.244.1.2")))
        .containsExactly(WEB)
        .isSameAs(endpoints().get(address("10.244.1.3")));
  }

  @Test
  void anUnselectedPodTouchesNothing() {
    Touched touched = index.put(Given.pod("u1", Map.of("app", "db"), "n1", "10.244.1.2"));
    assertThat(touched).isEqualTo(Touched.nothing());
    assertThat(endpoints()).isEmpty();
  }

  @Test
  void aPodThatIsToldAgainTouchesNothing() {
    index.put(web("u1", "10.244.1.2"));
    assertThat(index.put(web("u1", "10.244.1.2"))).isEqualTo(Touched.nothing());
  }

  @Test
  void aPodThatMovesTouchesBothNodes() {
    index.put(web("u1", "10.244.1.2"));
    Touched touched = index.put(Given.pod("u1", Map.of("app", "web"), "n2", "10.244.2.2"));
    assertThat(touched.nodes()).containsExactly(NODE, new NodeName("n2"));
    assertThat(endpoints()).isEmpty();
  }

  @Test
  void aPodThatLosesItsLabelIsNoEndpointAnyMore() {
    index.put(web("u1", "10.244.1.2"));
    Touched touched = index.put(Given.pod("u1", Map.of(), "n1", "10.244.1.2"));
    assertThat(touched.nodes()).containsExactly(NODE);
    assertThat(touched.policies()).containsExactly(WEB);
    assertThat(endpoints()).isEmpty();
    assertThat(index.endpointsOf(WEB)).isEmpty();
  }

  @Test
  void aPolicyThatChangesItsSelectorSelectsAnew() {
    index.put(web("u1", "10.244.1.2"));
    index.put(Given.pod("u2", Map.of("app", "db"), "n2", "10.244.2.2"));
    Touched touched = index.put(WEB, Given.labelled("app", "db"));
    assertThat(touched.nodes()).containsExactly(NODE, new NodeName("n2"));
    assertThat(index.endpointsOf(WEB)).extracting(SliceEndpoint::pod).containsExactly("pod-u2");
    index.remove(WEB);
    assertThat(index.endpointsOf(WEB)).isEmpty();
  }

  @Test
  void anAddressThatGoesToAnUnselectedPodIsNoEndpointAnyMore() {
    index.put(web("u1", "10.244.1.2"));
    Touched touched =
        index.put(
            Given.pod(
                new PodFacts.Id("u2", "default", "later", Instant.EPOCH.plusSeconds(1)),
                Map.of("app", "db"),
                "n1",
                "10.244.1.2"));
    assertThat(touched.nodes()).containsExactly(NODE);
    assertThat(endpoints()).isEmpty();
    // The old pod's object goes last, and must not take the new one's state with it.
    index.remove("u1");
    assertThat(endpoints()).isEmpty();
    index.remove("u2");
    assertThat(endpoints()).isEmpty();
  }

  @Test
  void anAddressThatGoesToAnotherSelectedPodStays() {
    index.put(web("u1", "10.244.1.2"));
    index.put(
        Given.pod(
            new PodFacts.Id("u2", "default", "later", Instant.EPOCH.plusSeconds(1)),
            Map.of("app", "web"),
            "n1",
            "10.244.1.2"));
    index.remove("u1");
    assertThat(endpoints()).containsOnlyKeys(address("10.244.1.2"));
  }

  private static PodFacts podOf(String namespace, String uid, String... addresses) {
    TreeSet<IpAddress> found = new TreeSet<>();
    List.of(addresses).forEach(text -> found.add(address(text)));
    return new PodFacts(
        new PodFacts.Id(uid, namespace, "pod-" + uid, Instant.EPOCH),
        Labels.of(Map.of("app", "web")),
        NODE,
        found);
  }

  @Test
  void aClusterPolicySelectsPodsOfEveryNamespace() {
    PolicyKey everywhere = Given.clusterPolicy("everywhere");
    index.put(podOf("one", "u1", "10.244.1.2"));
    Touched touched = index.put(everywhere, Given.labelled("app", "web"));
    assertThat(touched.nodes()).containsExactly(NODE);
    assertThat(touched.policies()).containsExactly(everywhere);
    index.put(podOf("two", "u2", "10.244.1.3"));
    assertThat(endpoints()).containsOnlyKeys(address("10.244.1.2"), address("10.244.1.3"));
    assertThat(index.remove(everywhere).policies()).containsExactly(everywhere);
    assertThat(endpoints()).isEmpty();
  }

  @Test
  void aNamespaceThatIsRelabelledIsJudgedAnew() {
    PolicyKey ofTeam = Given.clusterPolicy("team");
    index.put(ofTeam, Given.labelled("app", "web", Map.of("team", "a")));
    index.put(podOf("one", "u1", "10.244.1.2"));
    assertThat(endpoints()).as("the namespace is not known yet").isEmpty();
    index.putNamespace("one", Labels.of(Map.of("team", "a")));
    assertThat(endpoints()).containsOnlyKeys(address("10.244.1.2"));
    Touched touched = index.putNamespace("one", Labels.of(Map.of("team", "b")));
    assertThat(touched.nodes()).containsExactly(NODE);
    assertThat(touched.policies()).containsExactly(ofTeam);
    assertThat(endpoints()).isEmpty();
  }

  @Test
  void aNamespaceThatNobodyKnowsIsReachedByNoSelectorOfNamespaces() {
    LabelSelector notA =
        new LabelSelector(new TreeMap<>(), List.of(new Requirement.DoesNotExist("team")));
    index.put(
        Given.clusterPolicy("others"),
        new Selection.Pods(LabelSelector.ofLabels(Map.of("app", "web")), Optional.of(notA)));
    index.put(podOf("one", "u1", "10.244.1.2"));
    assertThat(endpoints()).isEmpty();
    index.putNamespace("one", Labels.empty());
    assertThat(endpoints()).containsOnlyKeys(address("10.244.1.2"));
    index.removeNamespace("one");
    assertThat(endpoints()).isEmpty();
  }

  @Test
  void ofAPodWithTwoFamiliesASubnetTakesWhatIsInIt() {
    PolicyKey subnet = Given.clusterPolicy("subnet");
    index.put(subnet, Given.subnets("10.244.0.0/16"));
    index.put(podOf("one", "u1", "10.244.1.2", "fd00:10::2"));
    assertThat(endpoints()).containsOnlyKeys(address("10.244.1.2"));
    assertThat(index.endpointsOf(subnet))
        .extracting(SliceEndpoint::addresses)
        .containsExactly(new TreeSet<>(List.of(address("10.244.1.2"))));
    index.put(subnet, Given.subnets("10.244.0.0/16", "fd00:10::/64"));
    assertThat(endpoints()).containsOnlyKeys(address("10.244.1.2"), address("fd00:10::2"));
    assertThat(index.count(subnet)).isEqualTo(1);
  }

  @Test
  void aSubnetOfANamespacedPolicyDoesNotReachOtherNamespaces() {
    index.put(Given.policy("subnet"), Given.subnets("10.244.0.0/16"));
    index.put(podOf("other", "u1", "10.244.1.2"));
    assertThat(endpoints()).isEmpty();
    index.put(podOf("default", "u2", "10.244.1.3"));
    assertThat(endpoints()).containsOnlyKeys(address("10.244.1.3"));
  }
}
