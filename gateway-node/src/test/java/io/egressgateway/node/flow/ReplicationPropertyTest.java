package io.egressgateway.node.flow;

import static io.egressgateway.node.flow.Flows.EIP;
import static io.egressgateway.node.flow.Flows.STANDBY;
import static io.egressgateway.node.flow.Flows.flow;
import static io.egressgateway.node.flow.Flows.part;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.link.MalformedLinkMessage;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes, goes and gets lost: in the end the other node knows what the holder knows. */
class ReplicationPropertyTest {
  private static final int FLOWS = 400;
  private static final int ROUNDS = 200;
  private static final int A_ROUND = 50;
  private static final long SECOND = 1_000_000_000;

  private final ReplicaFeed feed = new ReplicaFeed(new ReplicaFeed.Limits(FLOWS, A_ROUND));
  private final ReplicaStore store = new ReplicaStore(FLOWS);
  private final TreeMap<Integer, HandedFlow> kernel = new TreeMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void afterLossesTheReplicaBecomesWholeAgain(long seed) throws MalformedLinkMessage {
    SplittableRandom random = new SplittableRandom(seed);
    feed.follow(List.of(new Replicated(EIP, STANDBY)));
    int round = 0;
    for (; round < ROUNDS; round++) {
      for (int i = random.nextInt(30); i > 0; i--) {
        int index = random.nextInt(FLOWS);
        switch (random.nextInt(3)) {
          case 0 -> kernel.remove(index);
          case 1 -> kernel.put(index, flow(index));
          default -> kernel.computeIfPresent(index, (any, flow) -> flow(any, 4));
        }
      }
      replicate(round, random.nextInt(4) != 0);
    }
    // The slowest way: all of it told once more, and what ended in a lost part too old.
    int calm = round + ReplicaStore.ROUNDS_MAX + ReplicaFeed.REPEAT_ROUNDS + FLOWS / A_ROUND;
    for (; round < calm; round++) {
      replicate(round, true);
    }

    assertThat(kernel).isNotEmpty();
    assertThat(store.remove(EIP.address(), round * SECOND).orElseThrow().flows())
        .as("seed %d", seed)
        .containsExactlyInAnyOrderElementsOf(kernel.values());
  }

  private void replicate(int round, boolean arrives) throws MalformedLinkMessage {
    long now = round * SECOND;
    ReplicaFeed.Round next = feed.next(Map.of(EIP.address(), List.copyOf(kernel.values())), now);
    for (ReplicaFeed.Told told : next.told()) {
      assertThat(told.changes().size()).isLessThanOrEqualTo(A_ROUND + A_ROUND / 5);
      FlowReplica part = part(EIP, 1, next.number(), told.changes());
      if (arrives) {
        store.take(part, FlowCodec.decodeChanges(part.flows()), now);
      }
    }
  }
}
