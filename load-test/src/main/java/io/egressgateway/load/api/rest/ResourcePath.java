package io.egressgateway.load.api.rest;

import io.egressgateway.load.api.store.GroupVersion;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A path to a collection, an object or a subresource.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris">Resource
 *     URIs</a>
 */
record ResourcePath(
    GroupVersion version,
    Optional<String> namespace,
    String plural,
    Optional<String> name,
    Optional<String> subresource) {

  /** Parses {@code /api/v1/...} or {@code /apis/group/version/...}; empty for any other path. */
  static Optional<ResourcePath> parse(String path) {
    Deque<String> words =
        new ArrayDeque<>(
            Arrays.stream(path.split("/"))
                .filter(word -> !word.isEmpty())
                .map(word -> URLDecoder.decode(word.replace("+", "%2B"), StandardCharsets.UTF_8))
                .toList());
    String root = words.isEmpty() ? "" : words.removeFirst();
    GroupVersion version;
    if (root.equals("api") && words.size() >= 2) {
      version = new GroupVersion("", words.removeFirst());
    } else if (root.equals("apis") && words.size() >= 3) {
      version = new GroupVersion(words.removeFirst(), words.removeFirst());
    } else {
      return Optional.empty();
    }
    return parse(version, List.copyOf(words));
  }

  private static Optional<ResourcePath> parse(GroupVersion version, List<String> words) {
    // /namespaces/x/status and /namespaces/x/finalize are about the namespace, the rest is in it.
    boolean inNamespace =
        words.size() >= 3
            && words.getFirst().equals("namespaces")
            && !List.of("status", "finalize").contains(words.get(2));
    Optional<String> namespace = inNamespace ? Optional.of(words.get(1)) : Optional.empty();
    List<String> rest = inNamespace ? words.subList(2, words.size()) : words;
    return rest.size() > 3
        ? Optional.empty()
        : Optional.of(
            new ResourcePath(version, namespace, rest.getFirst(), at(rest, 1), at(rest, 2)));
  }

  private static Optional<String> at(List<String> words, int index) {
    return index < words.size() ? Optional.of(words.get(index)) : Optional.empty();
  }
}
