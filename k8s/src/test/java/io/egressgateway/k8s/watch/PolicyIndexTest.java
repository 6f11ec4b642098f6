package io.egressgateway.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.Labels;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Requirement;
import io.egressgateway.core.model.Selection;
import io.egressgateway.k8s.translate.PodFacts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PolicyIndexTest {

  private final PolicyIndex index = new PolicyIndex();

  private static PodFacts pod(Labels labels, String address) {
    return new PodFacts(
        new PodFacts.Id("u", "default", "pod", Instant.EPOCH),
        labels,
        new NodeName("n1"),
        new TreeSet<>(List.of(IpAddress.of(address))));
  }

  private int candidates(Labels labels) {
    return index.candidateCount(pod(labels, "10.244.1.2"));
  }

  private SortedSet<PolicyKey> matching(Labels labels) {
    return index
        .matching(pod(labels, "10.244.1.2"))
        .getOrDefault(IpAddress.of("10.244.1.2"), new TreeSet<>());
  }

  @Test
  void aPodAsksOnlyThePoliciesThatCouldMatchIt() {
    for (int i = 0; i < 10_000; i++) {
      index.put(Given.policy("p" + i), Given.labelled("app", "app-" + i));
    }
    Labels pod = Labels.of(Map.of("app", "app-77", "tier", "web", "pod-template-hash", "abc"));
    assertThat(candidates(pod)).isEqualTo(1);
    assertThat(matching(pod)).containsExactly(Given.policy("p77"));
  }

  @Test
  void policiesOfOtherNamespacesAreNotAsked() {
    index.put(new PolicyKey.Namespaced("other", "p"), Given.labelled("app", "web"));
    assertThat(candidates(Labels.of(Map.of("app", "web")))).isZero();
  }

  @Test
  void aPolicyThatRequiresNoParticularLabelIsAskedForEveryPodOfItsNamespace() {
    LabelSelector anyApp =
        new LabelSelector(new TreeMap<>(), List.of(new Requirement.Exists("app")));
    index.put(Given.policy("p"), new Selection.Pods(anyApp, Optional.empty()));
    assertThat(candidates(Labels.empty())).isEqualTo(1);
    assertThat(matching(Labels.empty())).isEmpty();
    assertThat(matching(Labels.of(Map.of("app", "x")))).containsExactly(Given.policy("p"));
  }

  @Test
  void aPolicyIsFiledUnderEachValueOfAnInRequirement() {
    index.put(
        Given.policy("p"),
        new Selection.Pods(
            new LabelSelector(
                new TreeMap<>(), List.of(Requirement.in("tier", List.of("web", "api")))),
            Optional.empty()));
    assertThat(matching(Labels.of(Map.of("tier", "api")))).containsExactly(Given.policy("p"));
    assertThat(candidates(Labels.of(Map.of("tier", "db")))).isZero();
  }

  @Test
  void aChangedSelectorReplacesTheOldOne() {
    index.put(Given.policy("p"), Given.labelled("app", "a"));
    index.put(Given.policy("p"), Given.labelled("app", "b"));
    assertThat(matching(Labels.of(Map.of("app", "a")))).isEmpty();
    assertThat(matching(Labels.of(Map.of("app", "b")))).hasSize(1);
    index.remove(Given.policy("p"));
    assertThat(candidates(Labels.of(Map.of("app", "b")))).isZero();
  }

  @Test
  void aPodAsksOnlyThePoliciesWhoseSubnetsHaveItsAddress() {
    for (int i = 0; i < 10_000; i++) {
      index.put(
          Given.clusterPolicy("p" + i), Given.subnets("10." + i / 250 + "." + i % 250 + ".0/24"));
    }
    PodFacts pod = pod(Labels.empty(), "10.3.7.9");
    assertThat(index.candidateCount(pod)).isEqualTo(1);
    assertThat(index.matching(pod))
        .containsOnly(
            Map.entry(
                IpAddress.of("10.3.7.9"), new TreeSet<>(Set.of(Given.clusterPolicy("p757")))));
    index.remove(Given.clusterPolicy("p757"));
    assertThat(index.candidateCount(pod)).isZero();
  }
}
