package io.egressgateway.k8s.app;

import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.core.tls.TlsCredentials;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.policy.entity.LeaseEnvironment;
import io.egressgateway.policy.witness.RemoteWitnessPanel;
import io.egressgateway.policy.witness.WitnessPanel;
import io.egressgateway.policy.witness.WitnessServer;
import io.egressgateway.policy.witness.WitnessSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** This controller's part with the witnesses: it asks all of them, and may serve one. */
final class Witnesses implements AutoCloseable {
  private final LeaseTerms terms;
  private final Optional<Duration> controlStaleTimeout;
  private final RemoteWitnessPanel panel;
  private final Optional<WitnessServer> embedded;

  private Witnesses(
      OwnershipSettings settings, RemoteWitnessPanel panel, Optional<WitnessServer> embedded) {
    this.terms = settings.profile().terms();
    this.controlStaleTimeout = settings.controlStaleTimeout();
    this.panel = panel;
    this.embedded = embedded;
  }

  /**
   * Serves the embedded witness, if there is to be one, and starts to connect to all.
   *
   * @throws StartFailure when the embedded one cannot be served
   */
  static Witnesses join(OwnershipSettings settings, TlsFiles tls) throws StartFailure {
    Optional<WitnessServer> embedded =
        settings.embedded().isEmpty() ? Optional.empty() : Optional.of(serve(settings, tls));
    return new Witnesses(
        settings,
        RemoteWitnessPanel.connect(settings.witnesses(), tls, settings.profile().terms()),
        embedded);
  }

  private static WitnessServer serve(OwnershipSettings settings, TlsFiles tls) throws StartFailure {
    var self = settings.embedded().orElseThrow();
    try {
      if (!WitnessServer.mayServe(TlsCredentials.read(tls))) {
        throw new StartFailure(
            "an embedded witness needs the alternative name "
                + WitnessServer.DNS_NAME
                + " in "
                + tls.certificate()
                + ": add it, or start witnesses of their own with 'egressgateway witness'");
      }
      return WitnessServer.start(
          new WitnessSettings(self.host(), self.port(), self, settings.witnesses(), tls),
          System::nanoTime);
    } catch (IOException e) {
      throw new StartFailure(
          "the embedded witness cannot be served (" + e + "): check --embedded-witness", e);
    }
  }

  /** All of them, as far as they are reached. */
  WitnessPanel panel() {
    return panel;
  }

  /** For the entities. */
  LeaseEnvironment leases(LongSupplier nanoClock) {
    return new LeaseEnvironment(terms, panel, nanoClock, controlStaleTimeout);
  }

  @Override
  public void close() {
    panel.close();
    embedded.ifPresent(WitnessServer::close);
  }
}
