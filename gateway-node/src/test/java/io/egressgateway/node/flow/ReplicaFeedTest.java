package io.egressgateway.node.flow;

import static io.egressgateway.node.flow.Flows.EIP;
import static io.egressgateway.node.flow.Flows.OTHER_EIP;
import static io.egressgateway.node.flow.Flows.STANDBY;
import static io.egressgateway.node.flow.Flows.flow;
import static io.egressgateway.node.flow.Flows.flows;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.node.netlink.wire.conntrack.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What another node is told of connections, and when. */
class ReplicaFeedTest {
  private static final long SECOND = 1_000_000_000;
  private static final Replicated WANTED = new Replicated(EIP, STANDBY);
  private static final FlowChanges NOTHING = new FlowChanges(List.of(), List.of());

  private final ReplicaFeed feed = new ReplicaFeed(new ReplicaFeed.Limits(10, 4));
  private long now;

  private ReplicaFeed.Round round(List<HandedFlow> flows) {
    now += SECOND;
    return feed.next(Map.of(EIP.address(), flows), now);
  }

  private FlowChanges told(List<HandedFlow> flows) {
    return round(flows).told().stream()
        .map(ReplicaFeed.Told::changes)
        .reduce((one, other) -> other)
        .orElse(NOTHING);
  }

  private static List<Tuple> tuples(List<HandedFlow> flows) {
    return flows.stream().map(HandedFlow::original).toList();
  }

  @Test
  void onlyWhatIsNewIsTold() {
    feed.follow(List.of(WANTED));

    assertThat(told(flows(0, 3))).isEqualTo(new FlowChanges(flows(0, 3), List.of()));
    assertThat(told(flows(0, 3))).isEqualTo(NOTHING);
    assertThat(told(flows(1, 4)))
        .isEqualTo(new FlowChanges(List.of(flow(3)), List.of(flow(0).original())));
  }

  @Test
  void aStateThatChangedIsNewAndARemainingTimeIsNot() {
    feed.follow(List.of(WANTED));
    told(List.of(flow(0), flow(1)));

    HandedFlow closing = flow(1, 5);
    assertThat(told(List.of(Flows.withTimeout(flow(0), 7), closing)))
        .isEqualTo(new FlowChanges(List.of(closing), List.of()));
  }

  @Test
  void everythingIsToldAgainAfterSomeRounds() {
    feed.follow(List.of(WANTED));
    told(flows(0, 2));
    for (int i = 1; i < ReplicaFeed.REPEAT_ROUNDS; i++) {
      assertThat(told(flows(0, 2))).as("round %d", i).isEqualTo(NOTHING);
    }

    List<HandedFlow> later = flows(0, 2).stream().map(each -> Flows.withTimeout(each, 99)).toList();
    assertThat(told(later).flows()).isEqualTo(later);
  }

  @Test
  void aRoundTellsSoManyTheOldestFirstAndSaysHowLongTheOthersWait() {
    feed.follow(List.of(WANTED));

    ReplicaFeed.Round first = round(flows(0, 6));
    assertThat(first.told().getFirst().changes().flows()).isEqualTo(flows(0, 4));
    assertThat(first.progress()).isEqualTo(new ReplicaFeed.Progress(4, 0, 0));

    ReplicaFeed.Round second = round(flows(0, 10));
    assertThat(second.told().getFirst().changes().flows()).hasSize(4).startsWith(flow(4), flow(5));
    assertThat(second.progress()).isEqualTo(new ReplicaFeed.Progress(8, 0, 0));

    List<HandedFlow> ended = flows(8, 10);
    ReplicaFeed.Round third = round(ended);
    assertThat(third.told().getFirst().changes().ended()).hasSize(4);
    assertThat(third.told().getFirst().changes().flows()).isEmpty();
    assertThat(third.progress().lagNanos()).isEqualTo(SECOND);
  }

  @Test
  void inAFloodTheOldOnesAreToldAgainToo() {
    ReplicaFeed flooded = new ReplicaFeed(new ReplicaFeed.Limits(10_000, 10));
    flooded.follow(List.of(WANTED));
    List<HandedFlow> all = new ArrayList<>();
    List<HandedFlow> again = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      all.addAll(flows(i * 20, i * 20 + 20));
      ReplicaFeed.Round round = flooded.next(Map.of(EIP.address(), all), i * SECOND);
      assertThat(round.told().getFirst().changes().size()).isBetween(10, 12);
      if (i >= ReplicaFeed.REPEAT_ROUNDS) {
        again.addAll(round.told().getFirst().changes().flows().subList(10, 12));
      }
    }
    assertThat(again).startsWith(flow(0), flow(1), flow(2), flow(3)).doesNotHaveDuplicates();
  }

  @Test
  void thoseBeyondTheLimitAreLeftOutUntilOthersEnd() {
    feed.follow(List.of(WANTED));
    for (int i = 0; i < 4; i++) {
      round(flows(0, 12));
    }
    assertThat(round(flows(0, 12)).progress()).isEqualTo(new ReplicaFeed.Progress(10, 2, 0));

    FlowChanges next = told(flows(2, 12));

    assertThat(next.ended()).containsExactlyInAnyOrderElementsOf(tuples(flows(0, 2)));
    assertThat(next.flows()).isEqualTo(flows(10, 12));
    assertThat(round(flows(2, 12)).progress().leftOut()).isZero();
  }

  @Test
  void anotherNodeIsToldEverything() {
    Replicated other = new Replicated(OTHER_EIP, STANDBY);
    feed.follow(List.of(WANTED, other));
    Map<IpAddress, List<HandedFlow>> both =
        Map.of(EIP.address(), flows(0, 2), OTHER_EIP.address(), flows(2, 4));
    feed.next(both, SECOND);

    Replicated elsewhere = new Replicated(EIP, new NodeName("node-3"));
    feed.follow(List.of(elsewhere, other));

    assertThat(feed.next(both, 2 * SECOND).told())
        .containsExactly(new ReplicaFeed.Told(elsewhere, new FlowChanges(flows(0, 2), List.of())));
  }

  @Test
  void whatIsNotFollowedIsNotTold() {
    feed.follow(List.of(new Replicated(OTHER_EIP, STANDBY)));
    assertThat(round(flows(0, 2)).told()).isEmpty();
    List<Replicated> nobody = new ArrayList<>();
    feed.follow(nobody);
    assertThat(round(flows(0, 2)).progress()).isEqualTo(new ReplicaFeed.Progress(0, 0, 0));
  }
}
