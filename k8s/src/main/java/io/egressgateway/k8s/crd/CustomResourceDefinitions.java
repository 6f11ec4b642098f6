package io.egressgateway.k8s.crd;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The definitions of our custom resources, as they are to be applied to a cluster.
 *
 * <p>What the ancestor's schemas take in a spec is taken here: values and ranges are judged by the
 * webhooks and said in the status. A schema that refused them would refuse the status of an object
 * that was stored before, too.
 */
public final class CustomResourceDefinitions {

  /** Every kind, in the order of their plural names. */
  static final List<Class<? extends CustomResource<?, ?>>> KINDS =
      List.of(
          EgressClusterEndpointSlice.class,
          EgressClusterInfo.class,
          EgressClusterPolicy.class,
          EgressEndpointSlice.class,
          EgressGateway.class,
          EgressPolicy.class,
          EgressTunnel.class);

  private CustomResourceDefinitions() {}

  /** One definition per kind, by name; each call gives fresh objects. */
  public static List<HasMetadata> all() {
    return KINDS.stream().<HasMetadata>map(kind -> read(fileName(kind))).toList();
  }

  /** The file of the kind's definition. */
  static String fileName(Class<? extends HasMetadata> kind) {
    return ApiGroup.NAME + "_" + HasMetadata.getPlural(kind) + ".yaml";
  }

  private static CustomResourceDefinition read(String fileName) {
    try (InputStream yaml =
        CustomResourceDefinitions.class.getResourceAsStream("/crds/" + fileName)) {
      if (yaml == null) {
        throw new IllegalStateException(
            "crds/" + fileName + " is missing from the class path; build the k8s module anew");
      }
      return Serialization.unmarshal(yaml, CustomResourceDefinition.class);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read crds/" + fileName, e);
    }
  }
}
