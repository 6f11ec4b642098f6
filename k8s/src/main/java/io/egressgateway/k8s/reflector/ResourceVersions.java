package io.egressgateway.k8s.reflector;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Versions of objects as numbers, which they are where the API server keeps its objects in etcd; of
 * others nothing is concluded.
 */
public final class ResourceVersions {
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,18}");

  private ResourceVersions() {}

  /** The number that a version is, if it is one. */
  public static OptionalLong number(String version) {
    return DECIMAL.matcher(version).matches()
        ? OptionalLong.of(Long.parseLong(version))
        : OptionalLong.empty();
  }

  /** Whether an object is not older than another one; for sure, or not at all. */
  public static boolean isAtLeast(String version, String other) {
    OptionalLong mine = number(version);
    OptionalLong theirs = number(other);
    if (mine.isEmpty() || theirs.isEmpty()) {
      return version.equals(other);
    }
    return mine.getAsLong() >= theirs.getAsLong();
  }

  /** Whether an object is older than another one; for sure, or not at all. */
  static boolean isOlder(String version, String other) {
    OptionalLong mine = number(version);
    OptionalLong theirs = number(other);
    return mine.isPresent() && theirs.isPresent() && mine.getAsLong() < theirs.getAsLong();
  }
}
