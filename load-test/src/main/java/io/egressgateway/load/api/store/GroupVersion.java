package io.egressgateway.load.api.store;

/**
 * An API group with one of its versions.
 *
 * @param group empty for the core group, as in the API's own notation
 * @param version for example {@code v1beta1}
 */
public record GroupVersion(String group, String version) implements Comparable<GroupVersion> {

  /** Parses {@code v1} or {@code apps/v1}. */
  public static GroupVersion parse(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    return slash < 0
        ? new GroupVersion("", apiVersion)
        : new GroupVersion(apiVersion.substring(0, slash), apiVersion.substring(slash + 1));
  }

  /** As in the field {@code apiVersion}. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** The path of its discovery document, without a leading slash. */
  public String path() {
    return group.isEmpty() ? "api/" + version : "apis/" + group + "/" + version;
  }

  @Override
  public int compareTo(GroupVersion other) {
    int byGroup = group.compareTo(other.group);
    return byGroup != 0 ? byGroup : version.compareTo(other.version);
  }
}
