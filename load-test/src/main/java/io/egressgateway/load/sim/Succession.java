package io.egressgateway.load.sim;

import io.egressgateway.core.event.EipEvent;
import io.egressgateway.core.event.EipEvent.EipMoveDecided;
import io.egressgateway.core.event.EipEvent.EipReleased;
import io.egressgateway.policy.domain.Eip;
import java.time.Instant;
import java.util.List;

/** How firmly the next holder of a planned move stands once the holder may have been asked. */
enum Succession {
  /** Whatever happens. The product's. */
  FIRM,
  /** Until something else is wished, which is journalled in its place. */
  CHANGEABLE,
  /** Unless the holder's session ends: the address goes to wherever it is wished then. */
  UNLESS_THE_HOLDER_ENDS;

  /** What the product decides, or this ledger instead. */
  List<EipEvent> decide(Eip.State state, Eip.Intent intent, Eip.Command command) {
    if (this == CHANGEABLE
        && state instanceof Eip.State.Moving moving
        && command instanceof Eip.Command.Steer
        && intent instanceof Eip.Intent.At at
        && !at.session().equals(moving.next().session())) {
      return List.of(
          new EipMoveDecided(
              moving.ownership().epoch(), at.session(), at.gateway(), at.onLoss(), Instant.EPOCH));
    }
    Eip.State seen =
        this == UNLESS_THE_HOLDER_ENDS
                && state instanceof Eip.State.Moving moving
                && command instanceof Eip.Command.SessionOver
            ? new Eip.State.Releasing(moving.number(), moving.ownership())
            : state;
    return Eip.decide(seen, intent, command, Instant.EPOCH).events();
  }

  /** The product's, but for what the product never decides. */
  Eip.State evolve(Eip.State state, EipEvent event) {
    boolean foreign = event instanceof EipMoveDecided || event instanceof EipReleased;
    return this != FIRM && foreign && state instanceof Eip.State.Moving moving
        ? Eip.evolve(new Eip.State.Owned(moving.number(), moving.ownership()), event)
        : Eip.evolve(state, event);
  }
}
