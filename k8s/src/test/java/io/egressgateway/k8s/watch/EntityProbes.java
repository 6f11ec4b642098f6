package io.egressgateway.k8s.watch;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import akka.cluster.sharding.typed.testkit.javadsl.TestEntityRef;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.domain.NumberSpace;
import io.egressgateway.policy.entity.EipEntity;
import io.egressgateway.policy.entity.EntityDirectory;
import io.egressgateway.policy.entity.GatewayEntity;
import io.egressgateway.policy.entity.NodeEntity;
import io.egressgateway.policy.entity.NumberingEntity;
import io.egressgateway.policy.entity.PolicyEntity;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Entities that only listen; numbers are given out for real. */
final class EntityProbes implements EntityDirectory {

  private final TestProbe<PolicyEntity.Command> policies;
  private final TestProbe<GatewayEntity.Command> gateways;
  private final TestProbe<NodeEntity.Command> nodes;
  private final TestProbe<EipEntity.Command> eips;
  private final ActorRef<NumberingEntity.Command> numbering;
  private final Set<String> freed = ConcurrentHashMap.newKeySet();

  EntityProbes(ActorTestKit testKit) {
    this.policies = testKit.createTestProbe(PolicyEntity.Command.class);
    this.gateways = testKit.createTestProbe(GatewayEntity.Command.class);
    this.nodes = testKit.createTestProbe(NodeEntity.Command.class);
    this.eips = testKit.createTestProbe(EipEntity.Command.class);
    this.numbering =
        testKit.spawn(
            Behaviors.receiveMessage(
                command -> {
                  number(command);
                  return Behaviors.same();
                }));
  }

  private void number(NumberingEntity.Command command) {
    if (command
        instanceof NumberingEntity.Assign(String name, ActorRef<NumberingEntity.Reply> replyTo)) {
      replyTo.tell(
          new NumberingEntity.Numbered(
              NumberSpace.NODE, name, 1 + Math.floorMod(name.hashCode(), 60_000)));
    } else if (command instanceof NumberingEntity.Free(String name)) {
      freed.add(name);
    }
  }

  TestProbe<PolicyEntity.Command> policies() {
    return policies;
  }

  TestProbe<GatewayEntity.Command> gateways() {
    return gateways;
  }

  TestProbe<NodeEntity.Command> nodes() {
    return nodes;
  }

  Set<String> freedNumbers() {
    return freed;
  }

  @Override
  public EntityRef<PolicyEntity.Command> policy(PolicyKey policy) {
    return TestEntityRef.of(PolicyEntity.TYPE, policy.toString(), policies.ref());
  }

  @Override
  public EntityRef<GatewayEntity.Command> gateway(GatewayName gateway) {
    return TestEntityRef.of(GatewayEntity.TYPE, gateway.toString(), gateways.ref());
  }

  @Override
  public EntityRef<EipEntity.Command> eip(IpAddress address) {
    return TestEntityRef.of(EipEntity.TYPE, address.toString(), eips.ref());
  }

  @Override
  public EntityRef<NodeEntity.Command> node(NodeName node) {
    return TestEntityRef.of(NodeEntity.TYPE, node.toString(), nodes.ref());
  }

  @Override
  public EntityRef<NumberingEntity.Command> numbering(NumberSpace space) {
    return TestEntityRef.of(NumberingEntity.TYPE, space.key(), numbering);
  }
}
