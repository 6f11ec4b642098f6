package io.egressgateway.load.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.egressgateway.load.lab.ApiObjects;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.net.HttpProbe;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** What the rows of the fault matrix need that are about objects: others that are served. */
final class ObjectRows implements AutoCloseable {
  static final Patience PATIENCE = new Patience(Duration.ofMinutes(1), Duration.ofMillis(100));
  static final String GATEWAY = "EgressGateway";
  static final String POLICY = "EgressPolicy";
  static final String CLUSTER_POLICY = "EgressClusterPolicy";
  static final String NODES = "nodeSelector: {selector: {matchLabels: {egress: 'no'}}}";
  static final String PODS = "appliedTo: {podSelector: {matchLabels: {app: web}}}";
  static final int OK = 200;

  private final ControllerStage stage;
  private final ApiObjects objects;

  /** How many pools have been given out; none has an address of another. */
  private int pools;

  private ObjectRows(ControllerStage stage) {
    this.stage = stage;
    this.objects = stage.objects();
  }

  /** Before an API server and a controller of their own, in this folder. */
  static ObjectRows start(Path directory) throws Exception {
    return new ObjectRows(ControllerStage.start(directory));
  }

  ControllerStage stage() {
    return stage;
  }

  @Override
  public void close() {
    stage.close();
  }

  /** A row. */
  interface Row {
    void play() throws Exception;
  }

  /** Plays a row in a namespace; in the end whoever comes new is served by the same process. */
  void row(String namespace, Row row) throws Exception {
    try {
      stage.createNamespace(namespace);
      row.play();
      assertServed(namespace, "newcomer");
      assertThat(stage.isUndisturbed()).as("the controller is alive since it was started").isTrue();
    } catch (Exception | AssertionError e) {
      stage.explain();
      throw e;
    }
  }

  /** A gateway and a policy of this name are created, and the policy has an egress IP of it. */
  void assertServed(String namespace, String name) throws Exception {
    String gateway = namespace + "-" + name;
    createGateway(gateway, pool());
    createPolicy(namespace, name, gateway);
    awaitAddress(namespace, name);
  }

  /** Nine addresses. */
  String pool() {
    pools++;
    return "10.200.%1$d.1-10.200.%1$d.9".formatted(pools);
  }

  void createGateway(String name, String pool) {
    objects.createGateway(name, "{ippools: {ipv4: [%s]}, %s}".formatted(pool, NODES));
  }

  /** With an egress IP of its own. */
  void createPolicy(String namespace, String name, String gateway) {
    objects.createPolicy(
        namespace,
        name,
        "egressGatewayName: %s, egressIP: {allocatorPolicy: rr}".formatted(gateway));
  }

  String awaitAddress(String namespace, String policy) throws Exception {
    return PATIENCE.await(policy + " to have an egress IP", () -> address(namespace, policy));
  }

  Optional<String> address(String namespace, String policy) {
    return Optional.ofNullable(objects.policy(namespace, policy).get())
        .flatMap(ApiObjects::address);
  }

  /** The addresses of the gateway's pool that somebody uses. */
  long used(String gateway) {
    return objects.usage(gateway).map(usage -> usage.ipv4Total() - usage.ipv4Free()).orElse(0L);
  }

  void awaitUsed(String gateway, long number) throws Exception {
    PATIENCE.await(
        "%d addresses of %s to be used".formatted(number, gateway),
        () -> objects.usage(gateway).filter(ignored -> used(gateway) == number));
  }

  /** Reason and message of the Ready condition of an object of whatever form. */
  private Optional<String> ready(GenericKubernetesResource draft) {
    String namespace = draft.getMetadata().getNamespace();
    GenericKubernetesResource stored =
        stage
            .object(
                draft.getKind(), namespace == null ? "" : namespace, draft.getMetadata().getName())
            .get();
    return Optional.ofNullable(stored)
        .map(object -> object.<Object>get("status", "conditions"))
        .filter(List.class::isInstance)
        .flatMap(conditions -> ready((List<?>) conditions));
  }

  private static Optional<String> ready(List<?> conditions) {
    return conditions.stream()
        .map(condition -> (Map<?, ?>) condition)
        .filter(condition -> "Ready".equals(condition.get("type")))
        .map(condition -> condition.get("reason") + ": " + condition.get("message"))
        .findFirst();
  }

  String awaitReady(GenericKubernetesResource draft, String words) throws Exception {
    AtomicReference<String> last = new AtomicReference<>("nothing");
    try {
      return PATIENCE.await(
          name(draft) + " to say '" + words + "'",
          () -> {
            Optional<String> said = ready(draft);
            said.ifPresent(last::set);
            return said.filter(text -> text.contains(words));
          });
    } catch (TimeoutException e) {
      throw Patience.explained(e, e.getMessage() + "; it says " + last);
    }
  }

  static String name(GenericKubernetesResource object) {
    return object.getKind() + " " + object.getMetadata().getName();
  }

  /** What the API server says to the object, which it does not store; absent if it would. */
  Optional<KubernetesClientException> refusal(GenericKubernetesResource draft) {
    try {
      stage.client().resource(draft).dryRun().create();
      return Optional.empty();
    } catch (KubernetesClientException refused) {
      return Optional.of(refused);
    }
  }

  /** Waits until the gateway itself says that no policy has the address, and no node. */
  void awaitUnused(String gateway, String address) throws Exception {
    PATIENCE.await(
        "%s of %s to be nobody's".formatted(address, gateway),
        () -> placement(gateway, address).filter(Placement::isNobodys));
  }

  /** What the inspection routes say of an egress IP. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Placement(List<String> policies, String holding) {
    boolean isNobodys() {
      return policies.isEmpty() && holding.equals("Unplaced");
    }
  }

  private Optional<Placement> placement(String gateway, String address) throws IOException {
    HttpProbe.Answer answer = stage.inspect("/placement/" + gateway + "/" + address);
    return answer.status() == OK
        ? Optional.of(Serialization.unmarshal(answer.body(), Placement.class))
        : Optional.empty();
  }
}
