package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.NodeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SubscriptionsTest {
  private static final NodeName ONE = new NodeName("one");
  private static final NodeName TWO = new NodeName("two");

  private final Subscriptions<String> subscriptions = new Subscriptions<>();

  private List<String> announce(String answer) {
    List<String> told = new ArrayList<>();
    subscriptions.announce(answer, (node, text) -> told.add(node + ": " + text));
    return told;
  }

  @Test
  void aChangeIsToldToAllAndNothingTwice() {
    subscriptions.renew(ONE, Optional.empty());
    subscriptions.renew(TWO, Optional.empty());
    assertThat(announce("a")).containsExactly("one: a", "two: a");
    assertThat(announce("a")).isEmpty();
    assertThat(announce("b")).containsExactly("one: b", "two: b");
  }

  @Test
  void whoKnowsItIsNotTold() {
    subscriptions.renew(ONE, Optional.of("a"));
    subscriptions.renew(TWO, Optional.of("b"));
    assertThat(announce("a")).containsExactly("two: a");
  }

  @Test
  void whoHasLostItIsToldAgain() {
    subscriptions.renew(ONE, Optional.empty());
    subscriptions.renew(TWO, Optional.empty());
    announce("a");
    subscriptions.renew(TWO, Optional.empty());
    assertThat(announce("a")).containsExactly("two: a");
  }

  @Test
  void whoDoesNotRenewIsForgotten() {
    subscriptions.renew(ONE, Optional.empty());
    for (int i = 0; i < 5; i++) {
      subscriptions.sweep();
    }
    assertThat(subscriptions.isEmpty()).isTrue();
    assertThat(announce("a")).isEmpty();
  }
}
