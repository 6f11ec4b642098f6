package io.egressgateway.persistence.journal;

import io.egressgateway.core.event.NumberingEvent;
import io.egressgateway.core.event.NumberingEvent.NumberAssigned;
import io.egressgateway.core.event.NumberingEvent.NumberFreed;

/** Bytes of {@link NumberingEvent}. */
final class NumberingEventFormat implements EventFormat<NumberingEvent> {
  private static final String NUMBER_ASSIGNED_V1 = "numbering.number-assigned.v1";
  private static final String NUMBER_FREED_V1 = "numbering.number-freed.v1";

  @Override
  public String manifest(NumberingEvent event) {
    return switch (event) {
      case NumberAssigned ignored -> NUMBER_ASSIGNED_V1;
      case NumberFreed ignored -> NUMBER_FREED_V1;
    };
  }

  @Override
  public void write(NumberingEvent event, EventWriter out) {
    switch (event) {
      case NumberAssigned assigned ->
          out.text("name", assigned.name()).number("number", assigned.number());
      case NumberFreed freed -> out.text("name", freed.name()).number("number", freed.number());
    }
    out.at(event.at());
  }

  @Override
  public NumberingEvent read(EventReader in) {
    return switch (in.manifest()) {
      case NUMBER_ASSIGNED_V1 ->
          new NumberAssigned(in.text("name"), in.number("number", number -> number), in.at());
      case NUMBER_FREED_V1 ->
          new NumberFreed(in.text("name"), in.number("number", number -> number), in.at());
      default -> throw in.unknownManifest();
    };
  }
}
