package io.egressgateway.core.plan;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.EipNumber;
import java.util.Comparator;

/**
 * Packets of a class to a destination leave with an egress IP.
 *
 * @param endpointClass the class of the sending pod
 * @param destination the family of the packet is this network's family
 * @param eip the egress IP, by its number
 */
public record ClassRule(ClassNumber endpointClass, Cidr destination, EipNumber eip)
    implements Comparable<ClassRule> {
  private static final Comparator<ClassRule> ORDER =
      Comparator.comparing(ClassRule::endpointClass)
          .thenComparing(ClassRule::destination)
          .thenComparing(ClassRule::eip);

  @Override
  public int compareTo(ClassRule other) {
    return ORDER.compare(this, other);
  }
}
