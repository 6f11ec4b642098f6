package io.egressgateway.node.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.NodeName;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathHealthTest {
  private static final NodeName A = new NodeName("a");
  private static final NodeName B = new NodeName("b");

  private static SortedSet<NodeName> nodes(NodeName... nodes) {
    return new TreeSet<>(Arrays.asList(nodes));
  }

  /** {@code +} is an answer, {@code -} none. */
  private static PathHealth afterwards(String outcomes) {
    PathHealth health = PathHealth.unknown();
    for (int i = 0; i < outcomes.length(); i++) {
      health = health.after(nodes(A), outcomes.charAt(i) == '+' ? nodes(A) : nodes());
    }
    return health;
  }

  @ParameterizedTest
  @CsvSource({
    "'', false",
    "+, false",
    "--, false",
    "---, true",
    "++--+--, false",
    "+---, true",
    "---+, true",
    "---+-+, true",
    "---++, false",
    "---++--, false",
    "---++---, true",
    "------+-++, false",
  })
  void threeMissesInARowAreALossAndTwoAnswersInARowItsEnd(String outcomes, boolean lost) {
    assertThat(afterwards(outcomes).lost()).isEqualTo(lost ? nodes(A) : nodes());
  }

  @Test
  void eachPathIsJudgedByItself() {
    PathHealth health = PathHealth.unknown();
    for (int i = 0; i < PathHealth.MISSES_MAX; i++) {
      health = health.after(nodes(A, B), nodes(B));
    }
    assertThat(health.lost()).containsExactly(A);
  }

  @Test
  void aNodeThatIsNotAskedAnyMoreIsForgotten() {
    PathHealth without = afterwards("---").after(nodes(B), nodes(B));
    assertThat(without.lost()).isEmpty();
    assertThat(without.after(nodes(A, B), nodes(B)).lost()).as("it begins anew").isEmpty();
  }
}
