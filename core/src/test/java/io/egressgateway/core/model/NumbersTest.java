package io.egressgateway.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.IntFunction;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NumbersTest {

  record Bounded(String what, IntFunction<Record> of, int max) {}

  static Stream<Bounded> bounded() {
    return Stream.of(
        new Bounded("node number", NodeNumber::new, 65_535),
        new Bounded("egress IP number", EipNumber::new, 65_535),
        new Bounded("class number", ClassNumber::new, 1_048_575),
        new Bounded("priority", Priority::new, 65_536));
  }

  @ParameterizedTest
  @MethodSource("bounded")
  void areWithinTheirBounds(Bounded number) {
    assertThat(number.of().apply(1)).hasToString("1");
    assertThat(number.of().apply(number.max())).hasToString(Integer.toString(number.max()));
    for (int outside : new int[] {0, -1, Integer.MIN_VALUE, number.max() + 1}) {
      assertThatThrownBy(() -> number.of().apply(outside))
          .hasMessage("%s %d is outside 1..%d", number.what(), outside, number.max());
    }
  }

  record Counter(String what, LongFunction<Record> of) {}

  static Stream<Counter> counters() {
    return Stream.of(
        new Counter("epoch", Epoch::new),
        new Counter("revision", Revision::new),
        new Counter("generation", Generation::new));
  }

  @ParameterizedTest
  @MethodSource("counters")
  void countFromZero(Counter counter) {
    assertThat(counter.of().apply(0)).hasToString("0");
    assertThat(counter.of().apply(Long.MAX_VALUE)).hasToString("9223372036854775807");
    assertThatThrownBy(() -> counter.of().apply(-1))
        .hasMessageStartingWith(counter.what() + " -1 is outside 0..");
  }

  @Test
  void countersGoUpAndNeverRound() {
    assertThat(Epoch.ZERO.next()).isEqualTo(new Epoch(1)).isGreaterThan(Epoch.ZERO);
    assertThat(Revision.ZERO.next()).isEqualTo(new Revision(1)).isGreaterThan(Revision.ZERO);
    assertThatThrownBy(() -> new Epoch(Long.MAX_VALUE).next())
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> new Revision(Long.MAX_VALUE).next())
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void areOrderedByValue() {
    assertThat(new NodeNumber(9)).isLessThan(new NodeNumber(10));
    assertThat(new EipNumber(9)).isLessThan(new EipNumber(10));
    assertThat(new ClassNumber(9)).isLessThan(new ClassNumber(10));
    assertThat(new Generation(9)).isLessThan(new Generation(10));
    // The winner sorts first.
    assertThat(Priority.NAMESPACED_DEFAULT).isLessThan(Priority.CLUSTER_DEFAULT);
  }
}
