package io.egressgateway.load.lab.container;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.load.lab.container.ContainerSpec.Access;
import io.egressgateway.load.lab.container.ContainerSpec.Confinement;
import io.egressgateway.load.lab.container.ContainerSpec.Mount;
import io.egressgateway.load.lab.container.ContainerSpec.Rights;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Resolves a container of a pod's spec. */
final class ContainerSpecs {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\$|\\$\\(([A-Za-z_][A-Za-z0-9_.-]*)\\)");
  private static final String ALL = "all";
  // What containerd gives a container that asks for nothing.
  private static final List<String> USUAL_CAPABILITIES =
      List.of(
          "audit_write",
          "chown",
          "dac_override",
          "fowner",
          "fsetid",
          "kill",
          "mknod",
          "net_bind_service",
          "net_raw",
          "setfcap",
          "setgid",
          "setpcap",
          "setuid",
          "sys_chroot");

  private final PodFacts facts;
  private final ConfigSource configs;
  private final Map<String, Path> volumes;
  private final SortedMap<String, String> base;

  /**
   * @param volumes the folder or file of each volume of the pod
   * @param base variables that every container has: the services of the cluster
   */
  ContainerSpecs(
      PodFacts facts,
      ConfigSource configs,
      Map<String, Path> volumes,
      SortedMap<String, String> base) {
    this.facts = facts;
    this.configs = configs;
    this.volumes = volumes;
    this.base = base;
  }

  /**
   * Resolves.
   *
   * @throws UnsupportedPodException if it asks for something that the lab does not know
   */
  ContainerSpec resolve(Container container, ContainerImage image) {
    SortedMap<String, String> environment = environment(container);
    List<String> command = new ArrayList<>();
    List<String> named = Optional.ofNullable(container.getCommand()).orElse(List.of());
    command.addAll(named.isEmpty() ? image.entrypoint() : expand(named, environment));
    command.addAll(expand(Optional.ofNullable(container.getArgs()).orElse(List.of()), environment));
    return new ContainerSpec(
        container.getName(), command, environment, mounts(container), rights(container));
  }

  private SortedMap<String, String> environment(Container container) {
    SortedMap<String, String> environment = new TreeMap<>(base);
    environment.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    environment.put("HOSTNAME", facts.name());
    for (EnvFromSource source : Optional.ofNullable(container.getEnvFrom()).orElse(List.of())) {
      String prefix = Optional.ofNullable(source.getPrefix()).orElse("");
      whole(source)
          .forEach((key, bytes) -> environment.put(prefix + key, new String(bytes, UTF_8)));
    }
    for (EnvVar variable : Optional.ofNullable(container.getEnv()).orElse(List.of())) {
      value(variable, environment).ifPresent(text -> environment.put(variable.getName(), text));
    }
    return environment;
  }

  private SortedMap<String, byte[]> whole(EnvFromSource source) {
    if (source.getConfigMapRef() != null) {
      var reference = source.getConfigMapRef();
      return configs
          .configMap(reference.getName())
          .orElseGet(() -> missing("ConfigMap", reference.getName(), reference.getOptional()));
    }
    if (source.getSecretRef() != null) {
      var reference = source.getSecretRef();
      return configs
          .secret(reference.getName())
          .orElseGet(() -> missing("Secret", reference.getName(), reference.getOptional()));
    }
    throw new UnsupportedPodException("envFrom without a reference");
  }

  private SortedMap<String, byte[]> missing(String kind, String name, @Nullable Boolean optional) {
    if (Boolean.TRUE.equals(optional)) {
      return new TreeMap<>();
    }
    throw new UnsupportedPodException("%s %s does not exist yet".formatted(kind, name));
  }

  private Optional<String> value(EnvVar variable, SortedMap<String, String> before) {
    EnvVarSource source = variable.getValueFrom();
    if (source == null) {
      return Optional.of(expand(Optional.ofNullable(variable.getValue()).orElse(""), before));
    }
    if (source.getFieldRef() != null) {
      return Optional.of(facts.field(source.getFieldRef()));
    }
    if (source.getConfigMapKeyRef() != null) {
      var key = source.getConfigMapKeyRef();
      return entry(
          configs
              .configMap(key.getName())
              .orElseGet(() -> missing("ConfigMap", key.getName(), key.getOptional())),
          key.getKey(),
          key.getOptional());
    }
    if (source.getSecretKeyRef() != null) {
      var key = source.getSecretKeyRef();
      return entry(
          configs
              .secret(key.getName())
              .orElseGet(() -> missing("Secret", key.getName(), key.getOptional())),
          key.getKey(),
          key.getOptional());
    }
    throw new UnsupportedPodException("variable " + variable.getName() + ": " + source);
  }

  private static Optional<String> entry(
      SortedMap<String, byte[]> data, String key, @Nullable Boolean optional) {
    byte[] bytes = data.get(key);
    if (bytes == null && !Boolean.TRUE.equals(optional)) {
      throw new UnsupportedPodException("key " + key + " does not exist");
    }
    return Optional.ofNullable(bytes).map(found -> new String(found, UTF_8));
  }

  private static List<String> expand(List<String> words, Map<String, String> environment) {
    return words.stream().map(word -> expand(word, environment)).toList();
  }

  /** {@code $(NAME)} is the variable's value if there is one, {@code $$} is one dollar. */
  static String expand(String word, Map<String, String> environment) {
    return REFERENCE
        .matcher(word)
        .replaceAll(found -> Matcher.quoteReplacement(replacement(found, environment)));
  }

  private static String replacement(MatchResult found, Map<String, String> environment) {
    return found.group(1) == null ? "$" : environment.getOrDefault(found.group(1), found.group());
  }

  private List<Mount> mounts(Container container) {
    List<Mount> mounts = new ArrayList<>();
    for (VolumeMount mount : Optional.ofNullable(container.getVolumeMounts()).orElse(List.of())) {
      Path volume = volumes.get(mount.getName());
      if (volume == null) {
        throw new UnsupportedPodException(
            "container %s mounts volume %s, which the pod does not have"
                .formatted(container.getName(), mount.getName()));
      }
      Path source = Optional.ofNullable(mount.getSubPath()).map(volume::resolve).orElse(volume);
      mounts.add(
          new Mount(
              source,
              Path.of(mount.getMountPath()),
              Boolean.TRUE.equals(mount.getReadOnly()) ? Access.READ_ONLY : Access.READ_WRITE));
    }
    return mounts;
  }

  private Rights rights(Container container) {
    SecurityContext own = container.getSecurityContext();
    PodSecurityContext pods = facts.pod().getSpec().getSecurityContext();
    Long user = own == null ? null : own.getRunAsUser();
    if (user == null && pods != null) {
      user = pods.getRunAsUser();
    }
    if (own == null) {
      return new Rights(
          Confinement.CONFINED, capabilities(null), optional(user), Access.READ_WRITE);
    }
    return new Rights(
        Boolean.TRUE.equals(own.getPrivileged()) ? Confinement.PRIVILEGED : Confinement.CONFINED,
        capabilities(own.getCapabilities()),
        optional(user),
        Boolean.TRUE.equals(own.getReadOnlyRootFilesystem())
            ? Access.READ_ONLY
            : Access.READ_WRITE);
  }

  private static OptionalLong optional(@Nullable Long user) {
    return user == null ? OptionalLong.empty() : OptionalLong.of(user);
  }

  private static SortedSet<String> capabilities(@Nullable Capabilities wanted) {
    SortedSet<String> capabilities = new TreeSet<>(USUAL_CAPABILITIES);
    if (wanted == null) {
      return capabilities;
    }
    for (String dropped : Optional.ofNullable(wanted.getDrop()).orElse(List.of())) {
      if (lower(dropped).equals(ALL)) {
        capabilities.clear();
      }
      capabilities.remove(lower(dropped));
    }
    for (String added : Optional.ofNullable(wanted.getAdd()).orElse(List.of())) {
      if (lower(added).equals(ALL)) {
        throw new UnsupportedPodException("capability ALL; say privileged instead");
      }
      capabilities.add(lower(added));
    }
    return capabilities;
  }

  private static String lower(String capability) {
    return capability.toLowerCase(Locale.ROOT).replaceFirst("^cap_", "");
  }
}
