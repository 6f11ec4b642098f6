package io.egressgateway.policy.entity;

import akka.cluster.sharding.typed.javadsl.EntityRef;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.domain.NumberSpace;

/** Where entities are found, whichever controller they live on. Thread-safe; never blocks. */
public interface EntityDirectory {

  EntityRef<PolicyEntity.Command> policy(PolicyKey policy);

  EntityRef<GatewayEntity.Command> gateway(GatewayName gateway);

  EntityRef<EipEntity.Command> eip(IpAddress address);

  EntityRef<NodeEntity.Command> node(NodeName node);

  EntityRef<NumberingEntity.Command> numbering(NumberSpace space);
}
