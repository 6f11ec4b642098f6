package io.egressgateway.core.collection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FewTest {
  @Test
  void ofManyTheFirstAreNamedAndTheOthersCounted() {
    assertThat(Few.of(List.of(), 2)).isEmpty();
    assertThat(Few.of(List.of("a", "b"), 2)).isEqualTo("a, b");
    assertThat(Few.of(List.of(1, 2, 3, 4), 2)).isEqualTo("1, 2 and 2 more");
  }
}
