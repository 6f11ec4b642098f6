package io.egressgateway.load.chart;

import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GroupVersionForDiscovery;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What an API server has of ours, found by looking at everything that it lists. */
final class Residue {
  private static final String PRODUCT = "egressgateway";
  private static final String GROUP = "egressgateway.spidernet.io";

  /** They expire. */
  private static final Set<String> PASSING = Set.of("Event");

  private Residue() {}

  /**
   * Every object of our kinds, every object of another kind whose name has ours in it, and every
   * object that waits for a finalizer of ours; as kind, namespace and name.
   */
  static SortedSet<String> in(KubernetesClient client) {
    SortedSet<String> found = new TreeSet<>();
    groupVersions(client)
        .forEach(
            groupVersion ->
                client.getApiResources(groupVersion).getResources().stream()
                    .filter(kind -> kind.getVerbs().contains("list"))
                    .filter(kind -> !PASSING.contains(kind.getKind()))
                    .forEach(kind -> add(client, groupVersion, kind, found)));
    return found;
  }

  private static Stream<String> groupVersions(KubernetesClient client) {
    return Stream.concat(
        Stream.of("v1"),
        client.getApiGroups().getGroups().stream()
            .map(APIGroup::getPreferredVersion)
            .map(GroupVersionForDiscovery::getGroupVersion));
  }

  private static void add(
      KubernetesClient client, String groupVersion, APIResource kind, SortedSet<String> found) {
    int slash = groupVersion.indexOf('/');
    ResourceDefinitionContext context =
        new ResourceDefinitionContext.Builder()
            .withGroup(slash < 0 ? "" : groupVersion.substring(0, slash))
            .withVersion(groupVersion.substring(slash + 1))
            .withKind(kind.getKind())
            .withPlural(kind.getName())
            .withNamespaced(kind.getNamespaced())
            .build();
    client.genericKubernetesResources(context).inAnyNamespace().list().getItems().stream()
        .filter(object -> groupVersion.startsWith(GROUP + "/") || isOurs(object.getMetadata()))
        .map(Residue::describe)
        .forEach(found::add);
  }

  private static boolean isOurs(ObjectMeta metadata) {
    return metadata.getName().contains(PRODUCT)
        || metadata.getFinalizers().stream().anyMatch(finalizer -> finalizer.contains(GROUP));
  }

  private static String describe(GenericKubernetesResource object) {
    ObjectMeta metadata = object.getMetadata();
    String namespace =
        Optional.ofNullable(metadata.getNamespace()).map(name -> name + "/").orElse("");
    return object.getKind() + "/" + namespace + metadata.getName();
  }
}
