package io.egressgateway.k8s.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.egressgateway.k8s.crd.StatusCondition;
import io.egressgateway.k8s.translate.Violation;
import io.egressgateway.policy.entity.Condition;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConditionsTest {

  private static final StatusCondition READY_SINCE_NOON =
      new StatusCondition(Given.NOON.toString(), "fine", 1L, "Programmed", "True", "Ready");

  private static Wanted.Verdict verdict(Condition... conditions) {
    return new Wanted.Verdict(
        Optional.of(Given.UID), Optional.of(3L), Given.conditions(conditions));
  }

  @Test
  void aNewConditionChangedNow() {
    assertThat(Conditions.project(verdict(Given.READY), null, Given.LATER))
        .containsExactly(
            new StatusCondition(
                Given.LATER.toString(),
                "every egress IP is in place",
                3L,
                "Programmed",
                "True",
                "Ready"));
  }

  @Test
  void anotherReasonIsNoTransition() {
    assertThat(
            Conditions.project(
                verdict(Condition.ready("Other", "other")), List.of(READY_SINCE_NOON), Given.LATER))
        .extracting(StatusCondition::lastTransitionTime, StatusCondition::reason)
        .containsExactly(tuple(Given.NOON.toString(), "Other"));
  }

  @Test
  void anotherStatusIsATransition() {
    assertThat(
            Conditions.project(
                verdict(Condition.notReady("Moving", "moving")),
                List.of(READY_SINCE_NOON),
                Given.LATER))
        .extracting(StatusCondition::lastTransitionTime, StatusCondition::status)
        .containsExactly(tuple(Given.LATER.toString(), "False"));
  }

  @Test
  void theTimeHasNoFractions() {
    assertThat(Conditions.project(verdict(Given.READY), null, Given.NOON.plusMillis(7)))
        .extracting(StatusCondition::lastTransitionTime)
        .containsExactly(Given.NOON.toString());
  }

  @Test
  void aConditionThatIsNoLongerReportedGoes() {
    assertThat(Conditions.project(verdict(), List.of(READY_SINCE_NOON), Given.LATER)).isEmpty();
  }

  @Test
  void violationsTakeThePlaceOfReadyAndNameEveryField() {
    Condition other = new Condition("AddressesOutsidePool", Condition.Status.TRUE, "R", "m");

    assertThat(
            Conditions.invalid(
                List.of(
                    new Violation("spec.ippools.ipv4[1]", "10.0.0.9-1", "no range", "write a-b"),
                    new Violation("spec.nodeSelector", "", "is missing", "set it")),
                Given.conditions(Given.READY, other)))
        .containsExactly(
            other,
            Condition.notReady(
                "InvalidSpec",
                "spec.ippools.ipv4[1] '10.0.0.9-1': no range; write a-b; "
                    + "spec.nodeSelector: is missing; set it"));
  }

  @Test
  void aMessageHasALimit() {
    Condition wordy = Condition.notReady("R", "x".repeat(Conditions.MESSAGE_MAX + 100));

    assertThat(Conditions.project(verdict(wordy), null, Given.NOON))
        .allSatisfy(
            condition ->
                assertThat(condition.message()).hasSizeLessThan(Conditions.MESSAGE_MAX + 10));
  }

  @Test
  void thereIsOneConditionOfEachType() {
    Condition unproven =
        new Condition(
            "FailoverBlocked", Condition.Status.TRUE, "NoCertificate", "worker-1 is mute");
    Condition held =
        new Condition(
            "FailoverBlocked", Condition.Status.TRUE, "OnWitnessLossHold", "worker-2 holds");
    Condition ready = Condition.ready("Programmed", "fine");
    Condition notReady = Condition.notReady("Programming", "soon");

    assertThat(Conditions.project(verdict(held, unproven, ready, notReady), null, Given.NOON))
        .extracting(StatusCondition::type, StatusCondition::reason, StatusCondition::message)
        .containsExactly(
            tuple("FailoverBlocked", "NoCertificate", "worker-1 is mute; worker-2 holds"),
            tuple("Ready", "Programming", "soon"));
  }
}
