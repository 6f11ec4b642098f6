package io.egressgateway.k8s.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Generation;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.domain.SpecVersion;
import io.egressgateway.policy.entity.Condition;
import io.egressgateway.policy.entity.StatusReport.PolicyReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PendingPoliciesTest {
  private static final PolicyKey WEB = new PolicyKey.Namespaced("shop", "web");
  private static final PolicyKey ALL = new PolicyKey.ClusterScoped("all");
  private static final SpecVersion FIRST = version("uid", 1);
  private static final SpecVersion SECOND = version("uid", 2);
  private static final Condition PROGRAMMED = Condition.ready("Programmed", "in place");
  private static final Condition PROGRAMMING = Condition.notReady("Programming", "not yet");

  private final PendingPolicies pending = new PendingPolicies();

  private static SpecVersion version(String uid, long generation) {
    return new SpecVersion(uid, new Generation(generation));
  }

  private static PolicyReport report(SpecVersion version, Condition condition) {
    return new PolicyReport(WEB, version, new TreeMap<>(), new TreeSet<>(List.of(condition)));
  }

  private Optional<Duration> told(SpecVersion version, Condition condition, long now) {
    return pending.told(report(version, condition), now);
  }

  @Test
  void itTakesFromSeenToTheFirstReportOfThatSpecThatIsReady() {
    pending.begin(WEB, FIRST, 100);
    assertThat(told(FIRST, PROGRAMMING, 150)).isEmpty();
    assertThat(told(FIRST, PROGRAMMED, 170)).contains(Duration.ofNanos(70));
    assertThat(told(FIRST, PROGRAMMED, 180)).as("said again").isEmpty();
    assertThat(pending.count()).isZero();
  }

  @Test
  void whatWasNotSeenIsNotMeasured() {
    assertThat(told(FIRST, PROGRAMMED, 170)).isEmpty();
  }

  @Test
  void whatIsSeenAgainIsStillTheSame() {
    pending.begin(WEB, FIRST, 100);
    pending.begin(WEB, FIRST, 140);
    assertThat(told(FIRST, PROGRAMMED, 170)).contains(Duration.ofNanos(70));
  }

  @Test
  void aNewerSpecBeginsAnewAndTheReportOfTheFormerOneIsNotItsOwn() {
    pending.begin(WEB, FIRST, 100);
    pending.begin(WEB, SECOND, 140);
    assertThat(pending.count()).isEqualTo(1);
    assertThat(told(FIRST, PROGRAMMED, 150)).isEmpty();
    assertThat(told(SECOND, PROGRAMMED, 170)).contains(Duration.ofNanos(30));
  }

  @Test
  void anotherObjectOfTheNameBeginsAnew() {
    pending.begin(WEB, FIRST, 100);
    pending.begin(WEB, version("another", 1), 140);
    assertThat(told(FIRST, PROGRAMMED, 150)).isEmpty();
    assertThat(told(version("another", 1), PROGRAMMED, 170)).contains(Duration.ofNanos(30));
  }

  @Test
  void whatIsDeletedOrRefusedIsForgotten() {
    pending.begin(WEB, FIRST, 100);
    pending.forget(WEB);
    assertThat(pending.count()).isZero();
    assertThat(told(FIRST, PROGRAMMED, 170)).isEmpty();
    pending.forget(WEB);
    assertThat(pending.count()).isZero();
  }

  @Test
  void theLongestWaitIsThatOfTheOldest() {
    assertThat(pending.longest(500)).isZero();
    pending.begin(WEB, FIRST, 100);
    pending.begin(ALL, FIRST, 300);
    assertThat(pending.longest(500)).isEqualTo(Duration.ofNanos(400));
    pending.forget(WEB);
    assertThat(pending.longest(500)).isEqualTo(Duration.ofNanos(200));
    pending.clear();
    assertThat(pending.longest(500)).isZero();
  }
}
