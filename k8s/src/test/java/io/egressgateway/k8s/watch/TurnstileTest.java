package io.egressgateway.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnstileTest {
  private static final int PATIENCE = 3;

  private final List<String> entered = new ArrayList<>();
  private final Turnstile<String> turnstile = new Turnstile<>(2, PATIENCE, entered::add);

  @Test
  void whoComesAloneComesInAtOnce() {
    turnstile.come("a");
    assertThat(entered).containsExactly("a");
  }

  @Test
  void aHerdComesInAsOthersAreDone() {
    List.of("a", "b", "c", "d").forEach(turnstile::come);
    assertThat(entered).containsExactly("a", "b");

    turnstile.done("b");
    turnstile.done("a");
    assertThat(entered).containsExactly("a", "b", "c", "d");
  }

  @Test
  void whoIsInsideIsHeardAgainAtOnceAndKeepsOnePlace() {
    List.of("a", "b", "a", "c").forEach(turnstile::come);
    assertThat(entered).containsExactly("a", "b", "a");

    turnstile.done("a");
    assertThat(entered).containsExactly("a", "b", "a", "c");
  }

  @Test
  void whoComesTwiceWaitsOnce() {
    List.of("a", "b", "c", "c").forEach(turnstile::come);
    turnstile.done("a");
    turnstile.done("b");
    assertThat(entered).containsExactly("a", "b", "c");
  }

  @Test
  void whatIsNewGoesBeforeWhatIsSaidAgain() {
    List.of("a", "b").forEach(turnstile::come);
    turnstile.comeAgain("c");
    turnstile.comeAgain("d");
    turnstile.come("e");
    turnstile.come("d");
    List.of("a", "b", "e", "d").forEach(turnstile::done);
    assertThat(entered).containsExactly("a", "b", "e", "d", "c");
  }

  @Test
  void whoIsInsideOrWaitsNeedNotSayItAgain() {
    List.of("a", "b", "c").forEach(turnstile::come);
    turnstile.comeAgain("a");
    turnstile.comeAgain("c");
    turnstile.done("a");
    turnstile.done("b");
    assertThat(entered).containsExactly("a", "b", "c");
  }

  @Test
  void whoTakesTooLongLosesItsPlace() {
    List.of("a", "b", "c").forEach(turnstile::come);
    for (int i = 0; i < PATIENCE; i++) {
      turnstile.tick();
    }
    assertThat(entered).containsExactly("a", "b");

    turnstile.come("b");
    turnstile.tick();
    assertThat(entered).containsExactly("a", "b", "b", "c");
  }

  @Test
  void whoIsGoneNeitherWaitsNorTakesAPlace() {
    List.of("a", "b", "c", "d").forEach(turnstile::come);
    turnstile.forget("c");
    turnstile.forget("a");
    assertThat(entered).containsExactly("a", "b", "d");
  }

  @Test
  void whoIsNotInsideIsNotMissed() {
    List.of("a", "b", "c").forEach(turnstile::come);
    turnstile.done("c");
    turnstile.done("x");
    assertThat(entered).containsExactly("a", "b");
    turnstile.done("a");
    assertThat(entered).containsExactly("a", "b", "c");
  }
}
