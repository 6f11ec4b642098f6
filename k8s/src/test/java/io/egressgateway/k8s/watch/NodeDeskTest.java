package io.egressgateway.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.k8s.status.ObjectRef;
import io.egressgateway.k8s.status.StatusWriter;
import io.egressgateway.k8s.translate.NodeFacts;
import io.egressgateway.policy.domain.NumberSpace;
import io.egressgateway.policy.entity.NodeEntity;
import io.egressgateway.policy.entity.NumberingEntity;
import io.egressgateway.policy.entity.StatusReport;
import io.egressgateway.policy.plan.NodeInventory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeDeskTest {
  private static final NodeEntity.Command THE_LAST =
      new NodeEntity.PolicyBound(Given.policy("last"), Optional.empty());
  private static final NodeName ONE = new NodeName("worker-node-1");
  private static final NodeName TWO = new NodeName("worker-node-2");
  private static final NodeName LATER = new NodeName("worker-node-3");

  private final ActorTestKit testKit = ActorTestKit.create();
  private final EntityProbes entities = new EntityProbes(testKit);
  private final TestProbe<StatusWriter.Command> statusWriter =
      testKit.createTestProbe(StatusWriter.Command.class);
  private final NodeDesk desk;

  NodeDeskTest() {
    ClusterDesk.Receivers receivers =
        new ClusterDesk.Receivers(
            entities,
            statusWriter.ref(),
            testKit.<StatusReport>createTestProbe().ref(),
            testKit.<NumberingEntity.Reply>createTestProbe().ref());
    desk = new NodeDesk(Given.settings(), receivers, new ClusterInfoDesk(receivers));
    put(ONE, "10.6.168.11");
    put(TWO, "10.6.168.12");
    desk.start();
  }

  @AfterEach
  void stop() {
    testKit.shutdownTestKit();
  }

  private void put(NodeName name, String address) {
    NodeFacts node = Given.node(name.value(), address, Map.of("egressgateway", "true"));
    assertThat(desk.put(node)).isTrue();
  }

  private void number(NodeName name, int number) {
    desk.onNumbered(new NumberingEntity.Numbered(NumberSpace.NODE, name.value(), number));
  }

  private void flush() {
    desk.flush(List.of(LabelSelector.ofLabels(Map.of("egressgateway", "true"))), new PodIndex());
  }

  /** The peers that nodes have been told of since the last call, by their uid. */
  private Map<String, Map<NodeName, NodeNumber>> told() {
    Map<String, Map<NodeName, NodeNumber>> told = new TreeMap<>();
    entities.nodes().ref().tell(THE_LAST);
    while (true) {
      NodeEntity.Command message = entities.nodes().receiveMessage();
      if (message.equals(THE_LAST)) {
        return told;
      }
      if (message instanceof NodeEntity.Observe observe) {
        NodeInventory inventory = observe.inventory();
        Map<NodeName, NodeNumber> peers = new TreeMap<>();
        inventory.peers().forEach((name, peer) -> peers.put(name, peer.number()));
        told.put(inventory.uid(), peers);
      }
    }
  }

  @Test
  void nobodyIsToldOfAMeshThatLacksNodesWhoseNumbersAreNotKnownYet() {
    flush();
    number(ONE, 1);
    flush();
    assertThat(told()).isEmpty();

    number(TWO, 2);
    flush();
    Map<NodeName, NodeNumber> both = Map.of(ONE, new NodeNumber(1), TWO, new NodeNumber(2));
    assertThat(told()).isEqualTo(Map.of(ONE.value(), both, TWO.value(), both));
  }

  @Test
  void aNodeWithoutANumberToBeHadKeepsNobodyWaiting() {
    number(ONE, 1);
    desk.onNumbered(new NumberingEntity.Exhausted(NumberSpace.NODE, TWO.value()));
    flush();
    assertThat(told()).isEqualTo(Map.of(ONE.value(), Map.of(ONE, new NodeNumber(1))));
  }

  @Test
  void aNodeThatComesLaterKeepsNobodyWaiting() {
    number(ONE, 1);
    number(TWO, 2);
    flush();
    assertThat(told()).hasSize(2);

    put(LATER, "10.6.168.13");
    assertThat(desk.onDeleted(new NodeFacts.Id(TWO, TWO.value()))).isTrue();
    flush();
    assertThat(told()).isEqualTo(Map.of(ONE.value(), Map.of(ONE, new NodeNumber(1))));
  }

  private void expectRemoval(NodeName name) {
    assertThat(entities.nodes().receiveMessage()).isInstanceOf(NodeEntity.Remove.class);
    desk.onGone(name);
    statusWriter.expectMessage(new StatusWriter.Forget(new ObjectRef.Tunnel(name)));
  }

  /** The writer may have given its deletion up. */
  @Test
  void aTunnelWithoutANodeIsAskedForUntilItIsGone() {
    desk.putTunnel(LATER);
    desk.resync(Outbox.Slice.everything());
    expectRemoval(LATER);
    desk.resync(Outbox.Slice.everything());
    expectRemoval(LATER);

    desk.removeTunnel(LATER);
    desk.resync(Outbox.Slice.everything());
    entities.nodes().expectNoMessage();
    statusWriter.expectNoMessage();
  }

  @Test
  void theTunnelOfANodeThatIsThereIsMissed() {
    desk.removeTunnel(ONE);
    statusWriter.expectMessage(new StatusWriter.Missing(new ObjectRef.Tunnel(ONE)));
  }
}
