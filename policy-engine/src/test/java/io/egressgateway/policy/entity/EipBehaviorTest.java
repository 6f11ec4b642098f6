package io.egressgateway.policy.entity;

import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.NumberSpace;
import io.egressgateway.policy.plan.EipRoute;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EipBehaviorTest {
  private static final IpAddress EIP = SampleMessages.EIP;
  private static final GatewayName GATEWAY = SampleMessages.GATEWAY;
  private static final NodeName A = new NodeName("a");
  private static final NodeName B = new NodeName("b");
  private static final NodeName WORKER = new NodeName("worker");
  private static final EipNumber NUMBER = new EipNumber(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final EntityFixture fixture = new EntityFixture();
  private ActorRef<EipEntity.Command> eip = start();

  private ActorRef<EipEntity.Command> start() {
    return fixture.start(EipBehavior.create(EIP, fixture.environment()));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void anAddressIsGrantedUntilTheNodeConfirms() {
    assigned();
    NodeEntity.Command grant = new NodeEntity.GrantEip(EIP, NUMBER, new Epoch(1));
    await(fixture.nodes, grant);
    await(fixture.nodes, grant);

    eip.tell(new EipEntity.GrantProgrammed(A, new Epoch(1)));

    await(fixture.gateways, owner(new Holding.Programmed(A), 1));
  }

  @Test
  void aMoveWaitsForTheFormerHolder() {
    programmed();

    eip.tell(new EipEntity.Assign(GATEWAY, B));

    await(fixture.gateways, owner(new Holding.Leaving(A), 1));
    await(fixture.nodes, new NodeEntity.WithdrawEip(EIP, new Epoch(1)));
    await(fixture.nodes, new NodeEntity.WithdrawEip(EIP, new Epoch(1)));
    eip.tell(
        new EipEntity.WithdrawAcknowledged(
            A, new Epoch(1), new OwnershipProof.ReleaseAcknowledged(EipEntity.session(A))));
    await(fixture.gateways, owner(new Holding.Assigned(B), 2));
    await(fixture.nodes, new NodeEntity.GrantEip(EIP, NUMBER, new Epoch(2)));
  }

  @Test
  void subscribersFollowTheAddress() {
    eip.tell(new EipEntity.Subscribe(WORKER, Optional.empty()));
    assigned();
    await(
        fixture.nodes,
        new NodeEntity.EipRouted(EIP, new EipRoute(NUMBER, Optional.of(A), new Epoch(1))));
    eip.tell(new EipEntity.GrantProgrammed(A, new Epoch(1)));

    eip.tell(new EipEntity.Unassign(GATEWAY));
    await(fixture.nodes, new NodeEntity.WithdrawEip(EIP, new Epoch(1)));
    eip.tell(
        new EipEntity.Subscribe(
            WORKER, Optional.of(new EipRoute(NUMBER, Optional.of(A), new Epoch(1)))));
    eip.tell(
        new EipEntity.WithdrawAcknowledged(
            A, new Epoch(1), new OwnershipProof.ReleaseAcknowledged(EipEntity.session(A))));

    await(
        fixture.nodes,
        new NodeEntity.EipRouted(EIP, new EipRoute(NUMBER, Optional.empty(), new Epoch(1))));
    await(fixture.gateways, owner(new Holding.Nobody(), 1));
  }

  @Test
  void anotherGatewayHasToWait() {
    programmed();
    GatewayName other = new GatewayName("other");

    eip.tell(new EipEntity.Assign(other, B));

    await(fixture.gateways, owner(new Holding.Occupied(GATEWAY), 1));
    eip.tell(new EipEntity.Assign(GATEWAY, A));
    await(fixture.gateways, owner(new Holding.Programmed(A), 1));
  }

  @Test
  void aHolderIsAskedAgainAfterARestart() {
    programmed();
    fixture.stop(eip);

    eip = start();

    await(fixture.nodes, new NodeEntity.GrantEip(EIP, NUMBER, new Epoch(1)));
    eip.tell(new EipEntity.GrantProgrammed(A, new Epoch(1)));
    await(fixture.gateways, owner(new Holding.Programmed(A), 1));
  }

  private void programmed() {
    assigned();
    eip.tell(new EipEntity.GrantProgrammed(A, new Epoch(1)));
    await(fixture.gateways, owner(new Holding.Programmed(A), 1));
  }

  private void assigned() {
    eip.tell(new EipEntity.Assign(GATEWAY, A));
    NumberingEntity.Assign asked = fixture.numbers.expectMessageClass(NumberingEntity.Assign.class);
    asked.replyTo().tell(new NumberingEntity.Numbered(NumberSpace.EIP, asked.name(), 1));
    await(fixture.gateways, owner(new Holding.Assigned(A), 1));
  }

  private static GatewayEntity.Command owner(Holding holding, long epoch) {
    return new GatewayEntity.OwnerChanged(EIP, holding, new Epoch(epoch));
  }

  private static <C> void await(TestProbe<C> probe, C wanted) {
    probe.fishForMessage(
        PATIENCE,
        message ->
            message.equals(wanted)
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
  }
}
