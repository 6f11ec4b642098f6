package io.egressgateway.policy.witness;

import static io.egressgateway.core.monitor.MetricFamily.gauge;

import io.egressgateway.core.monitor.CertificateAge;
import io.egressgateway.core.monitor.Health;
import io.egressgateway.core.monitor.MetricFamily;
import io.egressgateway.core.monitor.Metrics;
import io.egressgateway.core.tls.TlsFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All metrics of a witness, and its health. */
public final class WitnessMetrics {
  static final MetricFamily PROMISES =
      gauge(
          "egressgateway_witness_promises",
          "Promises that are open, one for each gateway node that has a lease.");

  static final MetricFamily TOMBSTONES =
      gauge(
          "egressgateway_witness_tombstones",
          "Sessions that were voted dead and are remembered, one for each node and boot.");

  static final MetricFamily DENIALS =
      gauge(
          "egressgateway_witness_denials",
          "Sessions that get no promise any more and were not voted dead yet, one for each node and"
              + " boot.");

  static final MetricFamily MUTE =
      gauge(
          "egressgateway_witness_mute_seconds",
          "Until this witness promises and votes, as it does not right after its start.");

  static final MetricFamily CERTIFICATE =
      gauge(
          "egressgateway_witness_certificate_not_after_seconds",
          "When the witness's certificate ends, in seconds since 1970; 0 if its file is unusable.");

  /** In the order of the documentation. */
  public static final List<MetricFamily> ALL =
      List.of(PROMISES, TOMBSTONES, DENIALS, MUTE, CERTIFICATE);

  private static final double MILLIS_PER_SECOND = 1000.0;

  private WitnessMetrics() {}

  /** Those of this witness. */
  public static Metrics of(WitnessServer server, TlsFiles tls) {
    Metrics metrics = new Metrics(ALL);
    metrics.read(
        PROMISES, reading -> server.facts().ifPresent(facts -> reading.value(facts.promises())));
    metrics.read(
        TOMBSTONES,
        reading -> server.facts().ifPresent(facts -> reading.value(facts.tombstones())));
    metrics.read(
        DENIALS, reading -> server.facts().ifPresent(facts -> reading.value(facts.denials())));
    metrics.read(
        MUTE,
        reading ->
            server
                .facts()
                .ifPresent(facts -> reading.value(facts.mute().toMillis() / MILLIS_PER_SECOND)));
    metrics.read(CERTIFICATE, CertificateAge.notAfter(tls));
    return metrics;
  }

  /** Whether it answers, and whether it votes. */
  public static Health health(WitnessServer server) {
    return new Health(
        () -> server.facts().isPresent() ? List.of() : List.of("witness: its thread hangs"),
        () -> obstacles(server.facts()));
  }

  private static List<String> obstacles(Optional<WitnessServer.Facts> facts) {
    List<String> obstacles = new ArrayList<>();
    if (facts.isEmpty()) {
      obstacles.add("witness: its thread hangs");
    }
    facts
        .filter(known -> known.mute().isPositive())
        .ifPresent(
            known ->
                obstacles.add(
                    "witness: it has just started and is mute for another "
                        + known.mute().toMillis()
                        + " ms"));
    return obstacles;
  }
}
