package io.egressgateway.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.core.model.Revision;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlanDeltaPropertyTest {
  private static final int SEEDS = 500;

  static LongStream seeds() {
    return LongStream.range(0, SEEDS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aDeltaLeadsFromItsBaseToItsRevision(long seed) {
    RandomPlans plans = new RandomPlans(new SplittableRandom(seed));
    NodePlan base = plans.plan(new Revision(1));
    NodePlan next = plans.plan(new Revision(2));

    assertThat(PlanDelta.between(base, next).applyTo(base)).isEqualTo(next);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void deltasInARowLeadWhereOneDeltaLeads(long seed) {
    RandomPlans plans = new RandomPlans(new SplittableRandom(seed));
    NodePlan first = plans.plan(new Revision(1));
    NodePlan second = plans.plan(new Revision(2));
    NodePlan third = plans.plan(new Revision(3));

    NodePlan throughSecond =
        PlanDelta.between(second, third).applyTo(PlanDelta.between(first, second).applyTo(first));

    assertThat(throughSecond).isEqualTo(PlanDelta.between(first, third).applyTo(first));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aDeltaIsEmptyExactlyWhenTheContentIsTheSame(long seed) {
    RandomPlans plans = new RandomPlans(new SplittableRandom(seed));
    NodePlan base = plans.plan(new Revision(1));
    NodePlan next = plans.plan(new Revision(2));

    assertThat(PlanDelta.between(base, base).isEmpty()).isTrue();
    assertThat(PlanDelta.between(base, base.at(new Revision(2))).isEmpty()).isTrue();
    assertThat(PlanDelta.between(base, next).isEmpty()).isEqualTo(base.sameContent(next));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aDeltaRefusesEveryOtherRevision(long seed) {
    RandomPlans plans = new RandomPlans(new SplittableRandom(seed));
    NodePlan base = plans.plan(new Revision(7));
    PlanDelta delta = PlanDelta.between(base, plans.plan(new Revision(9)));

    assertThatThrownBy(() -> delta.applyTo(base.at(new Revision(8))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("revision 7")
        .hasMessageContaining("revision 8");
  }
}
