package io.egressgateway.load.lab.guide;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.PodExec;
import io.egressgateway.load.lab.kube.PodPlacement;
import io.egressgateway.load.lab.net.HttpProbe;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** The guide's steps in a lab, one method each, and what to wait for after them. */
public final class GuideCluster {
  /** How long a pod waits for an answer from the server. */
  public static final Duration ANSWER_PATIENCE = Duration.ofSeconds(1);

  /**
   * How long one attempt may take when the time to the first success counts. An attempt that starts
   * before the gateway node has the address is dropped, and TCP would repeat it a second later.
   */
  public static final Duration ATTEMPT_PATIENCE = Duration.ofMillis(50);

  /** The namespace of the guide's objects. */
  public static final String NAMESPACE = "default";

  /** The guide's gateway. */
  public static final String GATEWAY = "default";

  /** The guide's policy. */
  public static final String POLICY = "test";

  private static final String GATEWAY_LABEL = "egressgateway";
  private static final Ipv4Address POOL_FIRST = Ipv4Address.of("10.6.168.201");
  private static final Ipv4Address POOL_LAST = Ipv4Address.of("10.6.168.205");

  private final Lab lab;
  private final GuideObjects objects;

  /** In this lab, whose API runs. */
  public GuideCluster(Lab lab) {
    this.lab = lab;
    this.objects = new GuideObjects(lab.client());
  }

  /** Everything from the network to a mesh of ready nodes, for those who need no progress shown. */
  public static GuideCluster start(Lab lab) throws Exception {
    lab.buildNetwork();
    lab.startServer();
    lab.startWitnesses();
    lab.startApi();
    lab.startKubelet();
    lab.startControllers();
    lab.startAgents();
    GuideCluster cluster = new GuideCluster(lab);
    cluster.awaitControllers();
    cluster.awaitMesh();
    return cluster;
  }

  /** What the product's objects say. */
  public GuideObjects objects() {
    return objects;
  }

  /** Waits until every controller is ready. */
  public void awaitControllers() throws Exception {
    for (int i = 0; i < lab.settings().controllers(); i++) {
      awaitController(i);
    }
  }

  private void awaitController(int index) throws Exception {
    AtomicReference<String> last = new AtomicReference<>("");
    try {
      Patience.USUAL.await(
          "controller-%d to be ready".formatted(index + 1), () -> readiness(index, last));
    } catch (TimeoutException e) {
      throw Patience.explained(e, e.getMessage() + "; it says " + last.get());
    }
  }

  private Optional<Integer> readiness(int index, AtomicReference<String> last) {
    try {
      HttpProbe.Answer answer = lab.probes().management(index, "/ready");
      last.set(answer.status() + " " + answer.body());
      return Optional.of(answer.status()).filter(status -> status == HttpURLConnection.HTTP_OK);
    } catch (IOException e) {
      last.set(String.valueOf(e.getMessage())); // not listening yet
      return Optional.empty();
    }
  }

  /** Waits until every node is part of the tunnel mesh. */
  public void awaitMesh() throws Exception {
    long nodes = lab.settings().topology().nodes().size();
    Patience.USUAL.await(
        "every EgressTunnel to be Ready",
        () -> Optional.of(objects.readyTunnels()).filter(ready -> ready == nodes));
  }

  /** The nodes that are meant to be gateways, by name. */
  public List<String> gatewayNodes() {
    return lab.settings().topology().nodes(LabNode.Role.GATEWAY).stream()
        .map(node -> node.name().value())
        .toList();
  }

  /** Creates the gateway and labels its nodes. */
  public void createGateway() throws Exception {
    create(lab.client(), GuideFiles.GATEWAY);
    gatewayNodes().forEach(this::label);
    awaitGateway();
  }

  /** Makes a node a gateway. */
  public void label(String node) {
    lab.client()
        .nodes()
        .withName(node)
        .edit(
            found -> {
              found.getMetadata().getLabels().put(GATEWAY_LABEL, "true");
              return found;
            });
  }

  /** Makes a node no gateway any more. */
  public void unlabel(String node) {
    lab.client()
        .nodes()
        .withName(node)
        .edit(
            found -> {
              found.getMetadata().getLabels().remove(GATEWAY_LABEL);
              return found;
            });
  }

  /** Waits until the gateway shows all its nodes as ready. */
  public void awaitGateway() throws Exception {
    awaitReadyNodes(gatewayNodes().size());
  }

  /**
   * Waits until all nodes that are meant to be gateways can be given egress IPs of this gateway.
   */
  public void awaitLeases(String gateway) throws Exception {
    new LeasedNodes(lab, gateway).await(gatewayNodes().stream().map(NodeName::new).toList());
  }

  /** Waits until the gateway shows this many nodes as ready. */
  public void awaitReadyNodes(int number) throws Exception {
    Patience.USUAL.await(
        "status.nodeList of EgressGateway default to show %d Ready nodes".formatted(number),
        () -> Optional.of(objects.readyNodes(GATEWAY)).filter(ready -> ready == number));
  }

  /** Creates the guide's Deployment and a pod that its policy does not match. */
  public void createPods() throws Exception {
    create(lab.client(), GuideFiles.DEPLOYMENT);
    create(lab.client(), GuideFiles.OTHER_POD);
    awaitPods();
  }

  /** Waits until both pods run, and the API shows it. */
  public void awaitPods() throws Exception {
    Patience.USUAL.await("a pod of Deployment test-app to run", () -> findTold("test-app-"));
    Patience.USUAL.await("pod other-app to run", () -> findTold("other-app"));
  }

  private Optional<PodPlacement> findTold(String prefix) {
    return find(prefix).filter(pod -> lab.kubelet().isTold(pod.key()));
  }

  /** The pod that the guide's policy matches. */
  public PodPlacement matchedPod() {
    return find("test-app-").orElseThrow();
  }

  /** The pod that no policy matches. */
  public PodPlacement unmatchedPod() {
    return find("other-app").orElseThrow();
  }

  private Optional<PodPlacement> find(String prefix) {
    return lab.kubelet().pods().values().stream()
        .filter(pod -> pod.key().name().startsWith(prefix))
        .findFirst();
  }

  /** Creates the policy of the pod that the guide's does not match, and waits for its packets. */
  public void createOtherPolicy(PodExec other) throws Exception {
    create(lab.client(), GuideFiles.OTHER_POLICY);
    Patience.USUAL.await(
        "a connection of the other pod with an address of the pool",
        () -> other.sourceAddress(ANSWER_PATIENCE).filter(GuideCluster::isOfPool));
  }

  /**
   * Creates the guide's policy.
   *
   * @return the time from sending it until the server saw an address of the pool
   */
  public Duration createPolicy(PodExec pod) throws Exception {
    long sent = System.nanoTime();
    create(lab.client(), GuideFiles.POLICY);
    Patience.IMPATIENT.await(
        "a connection with an address of the pool",
        () -> pod.sourceAddress(ATTEMPT_PATIENCE).filter(GuideCluster::isOfPool));
    return Duration.ofNanos(System.nanoTime() - sent);
  }

  /** Deletes the guide's policy and waits until the pod has its node's address again. */
  public void deletePolicy(PodExec inside, PodPlacement pod) throws Exception {
    lab.client().load(stream(GuideFiles.POLICY)).delete();
    awaitSource(inside, pod.node().underlay());
  }

  /** Waits until the server sees the pod under this address. */
  public void awaitSource(PodExec inside, Ipv4Address address) throws Exception {
    Patience.USUAL.await(
        "a connection from " + address,
        () -> inside.sourceAddress(ANSWER_PATIENCE).filter(address::equals));
  }

  private static void create(KubernetesClient client, GuideFiles file) {
    client.load(stream(file)).create();
  }

  private static ByteArrayInputStream stream(GuideFiles file) {
    return new ByteArrayInputStream(file.text().getBytes(UTF_8));
  }

  /** Whether the address is one of the guide's pool. */
  public static boolean isOfPool(Ipv4Address address) {
    return address.compareTo(POOL_FIRST) >= 0 && address.compareTo(POOL_LAST) <= 0;
  }
}
