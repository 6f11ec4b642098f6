package io.egressgateway.policy.link;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import akka.cluster.sharding.typed.testkit.javadsl.TestEntityRef;
import com.google.protobuf.ByteString;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.link.v1.AgentMessage;
import io.egressgateway.core.link.v1.ControllerMessage;
import io.egressgateway.core.link.v1.EipReleased;
import io.egressgateway.core.link.v1.Hello;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.domain.NumberSpace;
import io.egressgateway.policy.entity.EipEntity;
import io.egressgateway.policy.entity.EntityDirectory;
import io.egressgateway.policy.entity.GatewayEntity;
import io.egressgateway.policy.entity.NodeEntity;
import io.egressgateway.policy.entity.NumberingEntity;
import io.egressgateway.policy.entity.PolicyEntity;
import io.grpc.Status;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whom a session tells what its agent says. */
class AgentSessionTest {
  private static final NodeName NODE = new NodeName("worker-1");
  private static final IpAddress EIP = IpAddress.of("10.6.168.201");
  private static final NodeSession SESSION = new NodeSession(NODE, "boot", 7);

  private final ActorTestKit kit = ActorTestKit.create();
  private final TestProbe<EipEntity.Command> eips = kit.createTestProbe();
  private final TestProbe<NodeEntity.Command> nodes = kit.createTestProbe();

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void aReleaseIsProofForTheLedgerAndNewsForTheNode() {
    ActorRef<AgentSession.Command> session =
        kit.spawn(AgentSession.create(new SilentStream(), new Probes(), Duration.ofHours(1)));
    session.tell(
        new AgentSession.Received(
            AgentMessage.newBuilder()
                .setHello(Hello.newBuilder().setNode(NODE.toString()).setBootId("boot"))
                .build()));
    nodes.expectMessageClass(NodeEntity.Attach.class);

    session.tell(
        new AgentSession.Received(
            AgentMessage.newBuilder()
                .setReleased(
                    EipReleased.newBuilder()
                        .setAddress(ByteString.copyFrom(EIP.toBytes()))
                        .setEpoch(3)
                        .setBootId("boot")
                        .setIncarnation(7))
                .build()));

    eips.expectMessage(
        new EipEntity.Stopped(new Epoch(3), new OwnershipProof.ReleaseAcknowledged(SESSION)));
    nodes.expectMessage(new NodeEntity.EipReleased(SESSION, EIP, new Epoch(3)));
  }

  /** Nothing but egress IPs' ledgers and nodes is told anything. */
  private final class Probes implements EntityDirectory {
    @Override
    public EntityRef<EipEntity.Command> eip(IpAddress address) {
      return TestEntityRef.of(EipEntity.TYPE, address.toString(), eips.ref());
    }

    @Override
    public EntityRef<NodeEntity.Command> node(NodeName node) {
      return TestEntityRef.of(NodeEntity.TYPE, node.toString(), nodes.ref());
    }

    @Override
    public EntityRef<PolicyEntity.Command> policy(PolicyKey policy) {
      throw new AssertionError("a session speaks to no policy");
    }

    @Override
    public EntityRef<GatewayEntity.Command> gateway(GatewayName gateway) {
      throw new AssertionError("a session speaks to no gateway");
    }

    @Override
    public EntityRef<NumberingEntity.Command> numbering(NumberSpace space) {
      throw new AssertionError("a session asks for no number");
    }
  }

  private static final class SilentStream implements AgentSession.Stream {
    @Override
    public boolean speaksFor(NodeName node) {
      return node.equals(NODE);
    }

    @Override
    public void send(ControllerMessage message) {}

    @Override
    public void demand() {}

    @Override
    public void end(Status status) {}
  }
}
