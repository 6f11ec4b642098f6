package io.egressgateway.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SyncBarrierTest {

  private final AtomicInteger synced = new AtomicInteger();
  private final SyncBarrier barrier = new SyncBarrier(synced::incrementAndGet);

  @Test
  void waitsForWhatIsDeliveredAfterTheList() {
    barrier.delivered("a");
    barrier.listed(List.of("a", "b"));
    assertThat(synced).hasValue(0);
    barrier.delivered("b");
    assertThat(synced).hasValue(1);
  }

  @Test
  void anEmptyListIsDeliveredAtOnce() {
    barrier.listed(List.of());
    assertThat(synced).hasValue(1);
  }

  @Test
  void tellsOnlyOnce() {
    barrier.listed(List.of("a"));
    barrier.delivered("a");
    barrier.delivered("a");
    barrier.listed(List.of());
    assertThat(synced).hasValue(1);
  }
}
