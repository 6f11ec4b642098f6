package io.egressgateway.load.api.store;

import java.util.List;

/**
 * What discovery says a resource is called.
 *
 * @param kind for example {@code EgressGateway}
 * @param plural for example {@code egressgateways}
 * @param singular for example {@code egressgateway}
 * @param shortNames for example {@code egw}
 * @param categories for example {@code all}
 */
public record ResourceNames(
    String kind, String plural, String singular, List<String> shortNames, List<String> categories) {

  /** Copies the lists. */
  public ResourceNames {
    shortNames = List.copyOf(shortNames);
    categories = List.copyOf(categories);
  }
}
