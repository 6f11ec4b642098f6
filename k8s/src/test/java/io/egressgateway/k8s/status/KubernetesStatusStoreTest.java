package io.egressgateway.k8s.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.k8s.crd.EgressClusterEndpointSlice;
import io.egressgateway.k8s.crd.EgressClusterPolicy;
import io.egressgateway.k8s.crd.EgressEndpointSlice;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.policy.entity.Condition;
import io.egressgateway.policy.entity.StatusReport;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class KubernetesStatusStoreTest {
  /** Logs every request; held, since loggers are collected with their levels. */
  private static final Logger REQUESTS = Logger.getLogger("io.fabric8.mockwebserver.MockWebServer");

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set before each test
  private KubernetesStatusStore store;

  @BeforeAll
  static void beQuiet() {
    REQUESTS.setLevel(Level.WARNING);
  }

  @BeforeEach
  void createStore() {
    store =
        new KubernetesStatusStore(
            client, Clock.fixed(Given.NOON, ZoneOffset.UTC), KernelNumbers.USUAL, Runnable::run);
  }

  private String createPolicy() {
    EgressPolicy policy = new EgressPolicy();
    policy.setMetadata(new ObjectMetaBuilder().withNamespace("shop").withName("test").build());
    return client.resource(policy).create().getMetadata().getUid();
  }

  private String createGateway() {
    EgressGateway gateway = new EgressGateway();
    gateway.setMetadata(new ObjectMetaBuilder().withName("default").build());
    return client.resource(gateway).create().getMetadata().getUid();
  }

  private EgressPolicy policy() {
    return client.resources(EgressPolicy.class).inNamespace("shop").withName("test").get();
  }

  private List<Event> events(String namespace) {
    return client.v1().events().inNamespace(namespace).list().getItems();
  }

  private static Wanted.OfPolicy wanted(String uid, NodeName holder) {
    StatusReport.PolicyReport report = Given.policyReport(holder);
    return new Wanted.OfPolicy(
        Given.POLICY,
        new Wanted.Verdict(Optional.of(uid), Optional.of(3L), report.conditions()),
        Optional.of(report));
  }

  private static Wanted.Slices slices(String uid, SortedSet<SliceEndpoint> endpoints) {
    return new Wanted.Slices(Given.POLICY, uid, endpoints);
  }

  private List<EgressEndpointSlice> slices() {
    return client.resources(EgressEndpointSlice.class).inNamespace("shop").list().getItems();
  }

  @Test
  void writesThePolicysStatus() {
    String uid = createPolicy();

    assertThat(store.write(wanted(uid, Given.WORKER_1))).isEqualTo(new Outcome.Settled());

    assertThat(policy().getStatus())
        .satisfies(
            status -> {
              assertThat(status.node()).isEqualTo("worker-1");
              assertThat(status.eip()).isEqualTo(new EgressPolicy.Eip("10.6.168.201", null));
              assertThat(status.conditions()).hasSize(1);
            });
  }

  @Test
  void whatIsThereIsNotWrittenAgain() {
    String uid = createPolicy();
    store.write(wanted(uid, Given.WORKER_1));
    String version = policy().getMetadata().getResourceVersion();

    store.write(wanted(uid, Given.WORKER_1));

    assertThat(policy().getMetadata().getResourceVersion()).isEqualTo(version);
  }

  @Test
  void whatTheWatchShowsIsNotAskedFor() {
    String uid = createPolicy();
    EgressPolicy seen = policy();
    store.see(policy -> Optional.of(seen));
    int before = server.getRequestCount();

    store.write(wanted(uid, Given.WORKER_1));

    assertThat(policy().getStatus().node()).isEqualTo("worker-1");
    assertThat(seen.getStatus()).isNull();
    // The status, its two events, and the question of this test.
    assertThat(server.getRequestCount() - before).isEqualTo(4);
  }

  @Test
  void aWatchThatIsBehindHidesNothing() {
    String uid = createPolicy();
    store.write(wanted(uid, Given.WORKER_1));
    EgressPolicy behind = policy();
    store.see(policy -> Optional.of(behind));

    store.write(wanted(uid, Given.WORKER_2));
    assertThat(policy().getStatus().node()).isEqualTo("worker-2");
    store.write(wanted(uid, Given.WORKER_1));
    assertThat(policy().getStatus().node()).isEqualTo("worker-1");
  }

  @Test
  void anObjectThatChangedUnderTheWatchIsReadAnew() {
    String uid = createPolicy();
    EgressPolicy behind = policy();
    EgressPolicy edited = policy();
    edited.getMetadata().setLabels(Map.of("edited", "yes"));
    client.resource(edited).update();
    store.see(policy -> Optional.of(behind));

    assertThat(store.write(wanted(uid, Given.WORKER_1))).isEqualTo(new Outcome.Settled());

    assertThat(policy().getStatus().node()).isEqualTo("worker-1");
    assertThat(policy().getMetadata().getLabels()).containsKey("edited");
  }

  @Test
  void aPolicyThatIsGoneIsNoFailure() {
    assertThat(store.write(wanted(Given.UID, Given.WORKER_1))).isEqualTo(new Outcome.Gone());
  }

  @Test
  void anotherPolicyOfTheSameNameIsLeftAlone() {
    createPolicy();

    assertThat(store.write(wanted("another-uid", Given.WORKER_1))).isEqualTo(new Outcome.Gone());
    assertThat(policy().getStatus()).isNull();
  }

  @Test
  void anEgressIpThatMovedIsAnEvent() {
    String uid = createPolicy();
    store.write(wanted(uid, Given.WORKER_1));
    store.write(wanted(uid, Given.WORKER_2));

    assertThat(events("shop"))
        .extracting(Event::getReason)
        .containsExactlyInAnyOrder("EgressIPAssigned", "Ready", "EgressNodeChanged");
  }

  @Test
  void theSameEventIsCounted() {
    String uid = createPolicy();
    store.write(wanted(uid, Given.WORKER_1));
    store.write(wanted(uid, Given.WORKER_2));
    store.write(wanted(uid, Given.WORKER_1));
    store.write(wanted(uid, Given.WORKER_2));

    assertThat(events("shop"))
        .filteredOn(event -> event.getMessage().endsWith("to node worker-2"))
        .singleElement()
        .satisfies(event -> assertThat(event.getCount()).isEqualTo(2));
  }

  @Test
  void whatIsWrongWithAGatewayIsAWarning() {
    String uid = createGateway();

    store.write(
        new Wanted.OfGateway(
            Given.GATEWAY,
            new Wanted.Verdict(
                Optional.of(uid),
                Optional.of(1L),
                Given.conditions(Condition.notReady("InvalidSpec", "spec.ippools: wrong"))),
            Optional.empty(),
            new TreeMap<>()));

    assertThat(events("default"))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getType()).isEqualTo("Warning");
              assertThat(event.getReason()).isEqualTo("InvalidSpec");
              assertThat(event.getMessage()).isEqualTo("spec.ippools: wrong");
              assertThat(event.getInvolvedObject().getKind()).isEqualTo("EgressGateway");
              assertThat(event.getInvolvedObject().getUid()).isEqualTo(uid);
            });
  }

  @Test
  void aTunnelIsCreatedShownAndDeleted() {
    Wanted.OfTunnel wanted =
        new Wanted.OfTunnel(
            Given.nodeReport(Given.WORKER_1, StatusReport.Phase.READY), EgressTunnel.Phase.READY);

    assertThat(store.write(wanted)).isEqualTo(new Outcome.Settled());
    assertThat(client.resources(EgressTunnel.class).withName("worker-1").get().getStatus())
        .satisfies(status -> assertThat(status.mark()).isEqualTo("0x26010001"));

    store.write(new Wanted.NoTunnel(Given.WORKER_1));
    assertThat(client.resources(EgressTunnel.class).withName("worker-1").get()).isNull();
    assertThat(store.write(new Wanted.NoTunnel(Given.WORKER_1))).isEqualTo(new Outcome.Settled());
  }

  @Test
  void slicesBelongToThePolicy() {
    store.write(slices(Given.UID, Given.endpoints(0, 150)));

    assertThat(slices())
        .hasSize(2)
        .allSatisfy(
            slice -> {
              assertThat(slice.getMetadata().getName()).startsWith("test-");
              assertThat(slice.getMetadata().getLabels())
                  .containsEntry("spidernet.io/policy-name", "test");
              assertThat(slice.getMetadata().getOwnerReferences())
                  .singleElement()
                  .satisfies(
                      owner -> {
                        assertThat(owner.getUid()).isEqualTo(Given.UID);
                        assertThat(owner.getController()).isTrue();
                        assertThat(owner.getBlockOwnerDeletion()).isTrue();
                      });
            });
  }

  @Test
  void slicesFollowThePods() {
    store.write(slices(Given.UID, Given.endpoints(0, 150)));
    store.write(slices(Given.UID, Given.endpoints(1, 30)));

    assertThat(slices())
        .singleElement()
        .satisfies(slice -> assertThat(slice.getEndpoints()).hasSize(29));

    store.write(slices(Given.UID, Given.endpoints(0, 0)));
    assertThat(slices()).isEmpty();
  }

  @Test
  void aClusterPolicyHasItsStatusAndSlices() {
    EgressClusterPolicy policy = new EgressClusterPolicy();
    policy.setMetadata(new ObjectMetaBuilder().withName("test").build());
    String uid = client.resource(policy).create().getMetadata().getUid();
    PolicyKey key = new PolicyKey.ClusterScoped("test");
    StatusReport.PolicyReport report = Given.policyReport(Given.WORKER_1);

    store.write(
        new Wanted.OfPolicy(
            key,
            new Wanted.Verdict(Optional.of(uid), Optional.of(3L), report.conditions()),
            Optional.of(report)));
    store.write(new Wanted.Slices(key, uid, Given.endpoints(0, 101)));

    assertThat(client.resources(EgressClusterPolicy.class).withName("test").get().getStatus())
        .satisfies(status -> assertThat(status.node()).isEqualTo("worker-1"));
    assertThat(client.resources(EgressClusterEndpointSlice.class).list().getItems())
        .hasSize(2)
        .allSatisfy(
            slice -> {
              assertThat(slice.getMetadata().getNamespace()).isNull();
              assertThat(slice.getMetadata().getOwnerReferences())
                  .singleElement()
                  .satisfies(
                      owner -> {
                        assertThat(owner.getKind()).isEqualTo("EgressClusterPolicy");
                        assertThat(owner.getUid()).isEqualTo(uid);
                      });
            });
    assertThat(slices()).isEmpty();

    store.write(new Wanted.Slices(key, uid, Given.endpoints(0, 0)));
    assertThat(client.resources(EgressClusterEndpointSlice.class).list().getItems()).isEmpty();
  }

  @Test
  void slicesAreReadOnceUntilTheyAreDoubted() {
    store.write(slices(Given.UID, Given.endpoints(0, 2)));
    int before = server.getRequestCount();
    store.write(slices(Given.UID, Given.endpoints(0, 2)));
    assertThat(server.getRequestCount()).isEqualTo(before);
    store.write(slices(Given.UID, Given.endpoints(0, 3)));
    assertThat(server.getRequestCount()).isEqualTo(before + 1);

    client.resource(slices().getFirst()).delete();
    store.doubt();
    store.write(slices(Given.UID, Given.endpoints(0, 3)));

    assertThat(slices())
        .singleElement()
        .satisfies(slice -> assertThat(slice.getEndpoints()).hasSize(3));
  }

  @Test
  void slicesThatSomebodyTouchedAreReadAnew() {
    store.write(slices(Given.UID, Given.endpoints(0, 2)));
    EgressEndpointSlice touched = slices().getFirst();
    touched.setEndpoints(List.of());
    client.resource(touched).update();

    assertThat(store.write(slices(Given.UID, Given.endpoints(0, 3))))
        .isEqualTo(new Outcome.Settled());
    assertThat(slices())
        .singleElement()
        .satisfies(slice -> assertThat(slice.getEndpoints()).hasSize(3));

    client.resource(slices().getFirst()).delete();
    assertThat(store.write(slices(Given.UID, Given.endpoints(0, 4))))
        .isEqualTo(new Outcome.Settled());
    assertThat(slices())
        .singleElement()
        .satisfies(slice -> assertThat(slice.getEndpoints()).hasSize(4));
  }

  @Test
  void slicesOfAnotherPolicyAreLeftAlone() {
    store.write(slices("another-uid", Given.endpoints(0, 1)));
    store.write(slices(Given.UID, Given.endpoints(0, 0)));

    assertThat(slices()).hasSize(1);
  }

  @Test
  void aConflictIsTriedAgain() {
    String uid = createPolicy();
    server
        .expect()
        .put()
        .withPath(
            "/apis/egressgateway.spidernet.io/v1beta1/namespaces/shop/egresspolicies/test/status")
        .andReturn(409, "somebody was faster")
        .once();

    assertThat(store.write(wanted(uid, Given.WORKER_1))).isEqualTo(new Outcome.Settled());
    assertThat(policy().getStatus()).isNotNull();
  }

  @Test
  void aFailingApiIsToldInItsOwnWords() {
    server
        .expect()
        .get()
        .withPath("/apis/egressgateway.spidernet.io/v1beta1/namespaces/shop/egresspolicies/test")
        .andReturn(403, "no")
        .always();

    assertThat(store.write(wanted(Given.UID, Given.WORKER_1)))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.reason()).contains("Forbidden"));
  }

  @Test
  void longPolicyNamesFitALabel() {
    String name = "a".repeat(200);

    assertThat(EndpointProjection.label(name)).hasSize(63).startsWith("aaaa");
    assertThat(EndpointProjection.label("test")).isEqualTo("test");
  }
}
