package io.egressgateway.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.status.SliceEndpoint;
import io.egressgateway.k8s.translate.PodFacts;
import java.time.Instant;
import java.util.Map;
import java.util.SortedSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PodIndexTest {

  private static final PolicyKey.Namespaced WEB = Given.policy("web");
  private static final NodeName NODE = new NodeName("n1");

  private final PodIndex index = new PodIndex();

  @BeforeEach
  void selectWeb() {
    index.put(WEB, Given.selector("app", "web"));
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
    Touched touched = index.put(WEB, Given.selector("app", "db"));
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
}
