package io.egressgateway.load.failover;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.k8s.admission.WebhookConfigurations;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The row of the fault matrix in which nobody judges objects before they are stored. */
@Tag("matrix")
final class WebhooksAwayIT {
  private static final int UNPROCESSABLE = 422;
  private static final String REFUSED = "denied the request: ";

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

  @Test
  @DisplayName(
      "45 the webhooks' certificate has expired, then nobody serves them: said in conditions")
  void webhooksAway() throws Exception {
    rows.row(
        "row45",
        () -> {
          WebhookConfigurations.at(stage.webhooks(), "")
              .forEach(configuration -> stage.client().resource(configuration).create());
          try {
            rows.createGateway("row45", rows.pool());
            List<GenericKubernetesResource> expired = wrong("expired");
            Map<String, String> refusals = awaitRefusals(expired);
            stage.certify(Instant.now(Clock.systemUTC()).minus(Duration.ofDays(30)));
            awaitUnasked("certificate has expired");
            pass(expired, refusals);
            stage.certify(Instant.now(Clock.systemUTC()));
            awaitRefusals(expired);

            List<GenericKubernetesResource> down = wrong("down");
            refusals = awaitRefusals(down);
            stage.halt();
            awaitUnasked("connection refused");
            demand("Ignore");
            down.forEach(stage::create);
            stage.revive();
            assertIgnored(down, refusals);
          } finally {
            unregister();
          }
        });
  }

  /** One of each kind that the webhooks judge. */
  private static List<GenericKubernetesResource> wrong(String name) {
    return List.of(
        ControllerStage.draft(
            ObjectRows.GATEWAY,
            "",
            name,
            "spec: {ippools: {ipv4: [10.45.1.300]}, " + ObjectRows.NODES + "}"),
        ControllerStage.draft(
            ObjectRows.GATEWAY, "", name + "-2", "spec: {ippools: {ipv4: [10.45.2.1]}}"),
        ControllerStage.draft(
            ObjectRows.POLICY, "row45", name, "spec: {egressGatewayName: row45, appliedTo: {}}"),
        ControllerStage.draft(
            ObjectRows.CLUSTER_POLICY,
            "",
            name,
            "spec: {egressGatewayName: row45, priority: 65537, " + ObjectRows.PODS + "}"));
  }

  /** What the webhooks say of each of these; nothing is stored. */
  private static Map<String, String> awaitRefusals(List<GenericKubernetesResource> drafts)
      throws Exception {
    Map<String, String> refusals = new TreeMap<>();
    for (GenericKubernetesResource draft : drafts) {
      refusals.put(
          ObjectRows.name(draft),
          ObjectRows.PATIENCE.await(
              "the webhooks to refuse " + ObjectRows.name(draft),
              () ->
                  rows.refusal(draft)
                      .filter(refused -> refused.getCode() == UNPROCESSABLE)
                      .map(refused -> refused.getStatus().getMessage())
                      .map(text -> text.substring(text.indexOf(REFUSED) + REFUSED.length()))));
    }
    return refusals;
  }

  /** Nothing is stored unjudged, a good object no more than a bad one. */
  private static void awaitUnasked(String reason) throws Exception {
    ObjectRows.PATIENCE.await(
        "the API server not to reach the webhooks: " + reason,
        () ->
            rows.refusal(
                    ControllerStage.draft(
                        ObjectRows.POLICY,
                        "row45",
                        "good",
                        "spec: {egressGatewayName: row45, egressIP: {ipv4: 10.200.1.1}, "
                            + ObjectRows.PODS
                            + "}"))
                .filter(failure -> String.valueOf(failure.getMessage()).contains(reason)));
  }

  /** The administrator has objects stored though nobody judges them. */
  private static void pass(List<GenericKubernetesResource> drafts, Map<String, String> refusals)
      throws Exception {
    demand("Ignore");
    drafts.forEach(stage::create);
    assertIgnored(drafts, refusals);
    demand("Fail");
  }

  /** The controller writes to the configurations at the same time. */
  private static void demand(String failurePolicy) {
    String change =
        "[{\"op\": \"replace\", \"path\": \"/webhooks/0/failurePolicy\", \"value\": \"%s\"}]"
            .formatted(failurePolicy);
    PatchContext kind = PatchContext.of(PatchType.JSON);
    var registration = stage.client().admissionRegistration().v1();
    registration
        .validatingWebhookConfigurations()
        .withName(WebhookConfigurations.NAME)
        .patch(kind, change);
    registration
        .mutatingWebhookConfigurations()
        .withName(WebhookConfigurations.NAME)
        .patch(kind, change);
  }

  private static void unregister() {
    var registration = stage.client().admissionRegistration().v1();
    registration.validatingWebhookConfigurations().withName(WebhookConfigurations.NAME).delete();
    registration.mutatingWebhookConfigurations().withName(WebhookConfigurations.NAME).delete();
  }

  /** Each has the words of its refusal as a condition, and is given nothing. */
  private static void assertIgnored(
      List<GenericKubernetesResource> drafts, Map<String, String> refusals) throws Exception {
    for (GenericKubernetesResource draft : drafts) {
      String words = requireNonNull(refusals.get(ObjectRows.name(draft)));
      assertThat(rows.awaitReady(draft, words)).isEqualTo("InvalidSpec: " + words);
    }
    assertThat(rows.used("row45")).isZero();
  }
}
