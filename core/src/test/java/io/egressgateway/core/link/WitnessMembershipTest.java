package io.egressgateway.core.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.core.model.WitnessAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WitnessMembershipTest {
  private static final WitnessAddress ONE = new WitnessAddress("w1", 5831);
  private static final WitnessAddress TWO = new WitnessAddress("w2", 5831);
  private static final WitnessAddress OTHER_PORT = new WitnessAddress("w2", 5832);

  @Test
  void theOrderInWhichTheyAreNamedDoesNotMatter() {
    WitnessMembership membership = WitnessMembership.of(List.of(TWO, ONE));

    assertThat(membership).isEqualTo(WitnessMembership.of(List.of(ONE, TWO)));
    assertThat(membership.witnesses()).containsExactly(ONE, TWO);
  }

  /** The digest is compared between processes of different versions: it must not change. */
  @Test
  void theDigestIsThatOfTheLines() {
    // printf 'w1:5831\nw2:5831' | sha256sum
    assertThat(WitnessMembership.of(List.of(ONE, TWO)).digest())
        .isEqualTo("ce42c9032caa34a8c30ae530d9ca699837cbc31835c5c6953a8db252decf38f3");
  }

  @Test
  void otherWitnessesHaveAnotherDigest() {
    assertThat(
            List.of(List.of(ONE), List.of(ONE, TWO), List.of(ONE, OTHER_PORT)).stream()
                .map(WitnessMembership::of)
                .map(WitnessMembership::digest))
        .doesNotHaveDuplicates();
  }

  @Test
  void whatIsNoMembershipIsRefused() {
    List<WitnessAddress> tooMany =
        IntStream.rangeClosed(0, WitnessMembership.WITNESSES_MAX)
            .mapToObj(i -> new WitnessAddress("w" + i, 1))
            .toList();

    assertThatThrownBy(() -> WitnessMembership.of(List.of())).hasMessageContaining("0 witnesses");
    assertThatThrownBy(() -> WitnessMembership.of(tooMany)).hasMessageContaining("10 witnesses");
    assertThatThrownBy(() -> WitnessMembership.of(List.of(ONE, ONE)))
        .hasMessageContaining("w1:5831 is named twice");
    assertThatThrownBy(() -> new WitnessMembership(List.of(TWO, ONE)))
        .hasMessageContaining("w1:5831 is out of order");
  }
}
