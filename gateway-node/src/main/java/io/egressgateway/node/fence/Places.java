package io.egressgateway.node.fence;

import io.egressgateway.core.model.IpAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Which link answers for which egress IP.
 *
 * @param uplink name of the node's uplink
 * @param links names of links by egress IP
 */
public record Places(String uplink, SortedMap<IpAddress, String> links) {

  public Places {
    links = Collections.unmodifiableSortedMap(new TreeMap<>(links));
  }

  /** All of them on the uplink. */
  public static Places on(String uplink, Collection<IpAddress> addresses) {
    return of(uplink, addresses, address -> uplink);
  }

  /** Each where the function says. */
  public static Places of(
      String uplink, Collection<IpAddress> addresses, Function<IpAddress, String> linkOf) {
    SortedMap<IpAddress, String> links = new TreeMap<>();
    addresses.forEach(address -> links.put(address, linkOf.apply(address)));
    return new Places(uplink, links);
  }

  SortedSet<String> devices() {
    SortedSet<String> devices = new TreeSet<>(links.values());
    devices.add(uplink);
    return devices;
  }

  /** Whether each address is where the other has it, and the uplink is the same. */
  public boolean isWithin(Places other) {
    return uplink.equals(other.uplink)
        && links.entrySet().stream()
            .allMatch(place -> place.getValue().equals(other.links.get(place.getKey())));
  }
}
