package io.egressgateway.k8s.egctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.k8s.TestKubeconfig;
import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.FenceOrder;
import io.egressgateway.k8s.crd.MoveOrder;
import io.egressgateway.k8s.status.EventRecorder;
import io.egressgateway.k8s.translate.NodeTranslator;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnableKubernetesMockClient(crud = true, https = false)
class EgctlTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration NO_PATIENCE = Duration.ofMillis(300);
  private static final String NODES_OWN = "node's own";

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient api;

  @SuppressWarnings("NullAway.Init") // set by the extension
  @TempDir
  Path folder;

  private final ExecutorService controller = Executors.newSingleThreadExecutor();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private Duration limit = PATIENCE;

  /** What a run of egctl left behind. */
  private record Run(int exitCode, String out, String err) {}

  @BeforeEach
  void provide() throws IOException {
    TestKubeconfig.write(folder, server);
    createNode("worker-1");
    createNode("worker-2");
    EgressGateway gateway = new EgressGateway();
    gateway.setMetadata(new ObjectMetaBuilder().withName("default").build());
    gateway.setStatus(status(Map.of("worker-1", List.of("10.6.1.21", "10.6.1.22"))));
    api.resource(gateway).create();
  }

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable closeable : opened) {
      closeable.close();
    }
    controller.shutdownNow();
  }

  private void createNode(String name) {
    api.resource(new NodeBuilder().withNewMetadata().withName(name).endMetadata().build()).create();
  }

  private static EgressGateway.Status status(Map<String, List<String>> held) {
    List<EgressGateway.NodeStatus> nodes = new ArrayList<>();
    for (String node : List.of("worker-1", "worker-2")) {
      nodes.add(
          new EgressGateway.NodeStatus(
              held.getOrDefault(node, List.of()).stream().map(EgctlTest::eip).toList(),
              node,
              "Ready"));
    }
    return new EgressGateway.Status(null, null, nodes, null);
  }

  private static EgressGateway.Eip eip(String address) {
    return address.equals(NODES_OWN)
        ? new EgressGateway.Eip(
            "", "", List.of(new EgressGateway.PolicyReference("web", "default")))
        : new EgressGateway.Eip(address, null, null);
  }

  private Run egctl(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> line = new ArrayList<>(Arrays.asList(arguments));
    line.addAll(List.of("--kubeconfig", folder.resolve("kubeconfig").toString()));
    int exitCode =
        EgctlMain.commandLine(new EgctlMain(() -> "order-1", limit, limit, () -> false))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(line.toArray(String[]::new));
    return new Run(exitCode, out.toString(), err.toString());
  }

  private Run move(String address, String target) {
    return egctl(
        "vip", "move", "--egressGatewayName", "default", "--vip", address, "--targetNode", target);
  }

  /** Has every gateway that has this annotation answered by this. */
  private void onOrder(String annotation, BiConsumer<EgressGateway, String> answer) {
    SharedIndexInformer<EgressGateway> informer =
        api.resources(EgressGateway.class)
            .inform(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(EgressGateway gateway) {
                    seen(gateway);
                  }

                  @Override
                  public void onUpdate(EgressGateway before, EgressGateway gateway) {
                    seen(gateway);
                  }

                  @Override
                  public void onDelete(EgressGateway gateway, boolean finalStateUnknown) {}

                  private void seen(EgressGateway gateway) {
                    Map<String, String> annotations = gateway.getMetadata().getAnnotations();
                    if (annotations != null && annotations.containsKey(annotation)) {
                      controller.execute(
                          () -> {
                            answer.accept(gateway, annotations.getOrDefault(annotation, ""));
                            forget(annotation);
                          });
                    }
                  }
                });
    opened.add(informer);
  }

  private void forget(String annotation) {
    api.resources(EgressGateway.class)
        .withName("default")
        .edit(
            gateway -> {
              gateway.getMetadata().getAnnotations().remove(annotation);
              return gateway;
            });
  }

  private void show(Map<String, List<String>> held) {
    api.resources(EgressGateway.class)
        .withName("default")
        .edit(
            gateway -> {
              gateway.setStatus(status(held));
              return gateway;
            });
  }

  @Test
  void anApiThatIsNotThereIsNamed() {
    String address = ":" + server.getPort();
    server.destroy();

    Run run = egctl("get", "policies");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("does not answer").contains(address).contains("KUBECONFIG");
  }

  @Test
  void whoMayNotIsToldWhatAndWhoMay() {
    String words =
        "nodes \"worker-1\" is forbidden: User"
            + " \"system:serviceaccount:kube-system:egressgateway-controller\" cannot patch resource"
            + " \"nodes\" in API group \"\" at the cluster scope";
    refuse(403, "Forbidden", words);

    Run run = egctl("drain", "worker-1");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("egctl: " + words)
        .contains("a kubeconfig of your own", "ClusterRole egressgateway-operator");
  }

  @Test
  void whoIsNotKnownIsToldToShowWhoHeIs() {
    refuse(401, "Unauthorized", "Unauthorized");

    Run run = egctl("drain", "worker-1");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("does not know who asks: Unauthorized. Let --kubeconfig");
  }

  private void refuse(int code, String reason, String message) {
    server
        .expect()
        .patch()
        .withPath("/api/v1/nodes/worker-1")
        .andReturn(
            code,
            new StatusBuilder()
                .withStatus("Failure")
                .withReason(reason)
                .withCode(code)
                .withMessage(message)
                .build())
        .once();
  }

  @Test
  void aFenceNeedsAConfirmation() {
    assertThat(egctl("fence", "worker-1", "--reason", "unplugged").exitCode()).isEqualTo(2);
    assertThat(egctl("fence", "worker-1", "--reason", "unplugged", "--machine-is-off=false").err())
        .contains("nothing was done");
    assertThat(egctl("fence", "worker-2", "--reason", "unplugged", "--machine-is-off").out())
        .contains("worker-2 holds no egress IP");
  }

  @Test
  void aFenceSaysWhyAndWhoInWordsThatCanBeKept() {
    for (String text : List.of("  ", "x".repeat(257))) {
      Run reason = egctl("fence", "worker-1", "--machine-is-off", "--reason", text);
      Run by =
          egctl("fence", "worker-1", "--machine-is-off", "--reason", "unplugged", "--by", text);

      assertThat(reason.exitCode()).isEqualTo(2);
      assertThat(reason.err()).contains("--reason is for the audit: write 1 to 256 characters");
      assertThat(by.exitCode()).isEqualTo(2);
      assertThat(by.err()).contains("--by is for the audit: write 1 to 256 characters");
    }
    assertThat(annotations()).isEmpty();
  }

  @Test
  void aFenceIsOrderedAndWaitedFor() {
    Set<FenceOrder> orders = new CopyOnWriteArraySet<>();
    onOrder(
        ApiGroup.FENCE_ANNOTATION,
        (gateway, value) -> {
          orders.add(Serialization.unmarshal(value, FenceOrder.class));
          show(Map.of("worker-2", List.of("10.6.1.21", "10.6.1.22")));
        });

    Run run =
        egctl(
            "fence", "worker-1", "--reason", "unplugged", "--by", "jane", "--machine-is-off=true");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(orders).containsExactly(new FenceOrder("worker-1", "jane", "unplugged", "order-1"));
  }

  @Test
  void aMoveIsOrderedAndWaitedFor() {
    Set<MoveOrder> orders = new CopyOnWriteArraySet<>();
    onOrder(
        ApiGroup.MOVE_ANNOTATION,
        (gateway, value) -> {
          orders.add(Serialization.unmarshal(value, MoveOrder.class));
          show(Map.of("worker-1", List.of("10.6.1.22"), "worker-2", List.of("10.6.1.21")));
        });

    assertThat(move("10.6.1.21", "worker-2"))
        .isEqualTo(
            new Run(
                0,
                """
                Moving VIP 10.6.1.21 to node worker-2...
                Successfully moved VIP 10.6.1.21 to node worker-2
                """,
                ""));
    assertThat(orders).containsExactly(new MoveOrder("10.6.1.21", "worker-2", "order-1"));
  }

  @Test
  void whatIsThereAlreadyIsNoChange() {
    Run run = move("10.6.1.21", "worker-1");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("no change");
    assertThat(annotations()).isEmpty();
  }

  private Map<String, String> annotations() {
    Map<String, String> annotations =
        api.resources(EgressGateway.class)
            .withName("default")
            .require()
            .getMetadata()
            .getAnnotations();
    return annotations == null ? Map.of() : annotations;
  }

  @Test
  void aRefusalIsShown() {
    EventRecorder events = new EventRecorder(api, Clock.systemUTC());
    onOrder(
        ApiGroup.MOVE_ANNOTATION,
        (gateway, value) ->
            events.warning(gateway, "MoveDeclined", "order order-1: NodeNotFit: it is cordoned"));

    assertThat(move("10.6.1.21", "worker-2"))
        .satisfies(
            run -> {
              assertThat(run.exitCode()).isEqualTo(1);
              assertThat(run.err()).contains("NodeNotFit: it is cordoned");
            });
  }

  @Test
  void anOrderThatNobodyAnswersIsTakenBack() {
    limit = NO_PATIENCE;

    Run run = move("10.6.1.21", "worker-2");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("no controller has answered", "taken back");
    assertThat(annotations()).isEmpty();
  }

  @Test
  void whatCannotBeIsSaidBeforeAnythingIsOrdered() {
    assertThat(move("10.6.1.99", "worker-2").err()).contains("10.6.1.99", "10.6.1.21, 10.6.1.22");
    assertThat(move("10.6.1.21", "worker-9").err()).contains("worker-9", "worker-1, worker-2");
    Run run =
        egctl("vip", "move", "--egressGatewayName=no", "--vip=10.6.1.21", "--targetNode=worker-2");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("EgressGateway no does not exist", "[default]");
    assertThat(annotations()).isEmpty();
  }

  @Test
  void everyCommandSaysItsVersion() {
    assertThat(egctl("--version")).isEqualTo(new Run(0, "egctl development\n", ""));
    assertThat(egctl("vip", "move", "-V")).isEqualTo(new Run(0, "egctl development\n", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:5820",
        "127.0.0.1:5820",
        "//localhost:5820",
        "http:/history",
        "ftp://localhost",
        "a b"
      })
  void aControllerIsNamedByAUrl(String text) {
    Run run = egctl("history", "eip", "10.6.1.21", "--controller", text);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("'" + text + "' is no URL: write http://host:port");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vip move --egressGatewayName default --vip 10.6.1.21",
        "vip move --egressGatewayName default --vip x --targetNode worker-2",
        "drain",
        "drain No_Name",
        "rebalance",
        "unknown",
      })
  void wrongUsageIsExitCodeTwo(String line) {
    assertThat(egctl(line.split(" ", -1)).exitCode()).isEqualTo(2);
  }

  @Test
  void aDrainMarksTheNodeAndWaitsUntilItHoldsNothing() {
    controller.execute(
        () -> {
          api.nodes()
              .withName("worker-1")
              .waitUntilCondition(
                  node -> "true".equals(drainMark(node)), PATIENCE.toSeconds(), TimeUnit.SECONDS);
          show(Map.of("worker-2", List.of("10.6.1.21", "10.6.1.22")));
        });

    Run run = egctl("drain", "worker-1");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Node worker-1 holds no egress IP", "--undo");
    assertThat(egctl("drain", "worker-1", "--undo").exitCode()).isZero();
    assertThat(drainMark(api.nodes().withName("worker-1").require())).isNotEqualTo("true");
  }

  private static String drainMark(Node node) {
    Map<String, String> annotations = node.getMetadata().getAnnotations();
    return annotations == null ? "" : annotations.getOrDefault(NodeTranslator.DRAIN_ANNOTATION, "");
  }

  @Test
  void aDrainThatFindsNoPlaceSaysWhatStays() {
    limit = NO_PATIENCE;

    Run run = egctl("drain", "worker-1");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("10.6.1.21", "EgressGateway default", "--undo");
    assertThat(egctl("drain", "nobody").err()).contains("nobody does not exist");
  }

  @Test
  void aNodeWithNothingButPoliciesOfItsOwnAddressIsDrained() {
    limit = NO_PATIENCE;
    show(Map.of("worker-1", List.of(NODES_OWN)));

    Run run = egctl("drain", "worker-1");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("worker-1 still holds [the gateway node's own address]");
  }

  @Test
  void aNodeWithNothingButPoliciesOfItsOwnAddressIsFenced() {
    show(Map.of("worker-1", List.of(NODES_OWN)));
    onOrder(
        ApiGroup.FENCE_ANNOTATION,
        (gateway, value) -> show(Map.of("worker-2", List.of(NODES_OWN))));

    Run run = egctl("fence", "worker-1", "--reason", "unplugged", "--machine-is-off");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("What node worker-1 held is elsewhere");
  }

  @Test
  void theNodesOwnAddressCountsInARebalancing() {
    show(Map.of("worker-1", List.of("10.6.1.21", NODES_OWN)));

    assertThat(egctl("rebalance", "--egressGatewayName", "default", "--dry-run").out())
        .contains("worker-1 holds 2", "1 would move")
        .contains("the gateway node's own address from worker-1 to worker-2");
  }

  @Test
  void aRebalancingCanBeTriedFirst() {
    Run tried = egctl("rebalance", "--egressGatewayName", "default", "--dry-run");

    assertThat(tried.exitCode()).isZero();
    assertThat(tried.out()).contains("worker-1 holds 2", "worker-2 holds 0", "1 would move");
    assertThat(annotations()).isEmpty();
  }

  @Test
  void aRebalancingIsOrderedByItsId() {
    Set<String> orders = new CopyOnWriteArraySet<>();
    onOrder(
        ApiGroup.REBALANCE_ANNOTATION,
        (gateway, value) -> {
          orders.add(value);
          show(Map.of("worker-1", List.of("10.6.1.22"), "worker-2", List.of("10.6.1.21")));
        });

    assertThat(egctl("rebalance", "--egressGatewayName", "default").out())
        .contains("are spread evenly");
    assertThat(egctl("rebalance", "--egressGatewayName", "default").out()).contains("no change");
    assertThat(orders).containsExactly("order-1");
  }
}
