package io.egressgateway.load.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.k8s.crd.CustomResourceDefinitions;
import io.egressgateway.k8s.crd.EgressClusterEndpointSlice;
import io.egressgateway.k8s.crd.EgressClusterPolicy;
import io.egressgateway.k8s.crd.EgressEndpointSlice;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The product's own custom resources on a real API server, used by kubectl as the guide does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CustomResourcesIT {

  private static final String GUIDE =
      """
      apiVersion: egressgateway.spidernet.io/v1beta1
      kind: EgressGateway
      metadata:
        name: default
      spec:
        ippools:
          ipv4:
          - "10.6.168.201-10.6.168.205"
        nodeSelector:
          selector:
            matchLabels:
              egressgateway: "true"
      ---
      apiVersion: egressgateway.spidernet.io/v1beta1
      kind: EgressPolicy
      metadata:
       name: test
       namespace: default
      spec:
       egressGatewayName: default
       appliedTo:
        podSelector:
         matchLabels:
          app: "test-app"
      ---
      apiVersion: egressgateway.spidernet.io/v1beta1
      kind: EgressClusterPolicy
      metadata:
       name: everywhere
      spec:
       egressGatewayName: default
       appliedTo:
        podSubnet: ["10.244.0.0/16"]
        namespaceSelector: {matchLabels: {team: a}}
       exceptSubnet: ["10.6.1.92"]
       priority: 32768
      """;

  private final Path directory;
  private final KubeApi api;
  private final KubernetesClient client;
  private final Kubectl kubectl;

  CustomResourcesIT(@TempDir Path directory) throws IOException {
    this.directory = directory;
    Path assets =
        KubeApi.assets()
            .orElseThrow(
                () ->
                    new AssertionError(
                        "set %s to a folder with kube-apiserver, etcd and kube-controller-manager"
                            .formatted(KubeApi.ASSETS_VARIABLE)));
    api = RealKubeApi.start(assets, directory, System.out::println);
    client = api.newClient();
    kubectl = Kubectl.of(api, Files.createDirectory(directory.resolve("kubectl-home")));
    install();
    createOneOfEachKind();
  }

  private void install() {
    CustomResourceDefinitions.all()
        .forEach(definition -> client.resource(definition).serverSideApply());
    for (HasMetadata definition : CustomResourceDefinitions.all()) {
      kubectl.run(
          "wait",
          "--for=condition=Established",
          "--timeout=30s",
          "crd/" + definition.getMetadata().getName());
    }
  }

  private void createOneOfEachKind() throws IOException {
    Path guide = Files.writeString(directory.resolve("guide.yaml"), GUIDE);
    assertThat(kubectl.run("apply", "-f", guide.toString()))
        .contains("egressgateway.egressgateway.spidernet.io/default created")
        .contains("egressclusterpolicy.egressgateway.spidernet.io/everywhere created")
        .contains("egresspolicy.egressgateway.spidernet.io/test created");
    assertThat(kubectl.run("apply", "-f", guide.toString())).contains("/default unchanged");
    EgressTunnel tunnel = new EgressTunnel();
    tunnel.setMetadata(new ObjectMetaBuilder().withName("worker-node-1").build());
    client.resource(tunnel).create();
    EgressEndpointSlice slice = new EgressEndpointSlice();
    slice.setMetadata(
        new ObjectMetaBuilder().withNamespace("default").withGenerateName("test-").build());
    slice.setEndpoints(
        List.of(
            new EgressEndpointSlice.Endpoint(
                List.of("10.244.1.2"), null, "worker-node-1", "default", "test-app-1")));
    client.resource(slice).create();
    EgressClusterEndpointSlice clusterSlice = new EgressClusterEndpointSlice();
    clusterSlice.setMetadata(new ObjectMetaBuilder().withGenerateName("everywhere-").build());
    clusterSlice.setEndpoints(slice.getEndpoints());
    client.resource(clusterSlice).create();
  }

  @AfterAll
  void stop() {
    client.close();
    api.close();
  }

  @ParameterizedTest
  @CsvSource({
    "egressgateways, egressgateway, egw",
    "egresspolicies, egresspolicy, egp",
    "egresstunnels, egresstunnel, egt",
    "egressendpointslices, egressendpointslice, egep",
    "egressclusterpolicies, egressclusterpolicy, egcp",
    "egressclusterendpointslices, egressclusterendpointslice, egcep",
  })
  void everyKindHasItsNames(String plural, String singular, String shortName) {
    String byPlural = kubectl.run("get", plural, "-A", "-o", "name");
    assertThat(byPlural).contains(singular + ".egressgateway.spidernet.io/");
    assertThat(kubectl.run("get", singular, "-A", "-o", "name")).isEqualTo(byPlural);
    assertThat(kubectl.run("get", shortName, "-A", "-o", "name")).isEqualTo(byPlural);
    assertThat(kubectl.run("explain", shortName)).contains("KIND:");
  }

  private void assertHeader(String kind, String header) {
    assertThat(kubectl.tryRun("get", kind, "-A").words()).contains(List.of(header.split(" ", -1)));
  }

  private void assertWideHeaderEndsWith(String kind, String... columns) {
    assertThat(kubectl.tryRun("get", kind, "-A", "-o", "wide").words().getFirst())
        .endsWith(columns);
  }

  @Test
  void tablesHaveTheGuidesColumns() {
    assertHeader("egp", "NAMESPACE NAME GATEWAY IPV4 IPV6 EGRESSNODE");
    assertHeader("egcp", "NAME GATEWAY IPV4 IPV6 EGRESSTUNNEL");
    assertHeader("egcep", "NAME AGE");
    assertHeader("egep", "NAMESPACE NAME AGE");
    assertHeader(
        "egw",
        "NAME IPV4DEFAULTEIP IPV6DEFAULTEIP CLUSTERDEFAULT IPV4TOTAL IPV4FREE IPV6TOTAL IPV6FREE");
    assertHeader("egt", "NAME TUNNELMAC TUNNELIPV4 TUNNELIPV6 MARK PHASE");
  }

  @Test
  void wideTablesSayWhetherItWorks() {
    assertWideHeaderEndsWith("egp", "EGRESSNODE", "READY", "REASON", "AGE");
    assertWideHeaderEndsWith("egcp", "EGRESSTUNNEL", "READY", "REASON", "AGE");
    assertWideHeaderEndsWith("egw", "IPV6FREE", "READY", "REASON", "AGE");
    assertWideHeaderEndsWith("egt", "PHASE", "READY", "REASON", "AGE");
    assertWideHeaderEndsWith("egep", "NAME", "AGE", "POLICY");
    kubectl.run("patch", "egcp", "everywhere", STATUS, MERGE, "-p", conditions(READY));
    assertThat(kubectl.tryRun("get", "egcp", "-o", "wide").words().getLast())
        .contains("False", "NoGateway");
  }

  private static final String STATUS = "--subresource=status";
  private static final String MERGE = "--type=merge";
  private static final String READY =
      """
      {"type": "Ready", "status": "False", "reason": "NoGateway", "message": "no",
       "lastTransitionTime": "2026-11-23T12:00:00Z"}
      """;

  private static String conditions(String... conditions) {
    return "{\"status\": {\"conditions\": [" + String.join(",", conditions) + "]}}";
  }

  @Test
  void aPolicyHasTheDefaultsOfTheSchema() {
    EgressPolicy policy =
        client.resources(EgressPolicy.class).inNamespace("default").withName("test").require();
    assertThat(policy.getSpec().egressIP())
        .isEqualTo(new EgressPolicy.EgressIp("default", null, null, false));
  }

  @Test
  void aClusterPolicyIsReadAsItWasWritten() {
    EgressClusterPolicy policy =
        client.resources(EgressClusterPolicy.class).withName("everywhere").require();
    assertThat(requireNonNull(policy.getSpec().appliedTo()).podSubnet())
        .containsExactly("10.244.0.0/16");
    assertThat(policy.getSpec().exceptSubnet()).containsExactly("10.6.1.92");
    assertThat(policy.getSpec().egressIP())
        .isEqualTo(new EgressPolicy.EgressIp("default", null, null, false));
  }

  @Test
  void explainDescribesFields() {
    assertThat(kubectl.run("explain", "egw.spec.ippools")).contains("ipv4DefaultEIP");
    assertThat(kubectl.run("explain", "egp.spec.appliedTo")).contains("podSelector");
    assertThat(kubectl.run("explain", "egp.status")).contains("observedGeneration");
  }

  @Test
  void aPhaseThatDoesNotExistIsRefused() {
    Kubectl.Result bad =
        kubectl.tryRun(
            "patch",
            "egt",
            "worker-node-1",
            "--subresource=status",
            "--type=merge",
            "-p",
            "{\"status\":{\"phase\":\"Sleeping\"}}");
    assertThat(bad.exitCode()).isEqualTo(1);
    assertThat(bad.out()).contains("Unsupported value");
  }

  @Test
  void statusIsWrittenOnlyThroughItsSubresource() {
    long before = generation();
    kubectl.run(
        "patch",
        "egw",
        "default",
        "--subresource=status",
        "--type=merge",
        "-p",
        "{\"status\":{\"ipUsage\":{\"ipv4Total\":5,\"ipv4Free\":4}}}");
    assertThat(generation()).isEqualTo(before);
    assertThat(client.resources(EgressGateway.class).withName("default").require().getStatus())
        .extracting(EgressGateway.Status::ipUsage)
        .isEqualTo(new EgressGateway.IpUsage(4, 5, 0, 0));
  }

  private long generation() {
    return client
        .resources(EgressGateway.class)
        .withName("default")
        .require()
        .getMetadata()
        .getGeneration();
  }

  @Test
  void aPolicyWithoutAppliedToIsRefused() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("incomplete.yaml"),
            """
            apiVersion: egressgateway.spidernet.io/v1beta1
            kind: EgressPolicy
            metadata: {name: incomplete, namespace: default}
            spec: {egressGatewayName: default}
            """);
    assertThat(kubectl.tryRun("apply", "-f", file.toString()).out()).contains("appliedTo");
  }

  @Test
  void objectsAreDeleted() {
    EgressTunnel tunnel = new EgressTunnel();
    tunnel.setMetadata(new ObjectMetaBuilder().withName("worker-node-2").build());
    client.resource(tunnel).create();
    assertThat(kubectl.run("delete", "egt", "worker-node-2"))
        .contains("egresstunnel.egressgateway.spidernet.io \"worker-node-2\" deleted");
    client
        .resources(EgressTunnel.class)
        .withName("worker-node-2")
        .waitUntilCondition(now -> now == null, 10, TimeUnit.SECONDS);
  }
}
