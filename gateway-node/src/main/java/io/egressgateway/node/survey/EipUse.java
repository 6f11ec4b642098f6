package io.egressgateway.node.survey;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.node.netlink.wire.nft.Counter;
import java.util.Collections;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** What the egress IPs of this node carry, as a survey last saw it. Thread-safe. */
public final class EipUse {
  private final Tallies tallies = new Tallies();
  private SortedMap<IpAddress, Integer> ports = new TreeMap<>();
  private final SortedMap<IpAddress, Start> shortSince = new TreeMap<>();
  private final SortedMap<IpAddress, Long> refused = new TreeMap<>();
  private OptionalLong refusals = OptionalLong.empty();

  /** Where values go, each with its egress IP and perhaps a direction. */
  @FunctionalInterface
  public interface Sink {
    void value(double value, String... labels);
  }

  /**
   * A new look.
   *
   * @param mostPorts of each egress IP, the most ports in use for one destination
   * @param withoutPorts egress IPs with a destination for which there are none left
   * @param allRefusals see {@link SurveySockets#refusals}
   */
  synchronized void seen(
      Map<Tallies.Subject, Counter> counters,
      SortedMap<IpAddress, Integer> mostPorts,
      SortedSet<IpAddress> withoutPorts,
      long allRefusals) {
    long refusalsBefore = refusals.orElse(allRefusals);
    withoutPorts.forEach(eip -> shortSince.computeIfAbsent(eip, any -> start(eip, refusalsBefore)));
    tallies.read(counters);
    ports = mostPorts;
    refusals = OptionalLong.of(allRefusals);
    shortSince.forEach(
        (eip, since) -> refused.put(eip, since.refusedUntil(allRefusals, connections(eip))));
    shortSince.keySet().retainAll(withoutPorts);
    refused.keySet().removeIf(eip -> !isHere(eip));
  }

  /**
   * When an egress IP's shortage began: packets go on between one reading and the next, so the two
   * counts fit together only over all of it.
   */
  private record Start(long refusals, long connections, long refused) {
    long refusedUntil(long refusalsNow, long connectionsNow) {
      long more = Math.min(refusalsNow - refusals, connectionsNow - connections);
      return refused + Math.max(0, more);
    }
  }

  private Start start(IpAddress eip, long refusalsBefore) {
    return new Start(refusalsBefore, connections(eip), refused.getOrDefault(eip, 0L));
  }

  private long connections(IpAddress eip) {
    return tallies.packets(Tallies.Kind.CONNECTIONS, eip);
  }

  private boolean isHere(IpAddress eip) {
    return tallies.totals().containsKey(new Tallies.Subject(Tallies.Kind.CONNECTIONS, eip));
  }

  /** Packets sent and received. */
  public synchronized void packets(Sink sink) {
    traffic(sink, Counter::packets);
  }

  /** Bytes sent and received, with IP headers. */
  public synchronized void bytes(Sink sink) {
    traffic(sink, Counter::bytes);
  }

  private void traffic(Sink sink, ToDoubleFunction<Counter> value) {
    tallies
        .totals()
        .forEach(
            (subject, counter) -> {
              switch (subject.kind()) {
                case SENT -> sink.value(value.applyAsDouble(counter), text(subject), "sent");
                case RECEIVED ->
                    sink.value(value.applyAsDouble(counter), text(subject), "received");
                case CONNECTIONS -> {
                  // Told by themselves.
                }
              }
            });
  }

  private static String text(Tallies.Subject subject) {
    return subject.eip().toString();
  }

  /** Connections begun, and first packets that came again because nobody answered. */
  public synchronized void connections(Sink sink) {
    tallies
        .totals()
        .forEach(
            (subject, counter) -> {
              if (subject.kind() == Tallies.Kind.CONNECTIONS) {
                sink.value((double) counter.packets(), text(subject));
              }
            });
  }

  /** The most ports in use for one destination. */
  public synchronized void ports(Sink sink) {
    Collections.unmodifiableSortedMap(ports)
        .forEach((eip, count) -> sink.value(count, eip.toString()));
  }

  /** 1 for each egress IP with a destination for which it has no port left. */
  public synchronized void shortages(Sink sink) {
    shortSince.keySet().forEach(eip -> sink.value(1, eip.toString()));
  }

  /** First packets of connections that found no port. */
  public synchronized void refused(Sink sink) {
    refused.forEach((eip, count) -> sink.value((double) count, eip.toString()));
  }
}
