package io.egressgateway.load.api.fault;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a client asks of the API.
 *
 * @param resource the plural name, {@code pods}; empty for what is no resource
 * @param name of the one object that is meant; empty for all
 * @param subresource {@code status}; empty for the object itself
 */
record ApiCall(Verb verb, String resource, String name, String subresource) {

  /** What is to be done. */
  enum Verb {
    LIST,
    GET,
    WATCH,
    /** Whatever changes something. */
    WRITE
  }

  /** Which calls are meant. */
  interface Which extends Predicate<ApiCall> {
    /** Those of this kind that are meant. */
    default Which of(String resource) {
      return call -> test(call) && call.resource().equals(resource);
    }
  }

  static final Which ANY = call -> true;
  static final Which WATCHES = call -> call.verb() == Verb.WATCH;
  static final Which LISTS = call -> call.verb() == Verb.LIST;
  static final Which WRITES = call -> call.verb() == Verb.WRITE;

  /** Lists and watches: what there is of a kind. */
  static final Which READS = call -> WATCHES.test(call) || LISTS.test(call);

  static ApiCall of(String method, String path, boolean isWatch) {
    // api/v1/… or apis/GROUP/v1/…
    List<String> steps = Stream.of(path.split("/")).filter(step -> !step.isEmpty()).toList();
    int skipped = path.startsWith("/apis/") ? 3 : 2;
    List<String> rest = steps.subList(Math.min(skipped, steps.size()), steps.size());
    if (rest.size() > 2 && rest.getFirst().equals("namespaces")) {
      rest = rest.subList(2, rest.size());
    }
    String name = at(rest, 1);
    return new ApiCall(verb(method, name, isWatch), at(rest, 0), name, at(rest, 2));
  }

  private static Verb verb(String method, String name, boolean isWatch) {
    if (!method.equals("GET")) {
      return Verb.WRITE;
    }
    if (isWatch) {
      return Verb.WATCH;
    }
    return name.isEmpty() ? Verb.LIST : Verb.GET;
  }

  private static String at(List<String> steps, int index) {
    return index < steps.size() ? steps.get(index) : "";
  }
}
