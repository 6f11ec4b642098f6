package io.egressgateway.load.bench.cluster;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.guide.GuideCluster;
import io.egressgateway.load.lab.guide.GuideFiles;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Optional;

/**
 * The guide's policy comes and goes.
 *
 * @param applied from its creation to the first connection with its egress IP
 * @param deleted from its deletion to the first connection with the node's address
 */
record PolicyTurn(SourceProbe.Sight applied, SourceProbe.Sight deleted) {

  /**
   * Creates the policy, deletes it, and waits until it is gone.
   *
   * @param node the address of the pod's node
   */
  static PolicyTurn take(KubernetesClient client, SourceProbe probe, Ipv4Address node)
      throws Exception {
    Resource<HasMetadata> policy = client.resource(GuideFiles.POLICY.text());
    long created = System.nanoTime();
    policy.create();
    SourceProbe.Sight applied = probe.await(GuideCluster::isOfPool, created);
    long deleted = System.nanoTime();
    policy.delete();
    SourceProbe.Sight back = probe.await(node::equals, deleted);
    Patience.USUAL.await(
        "the deleted policy to be gone",
        () -> policy.get() == null ? Optional.of(policy) : Optional.empty());
    return new PolicyTurn(applied, back);
  }
}
