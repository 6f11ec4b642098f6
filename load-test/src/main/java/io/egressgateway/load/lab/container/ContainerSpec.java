package io.egressgateway.load.lab.container;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A container with everything resolved.
 *
 * @param name in its pod
 * @param command the program and its arguments, never empty
 * @param environment complete; nothing is inherited
 * @param mounts in the order of the spec
 */
record ContainerSpec(
    String name,
    List<String> command,
    SortedMap<String, String> environment,
    List<Mount> mounts,
    Rights rights) {

  /**
   * A folder or file of the host that the container sees elsewhere.
   *
   * @param source on the host
   * @param target in the container
   */
  record Mount(Path source, Path target, Access access) {}

  /** What may be done with a mount or a root. */
  enum Access {
    READ_WRITE,
    READ_ONLY
  }

  /** Whether a container is confined at all. */
  enum Confinement {
    PRIVILEGED,
    CONFINED
  }

  /**
   * What the container may do.
   *
   * @param capabilities lower case, without "cap_"; not heeded if it is privileged
   * @param user the numeric user; root if absent
   */
  record Rights(
      Confinement confinement, SortedSet<String> capabilities, OptionalLong user, Access root) {
    Rights {
      capabilities = Collections.unmodifiableSortedSet(new TreeSet<>(capabilities));
    }
  }

  ContainerSpec {
    command = List.copyOf(command);
    mounts = List.copyOf(mounts);
    environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
  }

  /** The value of a variable. */
  Optional<String> variable(String variable) {
    return Optional.ofNullable(environment.get(variable));
  }
}
