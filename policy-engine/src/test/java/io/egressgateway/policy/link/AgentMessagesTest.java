package io.egressgateway.policy.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.egressgateway.core.link.MalformedLinkMessage;
import io.egressgateway.core.link.v1.Fault;
import io.egressgateway.core.link.v1.Hello;
import io.egressgateway.core.link.v1.KernelAnswer;
import io.egressgateway.core.link.v1.KernelFact;
import io.egressgateway.core.link.v1.NodeFacts;
import io.egressgateway.core.link.v1.PlanFailed;
import io.egressgateway.core.link.v1.PortShortage;
import io.egressgateway.core.link.v1.ReplicaPart;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Revision;
import io.egressgateway.policy.entity.AgentHello;
import io.egressgateway.policy.entity.FlowParcel;
import io.egressgateway.policy.entity.FlowReplica;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class AgentMessagesTest {
  private static final Hello HELLO =
      Hello.newBuilder()
          .setNode("worker-1")
          .setBootId("boot")
          .setIncarnation(3)
          .setAppliedRevision(7)
          .setAgentVersion("1.0")
          .build();

  @Test
  void aHelloIsRead() throws MalformedLinkMessage {
    assertThat(AgentMessages.node(HELLO)).hasToString("worker-1");
    assertThat(AgentMessages.hello(HELLO))
        .isEqualTo(new AgentHello("boot", 3, new Revision(7), "1.0"));
  }

  @Test
  void everyWrongFieldIsNamed() {
    refused(
        "hello.node", () -> AgentMessages.node(HELLO.toBuilder().setNode("Not A Node").build()));
    refused("hello.boot_id", () -> AgentMessages.hello(HELLO.toBuilder().clearBootId().build()));
    refused(
        "hello.boot_id",
        () -> AgentMessages.hello(HELLO.toBuilder().setBootId("x".repeat(2_000)).build()));
    refused(
        "hello.incarnation",
        () -> AgentMessages.hello(HELLO.toBuilder().setIncarnation(-1).build()));
    refused(
        "hello.applied_revision",
        () -> AgentMessages.hello(HELLO.toBuilder().setAppliedRevision(-1).build()));
    refused(
        "hello.applied_revision",
        () -> AgentMessages.hello(HELLO.toBuilder().setAppliedRevision(1L << 60).build()));
    refused("plan_failed.faults", () -> AgentMessages.faults(PlanFailed.getDefaultInstance()));
    refused(
        "facts.uplink_addresses",
        () -> AgentMessages.facts(NodeFacts.newBuilder().addUplinkAddresses("10.0.0").build()));
    refused(
        "facts.uplink_mac",
        () -> AgentMessages.facts(NodeFacts.newBuilder().setUplinkMac("mac").build()));
    refused(
        "facts.uplink_mtu",
        () -> AgentMessages.facts(NodeFacts.newBuilder().setUplinkMtu(-1).build()));
    refused(
        "facts.lost_paths",
        () -> AgentMessages.facts(NodeFacts.newBuilder().addLostPaths("Not A Node").build()));
    refused(
        "facts.lost_paths",
        () ->
            AgentMessages.facts(
                NodeFacts.newBuilder().addAllLostPaths(Collections.nCopies(129, "n")).build()));
    refused(
        "facts.collisions",
        () ->
            AgentMessages.facts(
                NodeFacts.newBuilder().addAllCollisions(Collections.nCopies(17, "n")).build()));
    PortShortage shortage = PortShortage.getDefaultInstance();
    refused(
        "facts.port_shortages",
        () -> AgentMessages.facts(NodeFacts.newBuilder().addPortShortages(shortage).build()));
    refused(
        "facts.port_shortages",
        () ->
            AgentMessages.facts(
                NodeFacts.newBuilder()
                    .addAllPortShortages(Collections.nCopies(129, shortage))
                    .build()));
  }

  @Test
  void aPartOfAReplicaIsReadUpToALimit() throws MalformedLinkMessage {
    ReplicaPart part =
        ReplicaPart.newBuilder()
            .setAddress(ByteString.copyFrom(new byte[] {10, 6, (byte) 168, (byte) 201}))
            .setEip(7)
            .setStream(-5)
            .setRound(6)
            .setFlows(ByteString.copyFrom(new byte[FlowParcel.BYTES_MAX]))
            .build();

    assertThat(AgentMessages.replica(part))
        .isEqualTo(
            new FlowReplica(
                new FlowParcel.Eip(IpAddress.of("10.6.168.201"), new EipNumber(7)),
                -5,
                6,
                part.getFlows()));
    ByteString tooMuch = ByteString.copyFrom(new byte[FlowParcel.BYTES_MAX + 1]);
    refused(
        "replica.flows", () -> AgentMessages.replica(part.toBuilder().setFlows(tooMuch).build()));
    refused(
        "replica.address", () -> AgentMessages.replica(part.toBuilder().clearAddress().build()));
    refused("replica.eip", () -> AgentMessages.replica(part.toBuilder().setEip(0).build()));
  }

  @Test
  void whatAnAgentFoundInItsKernelIsReadUpToALimit() throws MalformedLinkMessage {
    KernelFact fact =
        KernelFact.newBuilder()
            .setSubject("gate")
            .setPlanned("open")
            .setFound("x".repeat(2_000))
            .setDiffers(true)
            .build();

    assertThat(AgentMessages.answer(KernelAnswer.newBuilder().addFacts(fact).build()))
        .isEqualTo(
            new io.egressgateway.policy.entity.KernelAnswer.Read(
                List.of(
                    new io.egressgateway.policy.entity.KernelAnswer.Fact(
                        "gate",
                        "open",
                        "x".repeat(1_024),
                        io.egressgateway.policy.entity.KernelAnswer.Agreement.DIFFERS))));
    assertThat(AgentMessages.answer(KernelAnswer.newBuilder().setRefusal("busy").build()))
        .isEqualTo(new io.egressgateway.policy.entity.KernelAnswer.Refused("busy"));
    refused("kernel_answer.facts", () -> AgentMessages.answer(KernelAnswer.getDefaultInstance()));
    refused(
        "kernel_answer.facts",
        () ->
            AgentMessages.answer(
                KernelAnswer.newBuilder().addAllFacts(Collections.nCopies(65, fact)).build()));
  }

  @Test
  void aLongFaultIsCutNotRefused() throws MalformedLinkMessage {
    PlanFailed failed =
        PlanFailed.newBuilder().addFaults(Fault.newBuilder().setReason("x".repeat(5_000))).build();

    assertThat(AgentMessages.faults(failed).getFirst().reason()).hasSize(1_024);
  }

  private static void refused(String field, ThrowingCallable reading) {
    assertThatThrownBy(reading)
        .isInstanceOfSatisfying(
            MalformedLinkMessage.class,
            malformed -> assertThat(malformed.field()).isEqualTo(field));
  }
}
