package io.egressgateway.core.model;

import java.util.Optional;

/** Which source address a policy asks its gateway for. */
public sealed interface EgressIpRequest {

  /** The gateway's default egress IPs. */
  record Default() implements EgressIpRequest {}

  /** These addresses of the gateway's pools; a family that isn't named is not translated. */
  record Explicit(Optional<Ipv4Address> ipv4, Optional<Ipv6Address> ipv6)
      implements EgressIpRequest {

    /**
     * Checks that an address is named.
     *
     * @throws IllegalArgumentException when neither address is named
     */
    public Explicit {
      if (ipv4.isEmpty() && ipv6.isEmpty()) {
        throw new IllegalArgumentException("an explicit egress IP needs an IPv4 or IPv6 address");
      }
    }
  }

  /** An address of the pools that no policy has yet. */
  record RoundRobin() implements EgressIpRequest {}

  /** The own address of whichever gateway node carries the policy. */
  record NodeAddress() implements EgressIpRequest {}
}
