package io.egressgateway.load.api.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.store.GroupVersion;
import io.egressgateway.load.api.store.Json;
import io.egressgateway.load.api.store.ResourceType;
import io.egressgateway.load.api.store.Scope;
import io.egressgateway.load.api.store.StatusRule;
import java.util.List;
import java.util.Optional;

/**
 * The discovery documents, unaggregated: {@code /api}, {@code /apis}, a group, a version.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api">Discovery
 *     API</a>
 */
final class Discovery {
  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
  private static final List<String> SUBRESOURCE_VERBS = List.of("get", "patch", "update");

  private final TypeRegistry types;

  Discovery(TypeRegistry types) {
    this.types = types;
  }

  /** The document at the path, if there is one. */
  Optional<ObjectNode> document(String path) {
    String[] words = path.substring(1).split("/", -1);
    if (words[0].equals("api")) {
      return switch (words.length) {
        case 1 -> Optional.of(coreVersions());
        case 2 -> resources(new GroupVersion("", words[1]));
        default -> Optional.empty();
      };
    }
    if (!words[0].equals("apis")) {
      return Optional.empty();
    }
    return switch (words.length) {
      case 1 -> Optional.of(groups());
      case 2 -> group(words[1]);
      case 3 -> resources(new GroupVersion(words[1], words[2]));
      default -> Optional.empty();
    };
  }

  private static ObjectNode coreVersions() {
    ObjectNode document = Json.object().put("kind", "APIVersions");
    document.putArray("versions").add("v1");
    document.putArray("serverAddressByClientCIDRs");
    return document;
  }

  private ObjectNode groups() {
    ObjectNode document = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode groups = document.putArray("groups");
    types.byVersion().keySet().stream()
        .map(GroupVersion::group)
        .filter(group -> !group.isEmpty())
        .distinct()
        .forEach(group -> groups.add(describe(group)));
    return document;
  }

  private Optional<ObjectNode> group(String name) {
    return types.byVersion().keySet().stream()
        .filter(version -> version.group().equals(name))
        .findFirst()
        .map(
            version -> {
              ObjectNode document = describe(name);
              document.put("kind", "APIGroup").put("apiVersion", "v1");
              return document;
            });
  }

  private ObjectNode describe(String group) {
    ObjectNode document = Json.object().put("name", group);
    ArrayNode versions = document.putArray("versions");
    for (GroupVersion version : types.byVersion().keySet()) {
      if (version.group().equals(group)) {
        ObjectNode entry = describe(version);
        versions.add(entry);
        document.set("preferredVersion", entry.deepCopy());
      }
    }
    return document;
  }

  private static ObjectNode describe(GroupVersion version) {
    return Json.object()
        .put("groupVersion", version.apiVersion())
        .put("version", version.version());
  }

  private Optional<ObjectNode> resources(GroupVersion version) {
    List<ResourceType> served = types.byVersion().getOrDefault(version, List.of());
    if (served.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode document = Json.object().put("kind", "APIResourceList").put("apiVersion", "v1");
    document.put("groupVersion", version.apiVersion());
    ArrayNode resources = document.putArray("resources");
    for (ResourceType type : served) {
      ObjectNode resource = resource(type, "");
      VERBS.forEach(Json.array(resource, "verbs")::add);
      putIfAny(resource, "shortNames", type.names().shortNames());
      putIfAny(resource, "categories", type.names().categories());
      resources.add(resource);
      if (type.status() == StatusRule.SUBRESOURCE) {
        ObjectNode status = resource(type, "/status");
        SUBRESOURCE_VERBS.forEach(Json.array(status, "verbs")::add);
        resources.add(status);
      }
      if (Scale.isServedFor(type)) {
        ObjectNode scale = resource(type, "/scale");
        scale.put("group", "autoscaling").put("version", "v1").put("kind", "Scale");
        SUBRESOURCE_VERBS.forEach(Json.array(scale, "verbs")::add);
        resources.add(scale);
      }
    }
    return Optional.of(document);
  }

  private static ObjectNode resource(ResourceType type, String subresource) {
    return Json.object()
        .put("name", type.names().plural() + subresource)
        .put("singularName", subresource.isEmpty() ? type.names().singular() : "")
        .put("namespaced", type.scope() == Scope.NAMESPACED)
        .put("kind", type.names().kind());
  }

  private static void putIfAny(ObjectNode resource, String field, List<String> values) {
    if (!values.isEmpty()) {
      values.forEach(resource.putArray(field)::add);
    }
  }
}
