package io.egressgateway.policy.entity;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.domain.NumberSpace;

/** The entities of this controller and the way to those of all controllers. */
public final class PolicyEngine implements EntityDirectory {
  private final ClusterSharding sharding;
  private final ActorRef<SpecDesk.Command> desk;

  private PolicyEngine(ClusterSharding sharding, ActorRef<SpecDesk.Command> desk) {
    this.sharding = sharding;
    this.desk = desk;
  }

  /** Starts to host entities. To be called once for each actor system, on every controller. */
  public static PolicyEngine start(ActorSystem<?> system, PolicyEngineSettings settings) {
    ActorRef<SpecDesk.Command> desk =
        system.systemActorOf(SpecDesk.create(), "spec-desk", Props.empty());
    return new PolicyEngine(ClusterSharding.get(system), desk);
  }

  /**
   * Sends every request for a spec there, those that have gathered first. The watcher is a
   * singleton of the cluster, so this is its proxy.
   */
  public void requestSpecsFrom(ActorRef<SpecRequest> watcher) {
    desk.tell(new SpecDesk.Serve(watcher));
  }

  @Override
  public EntityRef<PolicyEntity.Command> policy(PolicyKey policy) {
    return sharding.entityRefFor(PolicyEntity.TYPE, policy.toString());
  }

  @Override
  public EntityRef<GatewayEntity.Command> gateway(GatewayName gateway) {
    return sharding.entityRefFor(GatewayEntity.TYPE, gateway.toString());
  }

  @Override
  public EntityRef<EipEntity.Command> eip(IpAddress address) {
    return sharding.entityRefFor(EipEntity.TYPE, address.toString());
  }

  @Override
  public EntityRef<NodeEntity.Command> node(NodeName node) {
    return sharding.entityRefFor(NodeEntity.TYPE, node.toString());
  }

  @Override
  public EntityRef<NumberingEntity.Command> numbering(NumberSpace space) {
    return sharding.entityRefFor(NumberingEntity.TYPE, space.key());
  }
}
