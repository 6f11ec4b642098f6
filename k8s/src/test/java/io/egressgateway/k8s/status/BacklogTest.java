package io.egressgateway.k8s.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.status.StatusBoard.Target;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BacklogTest {
  private final Backlog backlog = new Backlog();

  private static PolicyKey policy(int number) {
    return new PolicyKey.Namespaced("shop", "policy-" + number);
  }

  private static Target status(int number) {
    return new StatusBoard.StatusOf(new ObjectRef.Policy(policy(number)));
  }

  private static Target slices(int number) {
    return new StatusBoard.SlicesOf(policy(number));
  }

  private void expectNext(Target expected, Target... writing) {
    assertThat(backlog.take(target -> true, List.of(writing))).contains(expected);
  }

  @Test
  void statusesGoFirstAndOnePolicysSlicesBesideThem() {
    for (int i = 0; i < 3; i++) {
      backlog.add(slices(i));
      backlog.add(status(i));
    }
    expectNext(slices(0));
    expectNext(status(0), slices(0));
    expectNext(status(1), slices(0), status(0));
    expectNext(slices(1), status(1));
    expectNext(status(2), slices(1));
    expectNext(slices(2), slices(1));
    assertThat(backlog.size()).isZero();
  }

  @Test
  void whatIsAddedTwiceIsTakenOnce() {
    backlog.add(status(0));
    backlog.add(status(0));
    assertThat(backlog.size()).isOne();
  }

  @Test
  void whatCannotBeWrittenNowStays() {
    backlog.add(status(0));
    backlog.add(status(1));
    Set<Target> resting = Set.of(status(0));
    assertThat(backlog.take(target -> !resting.contains(target), List.of())).contains(status(1));
    assertThat(backlog.take(target -> !resting.contains(target), List.of())).isEmpty();
    expectNext(status(0));
  }
}
