package io.egressgateway.k8s.status;

import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.crd.EgressClusterInfo;
import io.egressgateway.policy.domain.SpecVersion;

/**
 * An object in the Kubernetes API that has a status of ours.
 *
 * @param key which object
 * @param version which object of that name, and which version of its spec
 */
public record ObjectRef(Key key, SpecVersion version) {

  /** Kind and name. */
  public sealed interface Key {}

  /** An EgressGateway. */
  public record Gateway(GatewayName name) implements Key {
    @Override
    public String toString() {
      return "EgressGateway/" + name;
    }
  }

  /** An EgressPolicy or EgressClusterPolicy. */
  public record Policy(PolicyKey name) implements Key {
    @Override
    public String toString() {
      return name.toString();
    }
  }

  /** An EgressTunnel; it has the name of its Node. */
  public record Tunnel(NodeName name) implements Key {
    @Override
    public String toString() {
      return "EgressTunnel/" + name;
    }
  }

  /** The one EgressClusterInfo that counts. */
  public record ClusterInfo() implements Key {
    @Override
    public String toString() {
      return "EgressClusterInfo/" + EgressClusterInfo.SINGLETON;
    }
  }

  /** The EgressGateway of this name. */
  public static ObjectRef of(GatewayName name, SpecVersion version) {
    return new ObjectRef(new Gateway(name), version);
  }

  /** The policy of this kind and name. */
  public static ObjectRef of(PolicyKey name, SpecVersion version) {
    return new ObjectRef(new Policy(name), version);
  }
}
