package io.egressgateway.core.collection;

import java.util.Collection;
import java.util.stream.Collectors;

/** Lists for people, who need not read all of a long one. */
public final class Few {
  private Few() {}

  /**
   * The first of these in their order, with commas between them, and how many more there are.
   *
   * @param most as many are named; at least 1
   */
  public static String of(Collection<?> things, int most) {
    String named =
        things.stream().limit(most).map(String::valueOf).collect(Collectors.joining(", "));
    return things.size() <= most ? named : named + " and " + (things.size() - most) + " more";
  }
}
