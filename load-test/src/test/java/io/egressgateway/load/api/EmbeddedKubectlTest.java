package io.egressgateway.load.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedKubectlTest {
  private final Path folder;
  private final EmbeddedKubeApi api;
  private final Kubectl kubectl;

  EmbeddedKubectlTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    api = EmbeddedKubeApi.start(folder, line -> {});
    kubectl = Kubectl.of(api, folder);
  }

  @BeforeEach
  void createDefinitions() {
    kubectl.run("apply", "-f", Fixture.file(folder, "crds.yaml"));
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void theGuideWorks() {
    GuideCommands.check(kubectl, folder);
  }

  @Test
  void unknownFieldsAreRefused() {
    kubectl.run("apply", "-f", Fixture.file(folder, "guide.yaml"));
    Kubectl.Result edited = kubectl.tryRun("apply", "-f", Fixture.file(folder, "misspelt.yaml"));
    assertThat(edited.exitCode()).isEqualTo(1);
    assertThat(edited.out()).contains("unknown field \"spec.egresGatewayName\"");
  }

  @Test
  void namespacesGoWithTheirContents() {
    kubectl.run("create", "namespace", "tenant");
    kubectl.run("-n", "tenant", "create", "configmap", "settings", "--from-literal=a=b");
    assertThat(kubectl.tryRun("get", "cm", "-A").words())
        .anySatisfy(words -> assertThat(words).startsWith("tenant", "settings", "1"));
    kubectl.run("delete", "namespace", "tenant");
    assertThat(kubectl.run("get", "cm", "-A")).contains("No resources found");
    assertThat(kubectl.tryRun("-n", "tenant", "create", "configmap", "late").out())
        .contains("namespaces \"tenant\" not found");
  }

  @Test
  void deletingADefinitionDeletesItsObjects() {
    kubectl.run("apply", "-f", Fixture.file(folder, "guide.yaml"));
    kubectl.run("delete", "crd", "egresspolicies.test.egressgateway.io");
    assertThat(kubectl.tryRun("get", "egp").out())
        .contains("could not find the requested resource");
    kubectl.run("apply", "-f", Fixture.file(folder, "crds.yaml"));
    assertThat(kubectl.run("get", "egp")).contains("No resources found");
  }

  @Test
  void serverSideApplyForgetsWhatIsNoLongerApplied() {
    String guide = Fixture.file(folder, "guide.yaml");
    kubectl.run("apply", "--server-side", "-f", guide);
    kubectl.run("apply", "--server-side", "-f", Fixture.file(folder, "guide-default.yaml"));
    assertThat(kubectl.run("get", "egw", "default", "-o", "jsonpath={.spec}"))
        .isEqualTo("{\"clusterDefault\":true}");
  }

  @Test
  void deploymentsScale() {
    kubectl.run("create", "-f", Fixture.file(folder, "deployment.yaml"));
    kubectl.run("scale", "deployment", "test-app", "--replicas=3");
    assertThat(kubectl.tryRun("get", "deployment", "test-app").words())
        .contains(List.of("NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE"))
        .anySatisfy(words -> assertThat(words).startsWith("test-app", "0/3"));
  }

  @Test
  void podsShowAddressAndNode() {
    kubectl.run("create", "-f", Fixture.file(folder, "pod.yaml"));
    kubectl.run(
        "patch",
        "pod",
        "test-app-1",
        "--subresource=status",
        "-p",
        "{\"status\":{\"phase\":\"Running\",\"podIP\":\"10.6.168.208\","
            + "\"containerStatuses\":[{\"name\":\"test-app\",\"ready\":true,\"restartCount\":0}]}}");
    assertThat(kubectl.tryRun("get", "pod", "-owide").words())
        .anySatisfy(
            words ->
                assertThat(words)
                    .startsWith("test-app-1", "1/1", "Running", "0")
                    .endsWith("10.6.168.208", "worker-node-1", "<none>", "<none>"));
    kubectl.run("wait", "--for=jsonpath={.status.phase}=Running", "pod/test-app-1");
    kubectl.run("delete", "pod", "test-app-1");
  }

  @Test
  void execRunsProgramsInPods() {
    kubectl.run("create", "-f", Fixture.file(folder, "pod.yaml"));
    Kubectl.Result nowhere = kubectl.tryRun("exec", "test-app-1", "--", "true");
    assertThat(nowhere.exitCode()).isEqualTo(1);
    assertThat(nowhere.out()).contains("it does not run here");

    api.serveExec(
        (namespace, pod, command) ->
            pod.equals("test-app-1") && namespace.equals("default")
                ? Optional.of(command)
                : Optional.empty());
    assertThat(kubectl.run("exec", "test-app-1", "--", "sh", "-c", "echo out; echo err >&2"))
        .contains("out\n", "err\n");
    Kubectl.Result failed = kubectl.tryRun("exec", "-i", "test-app-1", "--", "sh", "-c", "exit 7");
    assertThat(failed.exitCode()).isEqualTo(7);
  }
}
