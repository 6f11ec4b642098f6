package io.egressgateway.load.api.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.k8s.crd.CustomResourceDefinitions;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.load.api.KubeApi;
import io.egressgateway.load.api.RealKubeApi;
import io.egressgateway.load.lab.Patience;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real kube-apiserver with nodes, a controller, and between them a proxy. For one thread. */
final class FaultyCluster implements AutoCloseable {
  static final List<String> NODES = List.of("n1", "n2", "n3", "n4", "n5");

  private static final int SECONDS_MAX = 30;

  private final KubeApi api;
  private final KubernetesClient client;
  private final ApiProxy proxy;
  private final Controller controller;
  private int tenants;

  /** A row of the matrix. */
  interface Row {
    void play(Tenant tenant) throws Exception;
  }

  private FaultyCluster(KubeApi api, Path directory) throws Exception {
    this.api = api;
    this.client = api.newClient();
    CustomResourceDefinitions.all().forEach(one -> define((CustomResourceDefinition) one));
    for (int i = 0; i < NODES.size(); i++) {
      createNode(NODES.get(i), "10.8.0." + (i + 1));
    }
    this.proxy = ApiProxy.before(api);
    this.controller =
        Controller.in(
            directory.resolve("controller"),
            proxy.writeKubeconfig(directory.resolve("kubeconfig-of-proxy")));
  }

  /** Starts everything and waits until the controller is ready. */
  static FaultyCluster start(Path directory) throws Exception {
    KubeApi api =
        RealKubeApi.start(
            KubeApi.assets()
                .orElseThrow(() -> new AssertionError(KubeApi.missingAssets().orElse(""))),
            directory,
            System.out::println);
    FaultyCluster cluster = new FaultyCluster(api, directory);
    cluster.controller.start();
    cluster.controller.awaitReady();
    return cluster;
  }

  ApiProxy proxy() {
    return proxy;
  }

  Controller controller() {
    return controller;
  }

  /** It meets no fault. */
  KubernetesClient client() {
    return client;
  }

  @Override
  public void close() {
    controller.close();
    proxy.close();
    client.close();
    api.close();
  }

  /** Has the API serve this kind, and waits until it does. */
  void define(String plural) {
    define(definition(plural));
  }

  private void define(CustomResourceDefinition definition) {
    client.resource(definition).create();
    client
        .resource(definition)
        .waitUntilCondition(FaultyCluster::isEstablished, SECONDS_MAX, TimeUnit.SECONDS);
  }

  private static boolean isEstablished(CustomResourceDefinition definition) {
    return definition != null
        && definition.getStatus() != null
        && definition.getStatus().getConditions() != null
        && definition.getStatus().getConditions().stream()
            .anyMatch(one -> one.getType().equals("Established") && one.getStatus().equals("True"));
  }

  /** Has the API forget this kind and its objects, and waits until it has. */
  void undefine(String plural) throws Exception {
    CustomResourceDefinition definition = definition(plural);
    client.resource(definition).delete();
    Patience.USUAL.await(
        plural + " to be served no more",
        () -> client.resource(definition).get() == null ? Optional.of(plural) : Optional.empty());
  }

  private static CustomResourceDefinition definition(String plural) {
    return CustomResourceDefinitions.all().stream()
        .map(CustomResourceDefinition.class::cast)
        .filter(one -> one.getSpec().getNames().getPlural().equals(plural))
        .findFirst()
        .orElseThrow();
  }

  private void createNode(String name, String address) {
    Node made =
        client
            .resource(new NodeBuilder().withNewMetadata().withName(name).endMetadata().build())
            .create();
    made.setStatus(
        new NodeBuilder(made)
            .editOrNewStatus()
            .addNewAddress(address, "InternalIP")
            .addNewCondition()
            .withType("Ready")
            .withStatus("True")
            .endCondition()
            .endStatus()
            .build()
            .getStatus());
    client.resource(made).updateStatus();
  }

  void awaitTunnels() throws Exception {
    Patience.USUAL.await(
        "a tunnel for each node",
        () ->
            Optional.of(client.resources(EgressTunnel.class).list().getItems().size())
                .filter(tunnels -> tunnels == NODES.size()));
  }

  /** Objects of this name that nobody else has. */
  Tenant tenant(String name) {
    tenants++;
    return new Tenant(client, name, tenants);
  }

  /**
   * Plays a row among objects of its own that stand, has the API behave, and asserts what holds in
   * every one: in the end the API shows what is, the controller has never ended, and what is
   * deleted is let go.
   */
  void row(String name, Row row) throws Exception {
    Tenant tenant = tenant(name);
    try {
      tenant.create();
      tenant.awaitTruth();
      row.play(tenant);
      proxy.behave();
      controller.awaitComplaint(false);
      tenant.awaitTruth();
      tenant.remove();
      assertThat(controller.isAlive()).isTrue();
    } catch (Exception | AssertionError e) {
      System.out.println(controller.lastLines());
      throw e;
    } finally {
      proxy.behave();
    }
  }
}
