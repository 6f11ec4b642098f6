package io.egressgateway.policy.entity;

import io.egressgateway.core.event.GatewayEvent;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.domain.Decision;
import io.egressgateway.policy.domain.Gateway;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What policies ask of a gateway until it is decided on: everything that has come while the journal
 * was writing is written together. Otherwise a thousand policies would wait for a thousand writes,
 * one after the other.
 */
final class GatewayDocket {

  /** What a policy asks. */
  sealed interface Request {
    record Wanted(GatewayEntity.Allocate allocate) implements Request {}

    record GivenBack(PolicyKey policy) implements Request {}

    default PolicyKey policy() {
      return switch (this) {
        case Wanted(GatewayEntity.Allocate allocate) -> allocate.policy();
        case GivenBack(PolicyKey of) -> of;
      };
    }
  }

  /** What a request meant. */
  record Settled(Request request, Gateway.Outcome outcome) {}

  /**
   * What was decided together.
   *
   * @param concerned the addresses that the policies had before or have after it
   */
  record Settlement(
      List<GatewayEvent> events, List<Settled> settled, SortedSet<IpAddress> concerned) {
    Settlement {
      events = List.copyOf(events);
      settled = List.copyOf(settled);
      concerned = Collections.unmodifiableSortedSet(new TreeSet<>(concerned));
    }

    boolean frees() {
      return settled.stream().anyMatch(one -> one.request() instanceof Request.GivenBack);
    }
  }

  private final List<Request> requests = new ArrayList<>();

  /** The gateway starts anew from its journal: policies ask again. */
  void clear() {
    requests.clear();
  }

  /** Whether something waits to be settled. */
  boolean isOpen() {
    return !requests.isEmpty();
  }

  /** Notes a request; whether it is the first of those that will be settled together. */
  boolean note(Request request) {
    requests.add(request);
    return requests.size() == 1;
  }

  /** Decides on everything that was noted. */
  Settlement settle(Gateway.State state, Gateway.Observed observed, Instant now) {
    List<GatewayEvent> events = new ArrayList<>();
    List<Settled> settled = new ArrayList<>();
    TreeSet<IpAddress> concerned = new TreeSet<>();
    Gateway.State next = state;
    for (Request request : requests) {
      Decision<GatewayEvent, Gateway.Outcome> decision =
          Gateway.decide(next, observed, command(request), now);
      settled.add(new Settled(request, decision.outcome()));
      if (!decision.events().isEmpty()) {
        concerned.addAll(addresses(next, request));
        events.addAll(decision.events());
        next = Gateway.evolve(next, decision.events());
        concerned.addAll(addresses(next, request));
      }
    }
    requests.clear();
    return new Settlement(events, settled, concerned);
  }

  private static Gateway.Command command(Request request) {
    return switch (request) {
      case Request.Wanted(GatewayEntity.Allocate allocate) ->
          new Gateway.Command.Allocate(allocate.policy(), allocate.request());
      case Request.GivenBack(PolicyKey policy) -> new Gateway.Command.Free(policy);
    };
  }

  private static SortedSet<IpAddress> addresses(Gateway.State state, Request request) {
    return state.allocations().getOrDefault(request.policy(), Collections.emptySortedSet());
  }
}
