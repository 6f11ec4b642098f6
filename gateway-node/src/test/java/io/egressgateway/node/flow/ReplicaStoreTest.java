package io.egressgateway.node.flow;

import static io.egressgateway.node.flow.Flows.EIP;
import static io.egressgateway.node.flow.Flows.OTHER_EIP;
import static io.egressgateway.node.flow.Flows.flow;
import static io.egressgateway.node.flow.Flows.flows;
import static io.egressgateway.node.flow.Flows.part;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.NodeName;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept of other nodes' connections, and for how long. */
class ReplicaStoreTest {
  private static final int FLOWS_MAX = 10;
  private static final long STREAM = 5;
  private static final long EARLY = 1;
  private static final long LATER = ReplicaStore.SILENCE_MAX.toNanos() / 2;
  private static final long TOO_LATE = EARLY + ReplicaStore.SILENCE_MAX.toNanos() + 1;

  private final ReplicaStore store = new ReplicaStore(FLOWS_MAX);

  private long take(HandedEip eip, long round, List<HandedFlow> flows, long nanos) {
    FlowChanges changes = new FlowChanges(flows, List.of());
    return store.take(part(eip, STREAM, round, changes), changes, nanos);
  }

  private List<HandedFlow> remove(HandedEip eip) {
    return store.remove(eip.address(), LATER).map(ReplicaStore.Taken::flows).orElse(List.of());
  }

  @Test
  void whatWasToldIsThereOnce() {
    take(EIP, 1, flows(0, 2), EARLY);
    take(EIP, 2, flows(2, 3), EARLY);
    take(OTHER_EIP, 2, flows(5, 6), EARLY);

    assertThat(store.has(EIP.address())).isTrue();
    assertThat(store.remove(EIP.address(), LATER))
        .contains(new ReplicaStore.Taken(EIP, flows(0, 3)));

    assertThat(store.has(EIP.address())).isFalse();
    assertThat(store.remove(EIP.address(), LATER)).isEmpty();
    assertThat(store.size()).isEqualTo(1);
  }

  @Test
  void theNewestWordCountsAndWhatEndedIsGone() {
    take(EIP, 1, flows(0, 2), EARLY);
    FlowChanges changes = new FlowChanges(List.of(flow(1, 5)), List.of(flow(0).original()));
    store.take(part(EIP, STREAM, 2, changes), changes, EARLY);

    assertThat(remove(EIP)).containsExactly(flow(1, 5));
  }

  @Test
  void aConnectionThatIsNotToldOfAnyMoreIsOver() {
    take(EIP, 1, flows(0, 2), EARLY);
    take(EIP, 11, flows(1, 2), EARLY);
    take(EIP, 1 + ReplicaStore.ROUNDS_MAX, List.of(), EARLY);
    assertThat(store.size()).isEqualTo(2);

    take(EIP, 2 + ReplicaStore.ROUNDS_MAX, List.of(), EARLY);

    assertThat(remove(EIP)).containsExactly(flow(1));
  }

  @Test
  void aHolderThatStartsAgainConfirmsWhatIsLeft() {
    take(EIP, 500, flows(0, 2), EARLY);
    FlowChanges again = new FlowChanges(flows(1, 2), List.of());
    store.take(part(EIP, STREAM + 1, 1, again), again, EARLY);
    assertThat(store.size()).isEqualTo(2);

    store.take(part(EIP, STREAM + 1, 31, again), again, EARLY);
    store.take(part(EIP, STREAM + 1, 32, again), again, EARLY);

    assertThat(remove(EIP)).containsExactly(flow(1));
  }

  @Test
  void anotherHolderKnowsNothingOfTheFormerOnes() {
    take(EIP, 500, flows(0, 2), EARLY);
    FlowChanges fresh = new FlowChanges(flows(7, 8), List.of());
    store.take(
        new FlowReplica(EIP, new NodeName("node-9"), 1, 1, FlowCodec.encode(fresh)), fresh, EARLY);

    assertThat(remove(EIP)).containsExactly(flow(7));
  }

  @Test
  void whatIsNotHeardOfForLongIsForgotten() {
    take(EIP, 1, flows(0, 2), EARLY);
    take(OTHER_EIP, 1, flows(2, 4), LATER);

    assertThat(store.remove(EIP.address(), TOO_LATE)).isEmpty();
    assertThat(store.remove(OTHER_EIP.address(), TOO_LATE)).isPresent();
  }

  @Test
  void thereIsRoomForSoManyAndThoseNotHeardOfForLongestGoFirst() {
    take(EIP, 1, flows(0, 6), EARLY);
    assertThat(take(OTHER_EIP, 1, flows(6, 10), LATER)).isZero();

    assertThat(take(OTHER_EIP, 2, flows(10, 13), LATER)).isEqualTo(3);

    assertThat(store.size()).isEqualTo(FLOWS_MAX);
    assertThat(remove(EIP)).isEqualTo(flows(3, 6));
    assertThat(remove(OTHER_EIP)).isEqualTo(flows(6, 13));
  }

  @Test
  void ofMoreThanThereIsRoomForTheLastStay() {
    assertThat(take(EIP, 1, flows(0, 13), EARLY)).isEqualTo(3);

    assertThat(remove(EIP)).isEqualTo(flows(3, 13));
  }
}
