package io.egressgateway.policy.entity;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.domain.NumberSpace;
import io.egressgateway.policy.member.LifeLines;
import java.time.Clock;

/** The entities of this controller and the way to those of all controllers. */
public final class PolicyEngine implements EntityDirectory {
  private final ClusterSharding sharding;
  private final ActorRef<SpecDesk.Command> desk;

  private PolicyEngine(ClusterSharding sharding, ActorRef<SpecDesk.Command> desk) {
    this.sharding = sharding;
    this.desk = desk;
  }

  /**
   * Settings that the cluster needs and that differ from Akka's own, to be put over them and under
   * whatever the operator sets.
   */
  public static Config clusterConfig() {
    return ConfigFactory.parseResources(
        PolicyEngine.class.getClassLoader(), "egressgateway-cluster.conf");
  }

  /** Starts to host entities. To be called once for each actor system, on every controller. */
  public static PolicyEngine start(
      ActorSystem<?> system,
      PolicyEngineSettings settings,
      LeaseEnvironment leases,
      EngineWatch watch) {
    ClusterSharding sharding = ClusterSharding.get(system);
    PolicyEngine engine =
        new PolicyEngine(
            sharding, system.systemActorOf(SpecDesk.create(), "spec-desk", Props.empty()));
    engine.host(
        new EntityEnvironment(engine, settings, engine.desk, Clock.systemUTC(), leases, watch));
    system.systemActorOf(LifeLines.create(), "life-lines", Props.empty());
    EagerSerializers.prepareSoon(system, leases.nanoClock());
    return engine;
  }

  private void host(EntityEnvironment environment) {
    sharding.init(
        Entity.of(
            PolicyEntity.TYPE,
            entity ->
                PolicyBehavior.create(
                    PolicyKey.parse(entity.getEntityId()), environment, entity.getShard())));
    sharding.init(
        Entity.of(
            GatewayEntity.TYPE,
            entity ->
                Sluice.before(
                    GatewayBehavior.create(new GatewayName(entity.getEntityId()), environment),
                    GatewayEntity.Command.class,
                    GatewayEntity.Mark::new)));
    sharding.init(
        Entity.of(
            EipEntity.TYPE,
            entity -> EipBehavior.create(IpAddress.of(entity.getEntityId()), environment)));
    sharding.init(
        Entity.of(
            NodeEntity.TYPE,
            entity ->
                Sluice.before(
                    NodeBehavior.create(new NodeName(entity.getEntityId()), environment),
                    NodeEntity.Command.class,
                    NodeEntity.Mark::new)));
    sharding.init(
        Entity.of(
            NumberingEntity.TYPE,
            entity ->
                Sluice.before(
                    NumberingBehavior.create(NumberSpace.ofKey(entity.getEntityId()), environment),
                    NumberingEntity.Command.class,
                    NumberingEntity.Mark::new)));
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
