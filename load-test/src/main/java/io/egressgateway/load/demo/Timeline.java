package io.egressgateway.load.demo;

import io.egressgateway.load.failover.Takeover;
import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.process.LabProcess;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What happened in a takeover, in order: what was heard on the wire, and what the processes wrote
 * in their logs.
 */
record Timeline(List<Moment> moments) {
  private static final double NANOS_PER_MILLI = 1e6;

  /** Makes the list immutable. */
  Timeline {
    moments = List.copyOf(moments);
  }

  /**
   * Something that happened.
   *
   * @param after the loss of the node
   */
  record Moment(Duration after, String who, String what) {
    String toText() {
      return String.format(
          Locale.ROOT, "%9.1f ms  %-20s %s", after.toNanos() / NANOS_PER_MILLI, who, what);
    }
  }

  /**
   * Puts a takeover's moments in order.
   *
   * @param began the wall clock's time of the takeover's beginning, which logs have too
   */
  static Timeline of(Lab lab, Takeover takeover, Instant began) {
    List<Moment> moments = new ArrayList<>();
    String former = takeover.from().value();
    moments.add(new Moment(Duration.ZERO, former, "the power goes"));
    moments.add(new Moment(takeover.lastAnswer(), "wire", "last answer of " + former));
    moments.add(new Moment(takeover.firstAnswer(), "wire", "first answer of " + takeover.to()));
    moments.add(
        new Moment(takeover.forwarded(), "server", "first packet by way of " + takeover.to()));
    for (LogMark mark : LogMark.values()) {
      first(lab, mark, began).ifPresent(moments::add);
    }
    return new Timeline(moments.stream().sorted(Comparator.comparing(Moment::after)).toList());
  }

  private static Optional<Moment> first(Lab lab, LogMark mark, Instant began) {
    return lab.supervisor().processes().values().stream()
        .filter(process -> process.name().startsWith(mark.writer()))
        .flatMap(process -> first(process, mark, began).stream())
        .min(Comparator.comparing(Moment::after));
  }

  private static Optional<Moment> first(LabProcess process, LogMark mark, Instant began) {
    return process
        .output()
        .lines()
        .filter(line -> line.contains(mark.text()))
        .flatMap(line -> time(line).stream())
        .filter(time -> !time.isBefore(began))
        .map(time -> new Moment(Duration.between(began, time), process.name(), mark.meaning()))
        .findFirst();
  }

  private static Optional<Instant> time(String line) {
    int end = line.indexOf(' ');
    try {
      return end < 0
          ? Optional.empty()
          : Optional.of(OffsetDateTime.parse(line.substring(0, end)).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty(); // a line of a stack trace
    }
  }
}
