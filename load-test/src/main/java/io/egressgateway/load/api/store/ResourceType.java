package io.egressgateway.load.api.store;

import java.util.Optional;

/**
 * One served resource.
 *
 * @param version its group and version
 * @param names what it is called
 * @param scope where names are unique
 * @param status how status is written
 * @param custom present if a CRD defines it
 */
public record ResourceType(
    GroupVersion version,
    ResourceNames names,
    Scope scope,
    StatusRule status,
    Optional<CustomDefinition> custom) {

  /** {@code plural.group}, or the plural alone in the core group: names it in errors and keys. */
  public String qualifiedName() {
    return version.group().isEmpty() ? names.plural() : names.plural() + "." + version.group();
  }

  /** {@code Kind.group}, as the API's "is invalid" messages have it. */
  public String qualifiedKind() {
    return version.group().isEmpty() ? names.kind() : names.kind() + "." + version.group();
  }

  /** Whether this is the resource {@code qualifiedName}. */
  public boolean is(String qualifiedName) {
    return qualifiedName().equals(qualifiedName);
  }
}
