package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.Revision;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whom a node's agent is to tell of its connections, and what becomes of what it tells. */
class NodeReplicasTest extends NodeFixture {
  private static final NodeName STANDBY = new NodeName("worker-2");
  private static final NodeName ANOTHER = new NodeName("worker-3");
  private static final FlowParcel.Eip HELD = new FlowParcel.Eip(EIP, NUMBER);

  private static FlowReplica part(FlowParcel.Eip eip) {
    return new FlowReplica(eip, 5, 6, ByteString.copyFrom(new byte[] {1, 2}));
  }

  private void wish(NodeName standby) {
    node.tell(
        new NodeEntity.ReplicateFlows(
            SampleMessages.GATEWAY,
            new TreeMap<>(Map.of(EIP, standby, IpAddress.of("10.6.168.250"), standby))));
  }

  private static AgentOffer replicate(NodeName standby) {
    return new AgentOffer.Replicate(List.of(new AgentOffer.Replicated(HELD, standby)));
  }

  @Test
  void theAgentIsToldOnceOfWhatItsNodeMayHoldAndAgainWhenItChanges() {
    holding();

    wish(STANDBY);
    fixture.session.expectMessage(replicate(STANDBY));
    wish(STANDBY);
    fixture.session.expectNoMessage(QUIET);
    wish(ANOTHER);
    fixture.session.expectMessage(replicate(ANOTHER));
    node.tell(new NodeEntity.ReplicateFlows(SampleMessages.GATEWAY, new TreeMap<>()));
    fixture.session.expectMessage(new AgentOffer.Replicate(List.of()));
  }

  @Test
  void anAgentOnAnotherStreamIsToldAgain() {
    holding();
    wish(STANDBY);
    fixture.session.expectMessage(replicate(STANDBY));
    node.tell(new NodeEntity.Detach(fixture.session.ref()));

    attach(Revision.ZERO);

    expectOffer(replicate(STANDBY));
  }

  @Test
  void whatWasAskedForIsPassedOnAndNothingElse() {
    holding();
    node.tell(new NodeEntity.ReplicaFound(STANDBY, part(HELD)));
    wish(STANDBY);
    fixture.session.expectMessage(replicate(STANDBY));
    node.tell(new NodeEntity.ReplicaFound(ANOTHER, part(HELD)));
    FlowParcel.Eip other = new FlowParcel.Eip(EIP, new EipNumber(77));
    node.tell(new NodeEntity.ReplicaFound(STANDBY, part(other)));
    node.tell(new NodeEntity.ReplicaFound(STANDBY, part(HELD)));

    assertThat(fixture.nodes.receiveMessage())
        .isEqualTo(new NodeEntity.ReplicaArrived(NODE, part(HELD)));
    fixture.nodes.expectNoMessage(QUIET);
  }

  @Test
  void theAgentOfTheOtherNodeGetsIt() {
    attach(Revision.ZERO);

    node.tell(new NodeEntity.ReplicaArrived(STANDBY, part(HELD)));

    fixture.session.expectMessage(new AgentOffer.TakeReplica(STANDBY, part(HELD)));
  }
}
