package io.egressgateway.load.failover;

import static java.util.Objects.requireNonNull;

import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.EgressEndpointSlice;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.kube.BareObjects;
import io.egressgateway.load.lab.net.HttpProbe;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The row of the fault matrix in which addresses and names of pods are used again. */
@Tag("matrix")
final class ReusedPodsIT {

  @TempDir private static Path directory;
  private static ObjectRows rows;
  private static ControllerStage stage;

  @BeforeAll
  static void start() throws Exception {
    rows = ObjectRows.start(directory);
    stage = rows.stage();
  }

  @AfterAll
  static void end() {
    rows.close();
  }

  private static final String OUTSIDE = "8.8.8.8";

  @Test
  @DisplayName("50 a pod's address goes to another pod, a pod's name to another address and node")
  void reusedAddresses() throws Exception {
    rows.row(
        "row50",
        () -> {
          stage.create(BareObjects.node("row50-a", "10.50.0.1"));
          stage.create(BareObjects.node("row50-b", "10.50.0.2"));
          rows.createGateway("row50", rows.pool());
          rows.createPolicy("row50", "db", "row50");
          rows.createPolicy("row50", "web", "row50");
          rows.awaitAddress("row50", "db");
          rows.awaitAddress("row50", "web");

          stage.create(pod("db-0", "db", "row50-a", "10.250.0.5"));
          awaitTaker("row50-a", "10.250.0.5", "db");
          // A StatefulSet's pod, elsewhere.
          delete("db-0");
          stage.create(pod("db-0", "db", "row50-b", "10.250.1.5"));
          awaitListed("db", Map.of("10.250.1.5", "row50-b"));
          awaitTaker("row50-b", "10.250.1.5", "db");
          awaitTaker("row50-a", "10.250.0.5", "nobody");

          // Its address is another's, who is selected by another policy, and then by none.
          delete("db-0");
          stage.create(pod("web-0", "web", "row50-b", "10.250.1.5"));
          awaitTaker("row50-b", "10.250.1.5", "web");
          awaitListed("db", Map.of());
          awaitListed("web", Map.of("10.250.1.5", "row50-b"));
          finish("web-0");
          awaitListed("web", Map.of());
          stage.create(pod("stranger", "none", "row50-b", "10.250.1.5"));
          awaitTaker("row50-b", "10.250.1.5", "nobody");

          // All of it while nobody watches.
          stage.create(pod("db-0", "db", "row50-a", "10.250.0.7"));
          awaitTaker("row50-a", "10.250.0.7", "db");
          stage.halt();
          delete("db-0");
          delete("stranger");
          stage.create(pod("db-0", "db", "row50-b", "10.250.1.5"));
          stage.create(pod("web-1", "web", "row50-a", "10.250.0.7"));
          stage.revive();
          awaitTaker("row50-b", "10.250.1.5", "db");
          awaitTaker("row50-a", "10.250.0.7", "web");
          awaitListed("db", Map.of("10.250.1.5", "row50-b"));
          awaitListed("web", Map.of("10.250.0.7", "row50-a"));
        });
  }

  private static Pod pod(String name, String app, String node, String address) {
    return BareObjects.pod("row50", name, app, new BareObjects.Place(node, address));
  }

  private static void delete(String pod) throws Exception {
    PodResource object = stage.client().pods().inNamespace("row50").withName(pod);
    object.withGracePeriod(0).delete();
    ObjectRows.PATIENCE.await(
        pod + " to be gone", () -> object.get() == null ? Optional.of(pod) : Optional.empty());
  }

  /** It has run to its end, and is there still. */
  private static void finish(String pod) {
    stage
        .client()
        .pods()
        .inNamespace("row50")
        .withName(pod)
        .editStatus(
            object -> {
              object.getStatus().setPhase("Succeeded");
              return object;
            });
  }

  /**
   * Whose the packets of a pod are, by the controllers' decision; {@code nobody} if no policy's.
   */
  private static void awaitTaker(String node, String pod, String policy) throws Exception {
    AtomicReference<String> last = new AtomicReference<>("nothing");
    try {
      ObjectRows.PATIENCE.await(
          policy + " to have the packets of " + pod,
          () -> {
            HttpProbe.Answer answer =
                stage.inspect("/trace/%s/%s/%s".formatted(node, pod, OUTSIDE));
            last.set(answer.body());
            return Optional.of(taker(answer)).filter(policy::equals);
          });
    } catch (TimeoutException e) {
      throw Patience.explained(e, e.getMessage() + "; it says " + last);
    }
  }

  private static String taker(HttpProbe.Answer answer) {
    if (answer.status() != ObjectRows.OK) {
      return "unknown";
    }
    GenericKubernetesResource document =
        Serialization.unmarshal(answer.body(), GenericKubernetesResource.class);
    String policy = document.get("decision", "policy");
    if (policy != null) {
      return policy.substring(policy.lastIndexOf('/') + 1);
    }
    return "NOT_SELECTED".equals(document.get("decision", "reason")) ? "nobody" : "unknown";
  }

  /** Waits until the policy's endpoint slices have these addresses on these nodes. */
  private static void awaitListed(String policy, Map<String, String> nodes) throws Exception {
    ObjectRows.PATIENCE.await(
        "endpoint slices of %s with %s".formatted(policy, nodes),
        () -> Optional.of(listed(policy)).filter(nodes::equals));
  }

  private static Map<String, String> listed(String policy) {
    Map<String, String> nodes = new TreeMap<>();
    stage
        .client()
        .resources(EgressEndpointSlice.class)
        .inNamespace("row50")
        .withLabel(ApiGroup.POLICY_NAME_LABEL, policy)
        .list()
        .getItems()
        .stream()
        .flatMap(slice -> slice.getEndpoints().stream())
        .forEach(
            endpoint ->
                requireNonNull(endpoint.ipv4())
                    .forEach(address -> nodes.put(address, requireNonNull(endpoint.node()))));
    return nodes;
  }
}
