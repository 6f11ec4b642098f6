package io.egressgateway.load.admission;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.k8s.admission.AdmissionSettings;
import io.egressgateway.k8s.admission.AdmissionWebhooks;
import io.egressgateway.k8s.admission.WebhookConfigurations;
import io.egressgateway.k8s.crd.CustomResourceDefinitions;
import io.egressgateway.load.api.KubeApi;
import io.egressgateway.load.lab.Patience;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The custom resources in an API, and the webhooks that it asks about them. */
public final class WebhookStage implements AutoCloseable {
  private static final int ESTABLISHED_WITHIN_SECONDS = 30;
  private static final String HOST = "127.0.0.1";
  private static final String NAMESPACE = "default";
  private static final String SECRET = "egressgateway-admission";

  private final KubernetesClient client;
  private final ActorSystem<Void> system;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final AdmissionWebhooks webhooks;

  private WebhookStage(KubernetesClient client) throws IOException {
    this.client = client;
    this.system =
        ActorSystem.create(
            Behaviors.empty(),
            "webhooks",
            ConfigFactory.parseString("akka.coordinated-shutdown.run-by-jvm-shutdown-hook = off")
                .withFallback(ConfigFactory.load()));
    this.webhooks =
        AdmissionWebhooks.start(
            system,
            new AdmissionSettings(
                HOST,
                0,
                new AdmissionSettings.Own(NAMESPACE, SECRET, List.of(HOST)),
                Optional.of(WebhookConfigurations.NAME)),
            new AdmissionWebhooks.Environment(
                client, executor, Clock.systemUTC(), EnumSet.allOf(IpFamily.class)));
  }

  /** Creates the definitions and starts the webhooks; the API does not ask them yet. */
  public static WebhookStage start(KubeApi api) throws Exception {
    KubernetesClient client = api.newClient();
    for (HasMetadata definition : CustomResourceDefinitions.all()) {
      client.resource(definition).serverSideApply();
      client
          .resource((CustomResourceDefinition) definition)
          .waitUntilCondition(
              WebhookStage::isEstablished, ESTABLISHED_WITHIN_SECONDS, TimeUnit.SECONDS);
    }
    WebhookStage stage = new WebhookStage(client);
    Patience.USUAL.await(
        "the webhooks to be ready",
        () -> stage.webhooks.isReady() ? Optional.of(stage) : Optional.empty());
    return stage;
  }

  private static boolean isEstablished(CustomResourceDefinition definition) {
    return definition != null
        && definition.getStatus() != null
        && definition.getStatus().getConditions() != null
        && definition.getStatus().getConditions().stream()
            .anyMatch(one -> one.getType().equals("Established") && one.getStatus().equals("True"));
  }

  /** Has the API ask. It takes a moment until it does. */
  public void register() {
    register(webhooks.authorities().orElseThrow());
  }

  /** As {@link #register()}, but with authorities that are to be put right by the webhooks. */
  public void register(String authorities) {
    WebhookConfigurations.at(URI.create("https://" + HOST + ":" + webhooks.port()), authorities)
        .forEach(configuration -> client.resource(configuration).create());
  }

  /** Has the API not ask any more. */
  public void unregister() {
    client
        .admissionRegistration()
        .v1()
        .validatingWebhookConfigurations()
        .withName(WebhookConfigurations.NAME)
        .delete();
    client
        .admissionRegistration()
        .v1()
        .mutatingWebhookConfigurations()
        .withName(WebhookConfigurations.NAME)
        .delete();
  }

  /** An administrator's; stays the stage's. */
  public KubernetesClient client() {
    return client;
  }

  @Override
  public void close() {
    webhooks.close();
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
    executor.close();
    client.close();
  }
}
