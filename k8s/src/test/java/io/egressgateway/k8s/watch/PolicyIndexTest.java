package io.egressgateway.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.Labels;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Requirement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PolicyIndexTest {

  private final PolicyIndex index = new PolicyIndex();

  @Test
  void aPodAsksOnlyThePoliciesThatCouldMatchIt() {
    for (int i = 0; i < 10_000; i++) {
      index.put(Given.policy("p" + i), Given.selector("app", "app-" + i));
    }
    Labels pod = Labels.of(Map.of("app", "app-77", "tier", "web", "pod-template-hash", "abc"));
    assertThat(index.candidateCount("default", pod)).isEqualTo(1);
    assertThat(index.matching("default", pod)).containsExactly(Given.policy("p77"));
  }

  @Test
  void policiesOfOtherNamespacesAreNotAsked() {
    index.put(new PolicyKey.Namespaced("other", "p"), Given.selector("app", "web"));
    assertThat(index.candidateCount("default", Labels.of(Map.of("app", "web")))).isZero();
  }

  @Test
  void aPolicyThatRequiresNoParticularLabelIsAskedForEveryPodOfItsNamespace() {
    LabelSelector anyApp =
        new LabelSelector(new TreeMap<>(), List.of(new Requirement.Exists("app")));
    index.put(Given.policy("p"), anyApp);
    assertThat(index.candidateCount("default", Labels.empty())).isEqualTo(1);
    assertThat(index.matching("default", Labels.empty())).isEmpty();
    assertThat(index.matching("default", Labels.of(Map.of("app", "x"))))
        .containsExactly(Given.policy("p"));
  }

  @Test
  void aPolicyIsFiledUnderEachValueOfAnInRequirement() {
    index.put(
        Given.policy("p"),
        new LabelSelector(new TreeMap<>(), List.of(Requirement.in("tier", List.of("web", "api")))));
    assertThat(index.matching("default", Labels.of(Map.of("tier", "api"))))
        .containsExactly(Given.policy("p"));
    assertThat(index.candidateCount("default", Labels.of(Map.of("tier", "db")))).isZero();
  }

  @Test
  void aChangedSelectorReplacesTheOldOne() {
    index.put(Given.policy("p"), Given.selector("app", "a"));
    index.put(Given.policy("p"), Given.selector("app", "b"));
    assertThat(index.matching("default", Labels.of(Map.of("app", "a")))).isEmpty();
    assertThat(index.matching("default", Labels.of(Map.of("app", "b")))).hasSize(1);
    index.remove(Given.policy("p"));
    assertThat(index.candidateCount("default", Labels.of(Map.of("app", "b")))).isZero();
  }
}
