package io.egressgateway.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Revision;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PlanDeltaTest {
  private final RandomPlans plans = new RandomPlans(new SplittableRandom(1));

  @Test
  void onePodThatComesIsOneEntry() {
    NodePlan base = plans.plan(new Revision(1));
    Selection selection = base.selection();
    SortedMap<IpAddress, ClassNumber> endpoints = new TreeMap<>(selection.endpoints());
    endpoints.put(IpAddress.of("10.244.1.9"), new ClassNumber(4));
    NodePlan next =
        new NodePlan(
            new Revision(2),
            base.mesh(),
            new Selection(selection.clusterCidrs(), endpoints, selection.rules()),
            base.ownership());

    PlanDelta delta = PlanDelta.between(base, next);

    assertThat(delta.mesh().self()).isEmpty();
    assertThat(delta.mesh().settings()).isEmpty();
    assertThat(delta.mesh().peers().isEmpty()).isTrue();
    assertThat(delta.ownership().isEmpty()).isTrue();
    assertThat(delta.selection().rules().isEmpty()).isTrue();
    assertThat(delta.selection().endpoints().remove()).isEmpty();
    assertThat(delta.selection().endpoints().put())
        .containsOnlyKeys(IpAddress.of("10.244.1.9"))
        .containsValue(new ClassNumber(4));
  }

  @Test
  void aDeltaLeadsForward() {
    NodePlan plan = plans.plan(new Revision(5));
    NodePlan other = plans.plan(new Revision(5));

    assertThatThrownBy(() -> PlanDelta.between(plan, plan.at(new Revision(4))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from 5 to 4");
    assertThatThrownBy(() -> PlanDelta.between(plan, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from 5 to 5");
  }

  @Test
  void anEntryIsNotBothPutAndRemoved() {
    TreeMap<String, String> put = new TreeMap<>();
    put.put("eip", "node");
    TreeSet<String> remove = new TreeSet<>(put.keySet());

    assertThatThrownBy(() -> new MapDelta<>(put, remove))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("eip is both put and removed");
    assertThatThrownBy(() -> new SetDelta<>(remove, remove))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("eip is both added and removed");
  }
}
