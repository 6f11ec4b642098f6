package io.egressgateway.core.collection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SharedValuesTest {
  private final SharedValues<List<Integer>> values = new SharedValues<>();

  @Test
  void givesTheFirstOfEqualValues() {
    List<Integer> first = List.of(1, 2);

    assertThat(values.shared(first)).isSameAs(first);
    assertThat(values.shared(List.of(1, 2))).isSameAs(first);
    assertThat(values.shared(List.of(2))).containsExactly(2);
  }

  @Test
  void forgetsAllWhenThereAreTooMany() {
    List<Integer> first = List.of(0);
    for (int i = 0; i < SharedValues.VALUES_MAX; i++) {
      values.shared(i == 0 ? first : List.of(i));
    }
    assertThat(values.shared(List.of(0))).isSameAs(first);

    values.shared(List.of(-1));
    List<Integer> anew = List.of(0);
    assertThat(values.shared(anew)).isSameAs(anew);
  }
}
