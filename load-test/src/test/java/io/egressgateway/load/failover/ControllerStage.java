package io.egressgateway.load.failover;

import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.CustomResourceDefinitions;
import io.egressgateway.load.api.KubeApi;
import io.egressgateway.load.api.RealKubeApi;
import io.egressgateway.load.api.ThrowawayPki;
import io.egressgateway.load.lab.ApiObjects;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.net.HttpProbe;
import io.egressgateway.load.lab.pki.LabPki;
import io.egressgateway.load.lab.process.Distribution;
import io.egressgateway.load.lab.process.LabCommand;
import io.egressgateway.load.lab.process.LabCommand.Restart;
import io.egressgateway.load.lab.process.LabProcess;
import io.egressgateway.load.lab.process.RunState;
import io.egressgateway.load.lab.process.Supervisor;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceValidation;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceValidationBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A controller before a real kube-apiserver, both on loopback: no node, no namespace of the kernel,
 * no root. The controller serves webhooks, which the API server asks only while they are
 * registered.
 */
final class ControllerStage implements AutoCloseable {
  private static final String CONTROLLER = "controller-1";
  private static final String SYNCED = "egressgateway_controller_watcher{step=\"synced\"} 1.0";
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);
  private static final Duration REQUEST_WITHIN = Duration.ofMinutes(2);
  private static final int LOG_LINES = 120;

  private final RunState state;
  private final RealKubeApi api;
  private final KubernetesClient client;
  private final Ports ports;
  private final Supervisor supervisor;

  /** The process that was started last on purpose; others are started after one has died. */
  private long expected;

  /** All on 127.0.0.1. */
  private record Ports(int artery, int management, int agents, int monitor, int webhooks) {
    static Ports free() throws IOException {
      InetAddress loopback = InetAddress.getLoopbackAddress();
      // All are held until the last is known, so that they differ.
      try (ServerSocket artery = new ServerSocket(0, 1, loopback);
          ServerSocket management = new ServerSocket(0, 1, loopback);
          ServerSocket agents = new ServerSocket(0, 1, loopback);
          ServerSocket monitor = new ServerSocket(0, 1, loopback);
          ServerSocket webhooks = new ServerSocket(0, 1, loopback)) {
        return new Ports(
            artery.getLocalPort(),
            management.getLocalPort(),
            agents.getLocalPort(),
            monitor.getLocalPort(),
            webhooks.getLocalPort());
      }
    }
  }

  private ControllerStage(RunState state, RealKubeApi api) throws IOException {
    this.state = state;
    this.api = api;
    this.client = patientClient(api);
    this.ports = Ports.free();
    this.supervisor =
        new Supervisor(
            new Supervisor.Started(Distribution.ofThisProcess(), process -> Map.of()),
            state,
            System.out::println);
  }

  /** On a busy machine a list of many objects takes a while. */
  private static KubernetesClient patientClient(RealKubeApi api) {
    Config config = Config.fromKubeconfig(api.kubeconfig().toFile());
    config.setRequestTimeout(Math.toIntExact(REQUEST_WITHIN.toMillis()));
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** In this folder; returns when the controller has read the cluster. */
  static ControllerStage start(Path directory) throws Exception {
    Path assets =
        KubeApi.assets()
            .orElseThrow(() -> new AssertionError(KubeApi.missingAssets().orElseThrow()));
    RunState state = RunState.claim(directory.resolve("stage"));
    RealKubeApi api =
        RealKubeApi.start(assets, state.directory().resolve("api"), System.out::println);
    ControllerStage stage = new ControllerStage(state, api);
    try {
      stage.install();
      stage.launch();
      stage.awaitSynced();
      return stage;
    } catch (Exception | AssertionError e) {
      stage.explain();
      stage.close();
      throw e;
    }
  }

  /** Creates our definitions and waits until the API server serves them. */
  void install() throws Exception {
    for (HasMetadata definition : CustomResourceDefinitions.all()) {
      client.resource(definition).create();
    }
    for (HasMetadata definition : CustomResourceDefinitions.all()) {
      Patience.USUAL.await(
          definition.getMetadata().getName() + " to be served",
          () -> definition(definition.getMetadata().getName()).filter(ControllerStage::isServed));
    }
  }

  /** A definition as the API server has it; absent if it has none of this name. */
  Optional<CustomResourceDefinition> definition(String name) {
    return Optional.ofNullable(
        client.apiextensions().v1().customResourceDefinitions().withName(name).get());
  }

  /** Has the kind take objects of any form; returns its definition as it was. */
  CustomResourceDefinition loosen(String kind) {
    CustomResourceDefinition strict =
        CustomResourceDefinitions.all().stream()
            .map(CustomResourceDefinition.class::cast)
            .filter(definition -> definition.getSpec().getNames().getKind().equals(kind))
            .findFirst()
            .orElseThrow();
    replace(
        strict.getMetadata().getName(),
        new CustomResourceValidationBuilder()
            .withNewOpenAPIV3Schema()
            .withType("object")
            .withXKubernetesPreserveUnknownFields(true)
            .endOpenAPIV3Schema()
            .build());
    return strict;
  }

  /** Undoes {@link #loosen}. */
  void restore(CustomResourceDefinition strict) {
    replace(strict.getMetadata().getName(), strict.getSpec().getVersions().getFirst().getSchema());
  }

  private void replace(String name, CustomResourceValidation schema) {
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(name)
        .patch(
            PatchContext.of(PatchType.JSON),
            "[{\"op\": \"replace\", \"path\": \"/spec/versions/0/schema\", \"value\": %s}]"
                .formatted(Serialization.asJson(schema)));
  }

  private static boolean isServed(CustomResourceDefinition definition) {
    return definition.getStatus() != null
        && definition.getStatus().getConditions() != null
        && definition.getStatus().getConditions().stream()
            .anyMatch(one -> one.getType().equals("Established") && one.getStatus().equals("True"));
  }

  private void launch() throws IOException {
    Path tls = state.directory().resolve("tls");
    new LabPki(Clock.systemUTC().instant()).writeController(tls);
    certify(Instant.now(Clock.systemUTC()));
    Path config = state.directory().resolve("controller.conf");
    Files.writeString(
        config,
        """
        egressgateway.admission { certificates = provided, port = %d, tls-dir = "%s" }
        """
            .formatted(ports.webhooks(), certificates()));
    supervisor.start(
        new LabCommand(
            CONTROLLER,
            Optional.empty(),
            List.of(
                "controller",
                "--config=" + config,
                "--kubeconfig=" + api.kubeconfig(),
                "--tls-dir=" + tls,
                "--data-dir=" + state.directory().resolve("data"),
                "--artery-port=" + ports.artery(),
                "--management-port=" + ports.management(),
                "--agent-port=" + ports.agents(),
                "--monitor-port=" + ports.monitor(),
                "--tunnel-ipv6-subnet=fd11::/112",
                "--witness=127.0.0.1:1"),
            Restart.ALWAYS));
    expected = controller().pid();
  }

  /** Whether no controller has ended but those that were made to. */
  boolean isUndisturbed() {
    return controller().isAlive() && controller().pid() == expected;
  }

  private Path certificates() {
    return state.directory().resolve("admission");
  }

  /** Gives the webhooks a certificate that is good for a week from then on. */
  void certify(Instant from) throws IOException {
    ThrowawayPki pki = ThrowawayPki.create(from);
    ThrowawayPki.Identity server = pki.server();
    Files.createDirectories(certificates());
    ThrowawayPki.write(certificates().resolve("ca.crt"), pki.authority());
    ThrowawayPki.write(certificates().resolve("tls.crt"), server.certificate());
    ThrowawayPki.write(certificates().resolve("tls.key"), server.key());
  }

  /** Where the webhooks are. */
  URI webhooks() {
    return URI.create("https://127.0.0.1:" + ports.webhooks());
  }

  /** An administrator's; stays the stage's. */
  KubernetesClient client() {
    return client;
  }

  RealKubeApi api() {
    return api;
  }

  ApiObjects objects() {
    return new ApiObjects(client);
  }

  LabProcess controller() {
    return supervisor.process(CONTROLLER);
  }

  // --- objects that no type of ours would let through -------------------------------------------

  /** The objects of a kind of ours, of whatever form. */
  MixedOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      all(String kind) {
    return client.genericKubernetesResources(ApiGroup.API_VERSION, kind);
  }

  /** An object of a kind of ours; of the cluster if the namespace is empty. */
  Resource<GenericKubernetesResource> object(String kind, String namespace, String name) {
    return namespace.isEmpty()
        ? all(kind).withName(name)
        : all(kind).inNamespace(namespace).withName(name);
  }

  /**
   * An object that is not stored.
   *
   * @param content its fields besides metadata, as YAML
   */
  static GenericKubernetesResource draft(
      String kind, String namespace, String name, String content) {
    String place = namespace.isEmpty() ? "" : ", namespace: " + namespace;
    return Serialization.unmarshal(
        "apiVersion: %s\nkind: %s\nmetadata: {name: %s%s}\n%s"
            .formatted(ApiGroup.API_VERSION, kind, name, place, content),
        GenericKubernetesResource.class);
  }

  /** Has the API server store it. */
  void create(GenericKubernetesResource draft) {
    String namespace = draft.getMetadata().getNamespace();
    (namespace == null
            ? all(draft.getKind()).resource(draft)
            : all(draft.getKind()).inNamespace(namespace).resource(draft))
        .create();
  }

  /** Has the API server store it, with its status. */
  void create(HasMetadata draft) {
    client.resource(draft).create();
    client.resource(draft).patchStatus();
  }

  void createNamespace(String name) {
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
  }

  // --- the controller ---------------------------------------------------------------------------

  /** kill -9, and waits until the next one has read the cluster. */
  void restart() throws Exception {
    long former = controller().pid();
    controller().crash();
    Patience.USUAL.await(
        "the controller to be started again",
        () -> Optional.of(controller()).filter(process -> process.pid() != former));
    expected = controller().pid();
    awaitSynced();
  }

  /** kill -9, and it stays away. */
  void halt() {
    supervisor.halt(CONTROLLER);
    supervisor.awaitHalted(CONTROLLER);
  }

  /** After {@link #halt}: waits until it has read the cluster. */
  void revive() throws Exception {
    supervisor.revive(CONTROLLER);
    expected = controller().pid();
    awaitSynced();
  }

  void awaitSynced() throws Exception {
    Patience.USUAL.await(
        "the controller to have read the cluster",
        () -> metrics().filter(text -> text.lines().anyMatch(SYNCED::equals)));
  }

  /** All metrics; absent while it does not answer. */
  Optional<String> metrics() {
    try {
      return Optional.of(ask(ports.monitor(), "/metrics").body());
    } catch (IOException notYet) {
      return Optional.empty();
    }
  }

  /** Of the inspection routes. */
  HttpProbe.Answer inspect(String path) throws IOException {
    return ask(ports.management(), path);
  }

  private static HttpProbe.Answer ask(int port, String path) throws IOException {
    return HttpProbe.get(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), path, ANSWER_WITHIN);
  }

  /** Prints the controller's log while it is there. */
  void explain() {
    System.out.println(supervisor.logTails(LOG_LINES));
  }

  @Override
  public void close() {
    supervisor.close();
    client.close();
    api.close();
    state.close();
  }
}
