package io.egressgateway.k8s.egctl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.egressgateway.k8s.TestKubeconfig;
import io.egressgateway.k8s.crd.EgressClusterInfo;
import io.egressgateway.k8s.crd.EgressClusterPolicy;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.SelectorTerms;
import io.egressgateway.k8s.crd.StatusCondition;
import io.egressgateway.k8s.inspect.HistoryDocument;
import io.egressgateway.k8s.inspect.PlacementDocument;
import io.egressgateway.k8s.inspect.TraceDocument;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * {@code egctl history} and {@code egctl explain} against a controller that says always the same.
 */
@EnableKubernetesMockClient(crud = true, https = false)
class ExplainTest {
  private static final HistoryDocument HISTORY =
      new HistoryDocument(
          "10.6.1.21",
          false,
          List.of(
              new HistoryDocument.Entry(
                  "2026-01-02T03:04:05Z",
                  "10.6.1.21",
                  "Assigned",
                  2L,
                  "node1",
                  "node2",
                  new HistoryDocument.Proof(
                      "ReleaseAcknowledged",
                      "node1/boot/1",
                      "node1 has closed its gate and said so"),
                  "an operator ordered it (order 4711)")));

  private static final PlacementDocument PLACEMENT =
      new PlacementDocument(
          "egw1",
          "10.6.1.21",
          List.of("EgressPolicy/shop/web"),
          "node2",
          "Programmed",
          "node2",
          "node1",
          List.of(
              new PlacementDocument.Node("node1", "ELIGIBLE", "LEASED", "GOOD", 0),
              new PlacementDocument.Node("node2", "ELIGIBLE", null, "GOOD", 1)));

  private static final TraceDocument TAKEN =
      new TraceDocument(
          "node7",
          "10.244.0.9",
          "192.0.2.1",
          new TraceDocument.Decision(
              "EgressIp",
              null,
              "EgressPolicy/shop/web",
              1000,
              new TraceDocument.Source("10.6.1.21", 3, "node2", 2)),
          new TraceDocument.Plan(12, 12L),
          List.of(
              new TraceDocument.Kernel(
                  "node7",
                  "pod's node",
                  null,
                  List.of(new TraceDocument.Fact("class of the pod", "1", "1", false))),
              new TraceDocument.Kernel(
                  "node2",
                  "gateway node",
                  null,
                  List.of(new TraceDocument.Fact("gate", "open", "open", false)))));

  private static final TraceDocument BROKEN =
      new TraceDocument(
          "node7",
          "10.244.0.9",
          "192.0.2.2",
          TAKEN.decision(),
          TAKEN.plan(),
          List.of(
              new TraceDocument.Kernel(
                  "node7",
                  "pod's node",
                  null,
                  List.of(new TraceDocument.Fact("class of the pod", "1", "nothing", true))),
              new TraceDocument.Kernel("node2", "gateway node", "it is stopped", List.of())));

  private static final TraceDocument INSIDE =
      new TraceDocument(
          "node7",
          "10.244.0.9",
          "10.96.0.1",
          new TraceDocument.Decision("LeftAlone", "INSIDE_THE_CLUSTER", null, null, null),
          new TraceDocument.Plan(12, null),
          List.of(new TraceDocument.Kernel("node7", "pod's node", "gone", List.of())));

  private static final EgressPolicy.AppliedTo WEB =
      new EgressPolicy.AppliedTo(new SelectorTerms(null, Map.of("app", "web")), null);
  private static final EgressPolicy.EgressIp NODES_OWN =
      new EgressPolicy.EgressIp(null, null, null, true);
  private static final long STRONGEST = 1;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient api;

  @SuppressWarnings("NullAway.Init") // set by the extension
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private HttpServer controller;

  /** What a run of egctl left behind. */
  private record Run(int exitCode, String out, String err) {}

  /** What happens before each further look of a watch. */
  private final Deque<Runnable> happenings = new ArrayDeque<>();

  @BeforeEach
  void provide() throws IOException {
    TestKubeconfig.write(folder, server);
    controller = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    answer("/history/eip/10.6.1.21", 200, Serialization.asJson(HISTORY));
    answer("/history/policy/EgressPolicy/shop/web", 200, Serialization.asJson(HISTORY));
    answer("/history/policy/EgressClusterPolicy/all", 404, "was never accepted\n");
    answer("/placement/egw1/10.6.1.21", 200, Serialization.asJson(PLACEMENT));
    answer(
        "/history/eip/10.6.1.22",
        200,
        Serialization.asJson(HISTORY).replaceFirst("\\{", "{\"fromTheFuture\":{\"a\":1},"));
    answer("/trace/node7/10.244.0.9/192.0.2.1", 200, Serialization.asJson(TAKEN));
    answer("/trace/node7/10.244.0.9/192.0.2.2", 200, Serialization.asJson(BROKEN));
    answer("/trace/node7/10.244.0.9/10.96.0.1", 200, Serialization.asJson(INSIDE));
    controller.start();
    createObjects();
  }

  @AfterEach
  void end() {
    controller.stop(0);
  }

  private void answer(String path, int status, String body) {
    controller.createContext(
        path,
        exchange -> {
          byte[] bytes = body.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  private void createObjects() {
    EgressGateway gateway = new EgressGateway();
    gateway.setMetadata(new ObjectMetaBuilder().withName("egw1").build());
    gateway.setSpec(new EgressGateway.Spec(null, true, null, null, null, null, null));
    api.resource(gateway).create();
    api.resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName("shop")
                .addToLabels("team", "a")
                .endMetadata()
                .build())
        .create();
    policy("web", "egw1", List.of());
    policy("db", "egw1", List.of("10.1.0.0/16"));
    EgressClusterPolicy all = new EgressClusterPolicy();
    all.setMetadata(new ObjectMetaBuilder().withName("all").build());
    all.setSpec(
        new EgressClusterPolicy.Spec(
            new EgressClusterPolicy.AppliedTo(
                new SelectorTerms(null, Map.of("team", "b")),
                new SelectorTerms(null, Map.of("app", "web")),
                null),
            null,
            null,
            null,
            null,
            null));
    api.resource(all).create();
    pod("web-1", "10.244.0.9");
    pod("web-2", "10.244.0.10", "fd00::10");
  }

  private void pod(String name, String... addresses) {
    api.resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName(name)
                .addToLabels("app", "web")
                .endMetadata()
                .withNewSpec()
                .withNodeName("node7")
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .withPodIP(addresses[0])
                .withPodIPs(Stream.of(addresses).map(PodIP::new).toList())
                .endStatus()
                .build())
        .create();
  }

  private void policy(String name, String gateway, List<String> destinations) {
    policy(
        name,
        new EgressPolicy.Spec(WEB, destinations, gateway, null, null, null),
        new EgressPolicy.Status(null, new EgressPolicy.Eip("10.6.1.21", null), "node2", 1L));
  }

  private void policy(String name, EgressPolicy.Spec spec, EgressPolicy.Status status) {
    EgressPolicy policy = new EgressPolicy();
    policy.setMetadata(new ObjectMetaBuilder().withNamespace("shop").withName(name).build());
    policy.setSpec(spec);
    policy.setStatus(status);
    api.resource(policy).create();
  }

  private static EgressPolicy.Status status(EgressPolicy.Eip eip, String reason, String message) {
    return new EgressPolicy.Status(
        List.of(new StatusCondition("2026-01-01T00:00:00Z", message, 1L, reason, "False", "Ready")),
        eip,
        null,
        1L);
  }

  private boolean next() {
    if (happenings.isEmpty()) {
      return false;
    }
    happenings.pop().run();
    return true;
  }

  private Run egctl(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> line = new ArrayList<>(Arrays.asList(arguments));
    line.addAll(
        List.of(
            "--controller",
            "http://127.0.0.1:" + controller.getAddress().getPort(),
            "--kubeconfig",
            folder.resolve("kubeconfig").toString()));
    CommandLine command =
        EgctlMain.commandLine(
                new EgctlMain(() -> "order-1", Duration.ZERO, Duration.ZERO, this::next))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return new Run(command.execute(line.toArray(String[]::new)), out.toString(), err.toString());
  }

  @Test
  void theHistoryOfAnEgressIp() {
    Run run = egctl("history", "eip", "10.6.1.21");

    assertThat(run.out())
        .isEqualTo(
            """
            WHEN                   ABOUT       EVENT      EPOCH   FROM    TO      PROOF                                   WHY
            2026-01-02T03:04:05Z   10.6.1.21   Assigned   2       node1   node2   node1 has closed its gate and said so   an operator ordered it (order 4711)
            """);
    assertThat(run.err()).contains("older facts");
    assertThat(run.exitCode()).isZero();
    assertThat(egctl("history", "eip", "10.6.1.21", "-o", "wide").out()).contains("node1/boot/1");
  }

  @Test
  void programsReadTheHistory() {
    assertThat(
            Serialization.unmarshal(
                egctl("history", "policy", "shop/web", "-o", "json").out(), HistoryDocument.class))
        .isEqualTo(HISTORY);
    assertThat(
            Serialization.unmarshal(
                egctl("history", "policy", "shop/web", "-o", "yaml").out(), HistoryDocument.class))
        .isEqualTo(HISTORY);
  }

  @Test
  void whatANewerControllerSaysBesidesIsPassedOver() {
    assertThat(egctl("history", "eip", "10.6.1.22").out())
        .isEqualTo(egctl("history", "eip", "10.6.1.21").out());
  }

  @Test
  void aWatchedHistoryGoesOnWithNewFacts() {
    HistoryDocument.Entry released =
        new HistoryDocument.Entry(
            "2026-01-03T03:04:05Z", "10.6.1.21", "Released", 2L, "node2", null, null, null);
    happenings.add(() -> {});
    happenings.add(
        () -> {
          controller.removeContext("/history/eip/10.6.1.21");
          answer(
              "/history/eip/10.6.1.21",
              200,
              Serialization.asJson(
                  new HistoryDocument(
                      "10.6.1.21", true, List.of(HISTORY.entries().getFirst(), released))));
        });

    List<String> lines = egctl("history", "eip", "10.6.1.21", "--watch").out().lines().toList();

    assertThat(lines).hasSize(3);
    assertThat(lines.getLast()).startsWith("2026-01-03T03:04:05Z   10.6.1.21   Released   2");
  }

  @Test
  void aWatchedExplanationIsGivenAnewWhenItChanges() {
    happenings.add(() -> {});
    happenings.add(() -> api.resources(EgressPolicy.class).inAnyNamespace().delete());

    String text = egctl("explain", "pod", "shop/web-1", "-w").out();

    assertThat(text.split("\npod shop/web-1", -1)).hasSize(2);
    assertThat(text)
        .contains("EgressPolicy/shop/web")
        .endsWith("as if there were no egress gateway\n");
  }

  @Test
  void whatTheControllerSaysIsPassedOn() {
    Run run = egctl("history", "policy", "all");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("egctl: was never accepted\n");
  }

  @Test
  void aControllerThatIsAwayIsNamed() {
    controller.stop(0);

    Run run = egctl("history", "eip", "10.6.1.21");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("no controller answers at http://127.0.0.1:");
  }

  private Run historyWithoutUrl() {
    StringWriter err = new StringWriter();
    int exitCode =
        EgctlMain.commandLine(
                new EgctlMain(() -> "order-1", Duration.ZERO, Duration.ZERO, () -> false))
            .setErr(new PrintWriter(err, true))
            .execute(
                "history",
                "eip",
                "10.6.1.21",
                "--kubeconfig",
                folder.resolve("kubeconfig").toString());
    return new Run(exitCode, "", err.toString());
  }

  @Test
  void withoutUrlAControllersPodIsLookedFor() {
    Run run = historyWithoutUrl();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("none of the 0 controllers in namespace kube-system is ready")
        .contains("--controller-namespace");
  }

  @Test
  void anApiThatForwardsNoPortIsNotTakenForAControllerThatIsAway() {
    api.resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace("kube-system")
                .withName("controller-0")
                .addToLabels("app.kubernetes.io/component", "controller")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .addNewPort()
                .withName("health")
                .withContainerPort(5820)
                .endPort()
                .endContainer()
                .endSpec()
                .withNewStatus()
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build())
        .create();
    server
        .expect()
        .get()
        .withPath("/api/v1/namespaces/kube-system/pods/controller-0/portforward?ports=5820")
        .andReturn(403, "forbidden")
        .always();

    Run run = historyWithoutUrl();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("does not forward the controller's port: it answers 403")
        .contains("get and create pods/portforward");
  }

  @Test
  void whyAnEgressIpIsThereAndWhatWouldBecomeOfIt() {
    assertThat(egctl("explain", "eip", "10.6.1.21").out())
        .contains("10.6.1.21 of EgressGateway egw1\n")
        .contains("who uses it           EgressPolicy/shop/web\n")
        .contains("node2, and its kernel answers for it\n")
        .contains("an operator ordered it (order 4711); since 2026-01-02T03:04:05Z, epoch 2")
        .contains("if node2 died         it would go to node1,")
        .contains("node2          ELIGIBLE          -        GOOD       1\n");
  }

  @Test
  void whyAPolicyHasItsEgressIp() {
    Run run = egctl("explain", "policy", "shop/web");

    assertThat(run.out())
        .startsWith("EgressPolicy/shop/web\n")
        .contains("why 10.6.1.21", "it is the default of EgressGateway egw1, and is kept")
        .contains("if node2 died");
    assertThat(egctl("explain", "policy", "shop/web", "-o", "json").out())
        .contains("\"refuge\"", "\"question\"");
    assertThat(egctl("explain", "policy", "shop/gone").err()).contains("does not exist");
  }

  @Test
  void whichPolicyTakesAPodsPackets() {
    assertThat(egctl("explain", "pod", "shop/web-1", "--to", "10.1.2.3").out())
        .contains("pod shop/web-1 ([10.244.0.9] on node7)\n")
        .contains("EgressPolicy/shop/db, priority 1000, to ")
        .contains("EgressPolicy/shop/web, priority 1000, to everything outside the cluster: ")
        .contains("to 10.1.2.3   EgressPolicy/shop/db: 10.6.1.21 on node2\n")
        .doesNotContain("EgressClusterPolicy");
    assertThat(egctl("explain", "pod", "shop/web-1", "--to", "192.0.2.1").out())
        .contains("to 192.0.2.1   EgressPolicy/shop/web: 10.6.1.21 on node2\n");
    assertThat(egctl("explain", "pod", "shop/gone").exitCode()).isEqualTo(1);
  }

  private String to(String destination) {
    return egctl("explain", "pod", "shop/web-2", "--to", destination).out();
  }

  @Test
  void aPolicyThatIsRefusedTakesNothing() {
    policy(
        "refused",
        new EgressPolicy.Spec(WEB, null, "egw1", null, null, STRONGEST),
        status(new EgressPolicy.Eip(null, null), "PoolExhausted", "no address is free"));
    policy(
        "forbidden",
        new EgressPolicy.Spec(WEB, null, "egw1", NODES_OWN, null, STRONGEST),
        status(new EgressPolicy.Eip(null, null), "NamespaceNotAllowed", "not yours"));

    assertThat(to("192.0.2.1"))
        .contains("1.             EgressPolicy/shop/forbidden, priority 1, to everything")
        .contains("to 192.0.2.1   EgressPolicy/shop/web: 10.6.1.21 on node2\n");
  }

  @Test
  void aPolicyWithoutAnEgressIpOfTheFamilyTakesNothingOfIt() {
    assertThat(to("2001:db8::1")).contains("to 2001:db8::1   no policy takes it");
    assertThat(egctl("explain", "pod", "shop/web-1", "--to", "2001:db8::1").out())
        .contains("to 2001:db8::1   the pod has no IPv6 address");

    policy(
        "six",
        new EgressPolicy.Spec(WEB, null, "egw1", null, null, null),
        new EgressPolicy.Status(null, new EgressPolicy.Eip(null, "fd01::21"), "node1", 1L));

    assertThat(to("2001:db8::1")).contains("EgressPolicy/shop/six: fd01::21 on node1\n");
    assertThat(to("192.0.2.1")).contains("EgressPolicy/shop/web: 10.6.1.21 on node2\n");
  }

  @Test
  void theNodesOwnAddressIsOfBothFamilies() {
    policy(
        "own",
        new EgressPolicy.Spec(WEB, null, "egw1", NODES_OWN, null, STRONGEST),
        status(new EgressPolicy.Eip(null, null), "NoEligibleNode", "no node can hold it"));
    String expected =
        "EgressPolicy/shop/own: the gateway node's own address (NoEligibleNode: no node can hold"
            + " it)\n";

    assertThat(to("192.0.2.1")).contains("to 192.0.2.1   " + expected);
    assertThat(to("2001:db8::1")).contains("to 2001:db8::1   " + expected);
  }

  @Test
  void aPolicyOfSubnetsTakesTheAddressesThatAreInThem() {
    policy(
        "six",
        new EgressPolicy.Spec(
            new EgressPolicy.AppliedTo(null, List.of("fd00::/64")),
            null,
            "egw1",
            null,
            null,
            STRONGEST),
        new EgressPolicy.Status(null, new EgressPolicy.Eip("10.6.1.9", "fd01::9"), "node1", 1L));

    assertThat(to("192.0.2.1")).contains("to 192.0.2.1   EgressPolicy/shop/web: ");
    assertThat(to("2001:db8::1")).contains("to 2001:db8::1   EgressPolicy/shop/six: ");
  }

  @Test
  void whatIsNeverOutsideIsTakenByNoPolicy() {
    for (String never : List.of("127.0.0.1", "224.0.0.251", "::1", "fe80::1", "ff02::1")) {
      assertThat(to(never)).contains("this host, this link or a group of receivers: no policy");
    }
    assertThat(to("169.254.169.254")).contains("link-local, and EgressClusterInfo default");

    EgressClusterInfo info = new EgressClusterInfo();
    info.setMetadata(new ObjectMetaBuilder().withName(EgressClusterInfo.SINGLETON).build());
    info.setSpec(new EgressClusterInfo.Spec(null, null, false));
    api.resource(info).create();

    assertThat(to("169.254.169.254")).contains("EgressPolicy/shop/web: 10.6.1.21 on node2\n");
  }

  @Test
  void thePathOfAPodsPackets() {
    Run run = egctl("trace", "shop/web-1", "192.0.2.1");

    assertThat(run.out())
        .startsWith("pod shop/web-1 to 192.0.2.1\n")
        .contains("EgressPolicy/shop/db, priority 1000, to ")
        .contains("so it is     EgressPolicy/shop/web, priority 1000, takes it\n")
        .contains("source       10.6.1.21, number 3 in the tunnel\n")
        .contains("gateway      EgressGateway egw1\n")
        .contains("held by      node2, epoch 2, since 2026-01-02T03:04:05Z\n")
        .contains(
            "node7, where the pod has 10.244.0.9; its agent says that the kernel has plan 12");
    assertThat(run.exitCode()).isZero();
    assertThat(egctl("trace", "shop/web-1", "192.0.2.1", "--json").out())
        .contains("\"policy\":\"EgressPolicy/shop/web\"", "\"epoch\":2");
  }

  @Test
  void whatTheKernelsHaveDecidesTheExitCode() {
    assertThat(egctl("trace", "shop/web-1", "192.0.2.1").out())
        .contains(
            """
            NODE                  WHAT               SO IT IS     IN ITS KERNEL
            node7, pod's node     class of the pod   as planned   1
            node2, gateway node   gate               as planned   open
            """);

    Run run = egctl("trace", "shop/web-1", "192.0.2.2");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("class of the pod   DIFFERS    nothing; planned is: 1\n");
    assertThat(run.err())
        .contains("egctl: 1 of the above are not as planned on node7. ")
        .contains("egctl: node2 was not asked: it is stopped\n");
  }

  @Test
  void aDestinationInsideTheClusterIsLeftAlone() {
    assertThat(egctl("trace", "shop/web-1", "10.96.0.1").out())
        .contains("left alone, as if there were no egress gateway: the destination is inside")
        .contains("its agent is not connected to the controllers");
    assertThat(egctl("trace", "shop/web-1", "2001:db8::1").err())
        .contains("pod shop/web-1 has no IPv6 address");
    assertThat(egctl("trace", "gone", "192.0.2.1").err()).contains("pod default/gone does not");
  }

  @Test
  void theDoctorSaysWhatIsWrongAndByItsExitCode() {
    StringWriter out = new StringWriter();
    CommandLine command =
        EgctlMain.commandLine(
                new EgctlMain(() -> "order-1", Duration.ZERO, Duration.ZERO, this::next))
            .setOut(new PrintWriter(out, true));
    String[] line = {"doctor", "--kubeconfig", folder.resolve("kubeconfig").toString()};

    assertThat(command.execute(line)).isEqualTo(1);
    assertThat(out.toString())
        .startsWith("OBJECT")
        .contains("EgressGateway/egw1", "EgressPolicy/shop/web", "NotReported");

    api.resources(EgressGateway.class).delete();
    api.resources(EgressPolicy.class).inNamespace("shop").delete();
    api.resources(EgressClusterPolicy.class).delete();
    assertThat(command.execute(line)).isZero();
    assertThat(out.toString()).endsWith("nothing is wrong, as far as statuses say\n");
  }

  @Test
  void wrongUsageIsTwo() {
    assertThat(egctl("history", "eip", "nonsense").exitCode()).isEqualTo(2);
    assertThat(egctl("history", "node", "node1").exitCode()).isEqualTo(2);
    assertThat(egctl("explain", "pod", "web-1").exitCode()).isEqualTo(2);
    assertThat(egctl("explain", "eip", "10.6.1.21", "--to", "10.0.0.1").exitCode()).isEqualTo(2);
    assertThat(egctl("explain", "policy", "a/b/c").exitCode()).isEqualTo(2);
    assertThat(egctl("trace", "shop/web-1", "nonsense").exitCode()).isEqualTo(2);
    assertThat(egctl("trace", "a/b/c", "192.0.2.1").exitCode()).isEqualTo(2);
  }
}
