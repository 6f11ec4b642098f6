package io.egressgateway.load.api.rest;

import io.egressgateway.load.api.store.GroupVersion;
import io.egressgateway.load.api.store.ResourceType;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;

/** The resources that are served now. Any thread may call. */
final class TypeRegistry {
  private final ConcurrentSkipListMap<String, ResourceType> types = new ConcurrentSkipListMap<>();

  TypeRegistry() {
    BuiltInTypes.all().forEach(this::register);
  }

  /** Serves the type, in place of one with the same group and plural. */
  void register(ResourceType type) {
    types.put(type.qualifiedName(), type);
  }

  void unregister(String qualifiedName) {
    types.remove(qualifiedName);
  }

  Optional<ResourceType> find(GroupVersion version, String plural) {
    String name = version.group().isEmpty() ? plural : plural + "." + version.group();
    return find(name).filter(type -> type.version().equals(version));
  }

  Optional<ResourceType> find(String qualifiedName) {
    return Optional.ofNullable(types.get(qualifiedName));
  }

  /** Everything served, by group and version, each list ordered by name. */
  NavigableMap<GroupVersion, List<ResourceType>> byVersion() {
    NavigableMap<GroupVersion, List<ResourceType>> result = new TreeMap<>();
    for (GroupVersion version : versions()) {
      result.put(
          version, types.values().stream().filter(type -> type.version().equals(version)).toList());
    }
    return result;
  }

  private NavigableSet<GroupVersion> versions() {
    NavigableSet<GroupVersion> versions = new TreeSet<>();
    types.values().forEach(type -> versions.add(type.version()));
    return versions;
  }
}
