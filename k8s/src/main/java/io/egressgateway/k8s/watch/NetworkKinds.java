package io.egressgateway.k8s.watch;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/** Kinds of networks for pods, whose objects are read as far as they matter here. */
final class NetworkKinds {

  static final ResourceDefinitionContext CALICO_POOLS =
      kind("crd.projectcalico.org", "v1", "IPPool", "ippools");

  static final ResourceDefinitionContext CILIUM_NODES =
      kind("cilium.io", "v2", "CiliumNode", "ciliumnodes");

  static final ResourceDefinitionContext SPIDER_POOLS =
      kind("spiderpool.spidernet.io", "v2beta1", "SpiderIPPool", "spiderippools");

  static final ResourceDefinitionContext SPIDER_COORDINATORS =
      kind("spiderpool.spidernet.io", "v2beta1", "SpiderCoordinator", "spidercoordinators");

  private NetworkKinds() {}

  private static ResourceDefinitionContext kind(
      String group, String version, String kind, String plural) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(version)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(false)
        .build();
  }
}
