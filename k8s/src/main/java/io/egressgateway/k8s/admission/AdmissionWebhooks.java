package io.egressgateway.k8s.admission;

import akka.actor.Cancellable;
import akka.actor.typed.ActorSystem;
import akka.http.javadsl.ServerBinding;
import io.egressgateway.core.model.IpFamily;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The webhooks of this controller: facts, certificates, server. Certificates are looked after for
 * ever; while there is none (the API is not reachable yet), connections are refused.
 */
public final class AdmissionWebhooks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdmissionWebhooks.class);

  /** Of looking for newer certificates, and for configurations that do not trust ours. */
  private static final Duration REFRESH_INTERVAL = Duration.ofSeconds(5);

  private static final Duration UNBIND_LIMIT = Duration.ofSeconds(3);

  /**
   * What the webhooks work with.
   *
   * @param client is not closed
   * @param executor may be blocked
   * @param tunnelled the families that the tunnel carries
   */
  public record Environment(
      KubernetesClient client, Executor executor, Clock clock, Set<IpFamily> tunnelled) {}

  private final Environment environment;
  private final AdmissionSettings settings;
  private final ServingCertificates certificates;
  private final FactCache facts;
  private final ServerBinding binding;
  private final Cancellable refreshing;
  private final ReentrantLock turn = new ReentrantLock();
  private final AtomicReference<String> complaint = new AtomicReference<>("");

  private AdmissionWebhooks(
      ActorSystem<?> system, AdmissionSettings settings, Environment environment)
      throws IOException {
    this.environment = environment;
    this.settings = settings;
    this.certificates = certificates(settings, environment);
    this.facts = FactCache.start(environment.client(), environment.tunnelled());
    AdmissionHandler handler =
        new AdmissionHandler(
            new Admission(facts, environment.client().getKubernetesSerialization()),
            facts::isListed,
            environment.executor(),
            AdmissionHandler.SECOND_THOUGHTS);
    try {
      this.binding =
          AdmissionServer.bind(
                  system,
                  new AdmissionServer.Listening(
                      settings.host(), settings.port(), certificates::context),
                  handler)
              .toCompletableFuture()
              .join();
    } catch (CompletionException refused) {
      facts.close();
      throw new IOException(
          "the webhooks' port "
              + settings.port()
              + " cannot be served ("
              + refused.getCause()
              + "): choose another by egressgateway.admission.port",
          refused);
    }
    this.refreshing =
        system
            .scheduler()
            .scheduleWithFixedDelay(
                Duration.ZERO,
                REFRESH_INTERVAL,
                () -> environment.executor().execute(this::refresh),
                system.executionContext());
  }

  /**
   * Listens and starts to learn; returns when it listens. Blocks.
   *
   * @throws IOException if it cannot listen
   */
  public static AdmissionWebhooks start(
      ActorSystem<?> system, AdmissionSettings settings, Environment environment)
      throws IOException {
    return new AdmissionWebhooks(system, settings, environment);
  }

  private static ServingCertificates certificates(
      AdmissionSettings settings, Environment environment) {
    return switch (settings.certificates()) {
      case AdmissionSettings.Provided(var directory) -> new CertificateFiles(directory);
      case AdmissionSettings.Own own ->
          new CertificateSecret(
              environment.client(),
              new CertificateSecret.Place(own.namespace(), own.secret(), own.names()),
              new CertificateIssuer(new SecureRandom()),
              environment.clock());
    };
  }

  /** Whatever fails is tried again at the next turn, and said once. */
  private void refresh() {
    if (!turn.tryLock()) {
      return;
    }
    try {
      certificates.refresh();
      certificates.authorities().ifPresent(this::haveTrusted);
      complaint.set("");
    } catch (IOException | KubernetesClientException failure) {
      String message = String.valueOf(failure.getMessage());
      if (!message.equals(complaint.getAndSet(message))) {
        LOG.warn("webhook certificate not refreshed cause=\"{}\"", message);
      }
    } finally {
      turn.unlock();
    }
  }

  private void haveTrusted(String authorities) {
    settings
        .configurations()
        .ifPresent(name -> WebhookConfigurations.trust(environment.client(), name, authorities));
  }

  /** Where it listens. */
  public int port() {
    return binding.localAddress().getPort();
  }

  /** Whether it has a certificate to show and facts to judge by. */
  public boolean isReady() {
    return authorities().isPresent() && facts.isListed();
  }

  /** PEM of what the API server is to trust; absent until there is a certificate. */
  public Optional<String> authorities() {
    return certificates.authorities();
  }

  /** Stops to listen and to learn. */
  @Override
  public void close() {
    refreshing.cancel();
    binding.terminate(UNBIND_LIMIT).toCompletableFuture().join();
    facts.close();
  }
}
