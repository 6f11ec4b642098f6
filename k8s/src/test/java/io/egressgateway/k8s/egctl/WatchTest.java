package io.egressgateway.k8s.egctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.k8s.TestKubeconfig;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.StatusCondition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --watch}, whose time passes as the test wants. */
@EnableKubernetesMockClient(crud = true, https = false)
class WatchTest {
  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient api;

  @SuppressWarnings("NullAway.Init") // set by the extension
  @TempDir
  Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** What happens before each further look. */
  private final Deque<Runnable> happenings = new ArrayDeque<>();

  @BeforeEach
  void provide() throws IOException {
    TestKubeconfig.write(folder, server);
    put("web", "10.6.1.21", "True");
  }

  private void put(String name, String address, String ready) {
    EgressPolicy policy = new EgressPolicy();
    policy.setMetadata(new ObjectMetaBuilder().withNamespace("shop").withName(name).build());
    policy.setStatus(
        new EgressPolicy.Status(
            List.of(
                new StatusCondition(
                    "2026-01-01T00:00:00Z", "no address is free", 1L, "Exhausted", ready, "Ready")),
            new EgressPolicy.Eip(address, null),
            "worker-1",
            1L));
    api.resource(policy).createOr(existing -> existing.update());
  }

  private void delete(String name) {
    api.resources(EgressPolicy.class).inNamespace("shop").withName(name).delete();
  }

  private int run(String... arguments) {
    List<String> line = new ArrayList<>(Arrays.asList(arguments));
    line.addAll(List.of("--kubeconfig", folder.resolve("kubeconfig").toString()));
    return EgctlMain.commandLine(
            new EgctlMain(() -> "order-1", Duration.ZERO, Duration.ZERO, this::next))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(line.toArray(String[]::new));
  }

  private boolean next() {
    if (happenings.isEmpty()) {
      return false;
    }
    happenings.pop().run();
    return true;
  }

  @Test
  void rowsComeWithWhatBefellThem() {
    happenings.add(() -> put("mail", "10.6.1.22", "True"));
    happenings.add(() -> {});
    happenings.add(() -> put("web", "10.6.1.21", "False"));
    happenings.add(() -> delete("web"));
    assertThat(run("get", "policies", "--watch")).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            EVENT      NAMESPACE   NAME   GATEWAY   IPV4        IPV6   NODE       STATE
            ADDED      shop        web    -         10.6.1.21   -      worker-1   Ready
            ADDED      shop        mail   -         10.6.1.22   -      worker-1   Ready
            MODIFIED   shop        web    -         10.6.1.21   -      worker-1   Exhausted
            DELETED    shop        web    -         10.6.1.21   -      worker-1   Exhausted
            """);
  }

  @Test
  void aColumnThatIsNotShownDoesNotChangeARow() {
    happenings.add(() -> put("web", "10.6.1.21", "True"));
    run("get", "policies", "-w");
    assertThat(out.toString().lines()).hasSize(2);
  }

  @Test
  void programsGetEachStateAsADocument() {
    happenings.add(() -> {});
    happenings.add(() -> delete("web"));
    run("get", "policies", "-w", "-o", "yaml");
    assertThat(out.toString().lines().filter("---"::equals)).hasSize(2);
  }

  @Test
  void doctorSaysWhenNothingIsWrongAnyMore() {
    happenings.add(() -> put("web", "10.6.1.21", "False"));
    happenings.add(() -> put("web", "10.6.1.21", "True"));
    assertThat(run("doctor", "-w")).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            nothing is wrong, as far as statuses say
            EVENT      OBJECT                  REASON      MESSAGE
            ADDED      EgressPolicy/shop/web   Exhausted   no address is free
            DELETED    EgressPolicy/shop/web   Exhausted   no address is free
            nothing is wrong, as far as statuses say
            """);
  }

  @Test
  void anApiThatIsAwayCostsALineNotTheWatch() {
    happenings.add(this::refuseOnce);
    happenings.add(() -> put("mail", "10.6.1.22", "True"));
    assertThat(run("get", "policies", "-w")).isZero();
    assertThat(err.toString().lines()).hasSize(1).first().asString().endsWith("; asking on");
    assertThat(out.toString()).contains("ADDED      shop        mail");
  }

  private void refuseOnce() {
    server
        .expect()
        .get()
        .withPath("/apis/egressgateway.spidernet.io/v1beta1/egresspolicies")
        .andReturn(403, "")
        .once();
  }

  @Test
  void whoStopsReadingEndsTheWatch() {
    PrintWriter closed =
        new PrintWriter(
            new StringWriter() {
              @Override
              public void write(String text, int from, int length) {}
            }) {
          @Override
          public boolean checkError() {
            return true;
          }
        };
    happenings.add(() -> {});
    EgctlMain.commandLine(new EgctlMain(() -> "order-1", Duration.ZERO, Duration.ZERO, this::next))
        .setOut(closed)
        .execute("get", "policies", "-w", "--kubeconfig", folder.resolve("kubeconfig").toString());
    assertThat(happenings).hasSize(1);
  }
}
