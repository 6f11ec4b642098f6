package io.egressgateway.policy.domain;

import io.egressgateway.core.event.GatewayEvent;
import io.egressgateway.core.model.IpAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Gathers the events of one decision and the state that they lead to. */
final class GatewayDraft {
  private final List<GatewayEvent> events = new ArrayList<>();
  private final Instant now;
  private final Gateway.State before;
  private Gateway.State state;

  GatewayDraft(Gateway.State state, Instant now) {
    this.before = state;
    this.state = state;
    this.now = now;
  }

  void add(GatewayEvent event) {
    events.add(event);
    state = Gateway.evolve(state, event);
  }

  /** The state that the decision began with. */
  Gateway.State before() {
    return before;
  }

  /** The addresses that nobody used before, and that were given here. */
  SortedSet<IpAddress> newlyUsed() {
    TreeSet<IpAddress> addresses = new TreeSet<>();
    for (GatewayEvent event : events) {
      if (event instanceof GatewayEvent.EgressIpAllocated allocated) {
        addresses.addAll(allocated.addresses());
      }
    }
    addresses.removeIf(address -> before.given().isUsed(address));
    return addresses;
  }

  Gateway.State state() {
    return state;
  }

  Instant now() {
    return now;
  }

  List<GatewayEvent> events() {
    return List.copyOf(events);
  }
}
