package io.egressgateway.load.api.rest;

import io.egressgateway.load.api.store.GroupVersion;
import io.egressgateway.load.api.store.ResourceNames;
import io.egressgateway.load.api.store.ResourceType;
import io.egressgateway.load.api.store.Scope;
import io.egressgateway.load.api.store.StatusRule;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kinds that are served before any CRD: those that the product, its chart and the lab use. */
final class BuiltInTypes {
  static final String NAMESPACES = "namespaces";
  static final String PODS = "pods";
  static final String DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";

  // apiVersion, plural, kind, scope (N, C), status (S: subresource, -: part), short names, "all"
  private static final String TABLE =
      """
      v1 namespaces Namespace C S ns -
      v1 nodes Node C S no -
      v1 pods Pod N S po all
      v1 services Service N S svc all
      v1 events Event N - ev -
      v1 configmaps ConfigMap N - cm -
      v1 secrets Secret N - - -
      v1 serviceaccounts ServiceAccount N - sa -
      v1 endpoints Endpoints N - ep -
      apps/v1 deployments Deployment N S deploy all
      apps/v1 replicasets ReplicaSet N S rs all
      apps/v1 statefulsets StatefulSet N S sts all
      apps/v1 daemonsets DaemonSet N S ds all
      batch/v1 jobs Job N S - all
      coordination.k8s.io/v1 leases Lease N - - -
      discovery.k8s.io/v1 endpointslices EndpointSlice N - - -
      networking.k8s.io/v1 networkpolicies NetworkPolicy N - netpol -
      policy/v1 poddisruptionbudgets PodDisruptionBudget N S pdb -
      rbac.authorization.k8s.io/v1 roles Role N - - -
      rbac.authorization.k8s.io/v1 rolebindings RoleBinding N - - -
      rbac.authorization.k8s.io/v1 clusterroles ClusterRole C - - -
      rbac.authorization.k8s.io/v1 clusterrolebindings ClusterRoleBinding C - - -
      admissionregistration.k8s.io/v1 validatingwebhookconfigurations ValidatingWebhookConfiguration C - - -
      admissionregistration.k8s.io/v1 mutatingwebhookconfigurations MutatingWebhookConfiguration C - - -
      apiextensions.k8s.io/v1 customresourcedefinitions CustomResourceDefinition C S crd,crds -
      """;

  private BuiltInTypes() {}

  static List<ResourceType> all() {
    return TABLE.lines().map(BuiltInTypes::parse).toList();
  }

  private static ResourceType parse(String line) {
    String[] words = line.split(" ", -1);
    String kind = words[2];
    ResourceNames names =
        new ResourceNames(
            kind, words[1], kind.toLowerCase(Locale.ROOT), list(words[5]), list(words[6]));
    return new ResourceType(
        GroupVersion.parse(words[0]),
        names,
        words[3].equals("N") ? Scope.NAMESPACED : Scope.CLUSTER,
        words[4].equals("S") ? StatusRule.SUBRESOURCE : StatusRule.PART_OF_OBJECT,
        Optional.empty());
  }

  private static List<String> list(String word) {
    return word.equals("-") ? List.of() : Arrays.asList(word.split(",", -1));
  }
}
