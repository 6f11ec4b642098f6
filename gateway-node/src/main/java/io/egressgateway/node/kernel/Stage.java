package io.egressgateway.node.kernel;

/**
 * When an object is made, relative to others: each stage may refer to those before it. Unmaking
 * runs backwards. The nf_tables transaction stands between {@link #FORWARD_ACCEPTANCE} and {@link
 * #TUNNEL_BACKSTOP}: a packet finds its route when it is marked, is marked when one is asked for,
 * and finds its translation when the address attracts it.
 */
enum Stage {
  TUNNEL,
  TUNNEL_ADDRESS,
  NEIGHBOUR,
  FORWARDING,
  ROUTE,
  ROUTING_RULE,
  FORWARD_ACCEPTANCE,
  TUNNEL_BACKSTOP,
  HELD_ADDRESS;

  /** On which side of the nf_tables transaction an object is made. */
  enum Phase {
    BEFORE_RULESET,
    AFTER_RULESET
  }

  Phase phase() {
    return switch (this) {
      case TUNNEL, TUNNEL_ADDRESS, NEIGHBOUR, FORWARDING, ROUTE, ROUTING_RULE, FORWARD_ACCEPTANCE ->
          Phase.BEFORE_RULESET;
      case TUNNEL_BACKSTOP, HELD_ADDRESS -> Phase.AFTER_RULESET;
    };
  }
}
