package io.egressgateway.k8s.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.event.EipEvent.EipAssigned;
import io.egressgateway.core.event.EipEvent.EipReleased;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.policy.entity.EngineWatch;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true, https = false)
class HolderEventsTest {
  private static final GatewayName GATEWAY = new GatewayName("egw1");
  private static final NodeSession ONE = new NodeSession(new NodeName("node1"), "boot", 1);
  private static final NodeSession ONE_LATER = new NodeSession(new NodeName("node1"), "boot", 2);
  private static final NodeSession TWO = new NodeSession(new NodeName("node2"), "boot", 1);
  private static final OwnershipProof CERTIFICATE =
      new OwnershipProof.Certificate(ONE, 1, new TreeSet<>(List.of(0, 2)));

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  private final Deque<Runnable> due = new ArrayDeque<>();

  @SuppressWarnings("NullAway.Init") // set before each test
  private HolderEvents events;

  @BeforeEach
  void provide() {
    EgressGateway gateway = new EgressGateway();
    gateway.setMetadata(new ObjectMetaBuilder().withName("egw1").build());
    client.resource(gateway).create();
    events =
        new HolderEvents(
            EngineWatch.NOBODY, client, Clock.systemUTC(), (delay, task) -> due.add(task));
  }

  private static IpAddress address(int last) {
    return IpAddress.of("10.6." + last / 250 + "." + last % 250);
  }

  private void assign(int address, NodeSession session, OwnershipProof proof) {
    events.assigned(
        address(address), new EipAssigned(new Epoch(1), session, GATEWAY, proof, Instant.EPOCH));
  }

  private List<String> written() {
    while (!due.isEmpty()) {
      due.remove().run();
    }
    return client.v1().events().inNamespace("default").list().getItems().stream()
        .map(event -> event.getReason() + ": " + event.getMessage())
        .sorted()
        .toList();
  }

  @Test
  void theFirstHolderIsSaidWithWhyNobodyElseIs() {
    assign(1, ONE, new OwnershipProof.NeverHeld());

    assertThat(written())
        .containsExactly("EgressIPAssigned: 10.6.0.1 to node node1: nobody ever held it");
  }

  @Test
  void aMoveSaysFromWhereToWhereByWhatProof() {
    assign(1, TWO, CERTIFICATE);

    assertThat(written())
        .containsExactly(
            "EgressIPMoved: 10.6.0.1 from node node1 to node node2: witnesses 1, 3 certified that"
                + " the lease of node1 was over");
  }

  @Test
  void aNodeThatComesBackToItsEgressIpHasKeptIt() {
    assign(1, ONE_LATER, new OwnershipProof.LaterIncarnation(ONE, ONE_LATER));

    assertThat(written())
        .containsExactly(
            "EgressIPKept: 10.6.0.1 on node node1 again: node1 closed every gate and began a new"
                + " session");
  }

  @Test
  void anEgressIpThatNobodyHoldsIsSaid() {
    events.released(address(1), GATEWAY, new EipReleased(new Epoch(1), CERTIFICATE, Instant.EPOCH));

    assertThat(written())
        .containsExactly(
            "EgressIPReleased: 10.6.0.1 from node node1; nobody holds it now: witnesses 1, 3"
                + " certified that the lease of node1 was over");
  }

  @Test
  void aWholeNodesEgressIpsAreOneEvent() {
    for (int i = 1; i <= 250; i++) {
      assign(i, TWO, CERTIFICATE);
    }

    assertThat(written()).singleElement().asString().contains("10.6.0.1, ", " and 240 more from");
  }

  @Test
  void whatComesTooFastIsLostAndNothingGrows() {
    for (int i = 0; i < HolderEvents.WAITING_MAX; i++) {
      assign(1, TWO, CERTIFICATE);
    }
    assign(2, ONE, new OwnershipProof.NeverHeld());

    assertThat(due).hasSize(1);
    assertThat(written()).singleElement().asString().startsWith("EgressIPMoved");
    assign(2, ONE, new OwnershipProof.NeverHeld());
    assertThat(written()).hasSize(2);
  }

  @Test
  void theSameAgainIsCounted() {
    assign(1, TWO, CERTIFICATE);
    written();
    assign(1, TWO, CERTIFICATE);
    written();

    assertThat(client.v1().events().inNamespace("default").list().getItems())
        .singleElement()
        .extracting(Event::getCount)
        .isEqualTo(2);
  }

  @Test
  void aGatewayThatIsGoneHasNoEvents() {
    client.resources(EgressGateway.class).withName("egw1").delete();
    assign(1, TWO, CERTIFICATE);

    assertThat(written()).isEmpty();
  }
}
