package io.egressgateway.load.lab.container;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.load.lab.ClusterLab;
import io.egressgateway.load.lab.LabSettings;
import io.egressgateway.load.lab.Patience;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The lab's kubelet runs what pod specs say, no more and no less. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ContainerIT {
  private static final String OBJECTS =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: greeting, namespace: default}
      data: {word: hello}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: default}
      spec:
        selector: {app: web}
        ports: [{name: http, port: 80, targetPort: http}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: default}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            initContainers:
            - name: init
              image: example.org/egressgateway:1
              command: [sh, -c, 'cat /config/word > /scratch/word; id -u >> /scratch/word']
              securityContext: {runAsUser: 1234}
              volumeMounts:
              - {name: config, mountPath: /config, readOnly: true}
              - {name: scratch, mountPath: /scratch}
            containers:
            - name: web
              image: example.org/egressgateway:1
              args: [nettools, server, -protocol, web, -webPort, $(PORT)]
              env:
              - {name: PORT, value: "8082"}
              - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
              ports: [{name: http, containerPort: 8082}]
              readinessProbe: {httpGet: {path: /, port: http}, periodSeconds: 1}
              securityContext:
                readOnlyRootFilesystem: true
                capabilities: {drop: [ALL], add: [NET_ADMIN]}
              volumeMounts: [{name: scratch, mountPath: /scratch}]
            volumes:
            - {name: config, configMap: {name: greeting}}
            - {name: scratch, emptyDir: {}}
      ---
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: probe, namespace: default}
      spec:
        selector: {matchLabels: {app: probe}}
        template:
          metadata: {labels: {app: probe}}
          spec:
            hostNetwork: true
            containers:
            - name: probe
              image: example.org/egressgateway:1
              command:
              - sh
              - -c
              - |
                grep CapBnd /proc/self/status
                echo root $(touch /new 2>/dev/null && echo writable || echo read-only)
                echo sysctl $(echo 1 2>/dev/null >/proc/sys/net/ipv4/ip_forward && echo writable || echo read-only)
                echo namespace $(cat /var/run/secrets/kubernetes.io/serviceaccount/namespace)
                echo end of words
                exec sleep 600
              securityContext:
                readOnlyRootFilesystem: true
                capabilities: {drop: [ALL], add: [NET_ADMIN]}
      """;

  private ClusterLab lab;
  private KubernetesClient client;

  @BeforeAll
  void start() throws Exception {
    lab = ClusterLab.start(LabSettings.usual(), Optional.empty(), System.out::println);
    client = lab.client();
    client
        .serviceAccounts()
        .inNamespace("default")
        .resource(
            new ServiceAccountBuilder().withNewMetadata().withName("default").endMetadata().build())
        .serverSideApply();
    client.load(new ByteArrayInputStream(OBJECTS.getBytes(UTF_8))).create();
  }

  @AfterAll
  void stop() {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void deploymentBecomesReady() throws Exception {
    Patience.USUAL.await(
        "two ready pods of Deployment web",
        () ->
            Optional.of(client.apps().deployments().inNamespace("default").withName("web").get())
                .map(found -> found.getStatus().getReadyReplicas())
                .filter(ready -> ready == 2));
    List<Pod> pods = client.pods().inNamespace("default").withLabel("app", "web").list().getItems();
    assertThat(pods).allSatisfy(pod -> assertThat(pod.getStatus().getPhase()).isEqualTo("Running"));
    Pod one = pods.getFirst();
    String answer =
        client.raw(
            "/api/v1/namespaces/default/pods/%s:8082/proxy/"
                .formatted(one.getMetadata().getName()));
    assertThat(answer).as("asked through the API server").startsWith("Remote IP: ");
  }

  @Test
  void containersHaveWhatTheSpecSaysAndNoMore() throws Exception {
    String log =
        Patience.USUAL.await(
            "the daemon's words on a worker",
            () -> word().filter(text -> text.contains("end of words")));
    assertThat(log)
        .contains("CapBnd:\t0000000000001000")
        .contains("root read-only")
        .contains("sysctl read-only")
        .contains("namespace default");
  }

  private Optional<String> word() {
    return client.pods().inNamespace("default").withLabel("app", "probe").list().getItems().stream()
        .map(pod -> lab.logs().resolve(pod.getMetadata().getName() + ".probe.log"))
        .filter(Files::exists)
        .map(ContainerIT::read)
        .findFirst();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
