package io.egressgateway.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.policy.entity.Condition;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HijackedDestinationsTest {
  private static final CidrSet SERVER = blocks("10.6.168.63/32");

  private static CidrSet blocks(String... blocks) {
    return CidrSet.of(List.of(blocks).stream().map(Cidr::of).toList());
  }

  @Test
  void withoutSpiderpoolNothingIsSaid() {
    assertThat(HijackedDestinations.none().missing(SERVER)).isEmpty();
  }

  @Test
  void aCoordinatorThatListsNothingSaysNothing() {
    assertThat(HijackedDestinations.none().with("default", CidrSet.empty()).missing(SERVER))
        .isEmpty();
  }

  @Test
  void whatIsListedAsAWholeIsHijacked() {
    HijackedDestinations hijacked =
        HijackedDestinations.none()
            .with("one", blocks("10.6.168.0/25"))
            .with("two", blocks("10.6.168.128/25", "2001:db8::/32"));

    assertThat(hijacked.missing(SERVER)).isEmpty();
    assertThat(hijacked.missing(blocks("10.6.168.0/24", "2001:db8:1::/48"))).isEmpty();
    assertThat(hijacked.missing(CidrSet.empty())).isEmpty();
  }

  @Test
  void whatIsMissingIsNamedWithTheRemedy() {
    Condition condition =
        HijackedDestinations.none()
            .with("default", blocks("10.6.168.0/25"))
            .missing(blocks("10.6.168.0/24", "10.7.0.1/32"))
            .orElseThrow();

    assertThat(condition.type()).isEqualTo("DestinationNotHijacked");
    assertThat(condition.status()).isEqualTo(Condition.Status.TRUE);
    assertThat(condition.message())
        .contains("10.6.168.0/24, 10.7.0.1/32 past")
        .contains("spec.hijackCIDR of SpiderCoordinator default");
  }

  @Test
  void ofManyTheFirstAreNamedSoThatTheRemedyIsRead() {
    CidrSet many =
        CidrSet.of(
            IntStream.range(0, 300)
                .mapToObj(i -> Cidr.of("10.%d.%d.0/24".formatted(i / 100, i % 100 * 2)))
                .toList());

    assertThat(
            HijackedDestinations.none()
                .with("default", blocks("172.16.0.0/12"))
                .missing(many)
                .orElseThrow()
                .message())
        .contains("10.0.18.0/24 and 290 more")
        .hasSizeLessThan(500);
  }

  @Test
  void aCoordinatorThatGoesTakesItsListWithIt() {
    HijackedDestinations hijacked =
        HijackedDestinations.none().with("one", SERVER).with("two", blocks("10.7.0.0/16"));

    assertThat(hijacked.without("one").missing(SERVER)).isPresent();
    assertThat(hijacked.without("one").without("two")).isEqualTo(HijackedDestinations.none());
  }

  @Test
  void addressesAreBlocksAndGarbageSaysNothing() {
    assertThat(
            HijackedDestinations.read(
                "default", List.of("10.6.168.63", "router", 7, "10.7.0.0/16", "2001:db8::1")))
        .isEqualTo(blocks("10.6.168.63/32", "10.7.0.0/16", "2001:db8::1/128"));
    assertThat(HijackedDestinations.read("default", "10.7.0.0/16"))
        .isEqualTo(blocks("10.7.0.0/16"));
    assertThat(HijackedDestinations.read("default", 7)).isEqualTo(CidrSet.empty());
  }
}
