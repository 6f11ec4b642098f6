package io.egressgateway.policy.domain;

import io.egressgateway.core.event.GatewayEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Gathers the events of one decision and the state that they lead to. */
final class GatewayDraft {
  private final List<GatewayEvent> events = new ArrayList<>();
  private final Instant now;
  private Gateway.State state;

  GatewayDraft(Gateway.State state, Instant now) {
    this.state = state;
    this.now = now;
  }

  void add(GatewayEvent event) {
    events.add(event);
    state = Gateway.evolve(state, event);
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
