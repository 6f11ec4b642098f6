package io.egressgateway.k8s.admission;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.k8s.crd.ApiGroup;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.RuleWithOperations;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.RuleWithOperationsBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.util.Base64;
import java.util.List;

/** How the API server is told of the webhooks. */
public final class WebhookConfigurations {

  /** Of both configurations, unless an installation chooses another. */
  public static final String NAME = "egressgateway-controller";

  private static final String WEBHOOK = "egressgateway." + ApiGroup.NAME;
  private static final List<String> WRITTEN =
      List.of(
          AdmissionRequest.GATEWAYS, AdmissionRequest.POLICIES, AdmissionRequest.CLUSTER_POLICIES);

  /** Of the mutating webhook's condition. */
  static final String INCOMPLETE_NAME = "something-is-left-out";

  /**
   * A policy that leaves out nothing is not asked about before it is judged, which is half of the
   * work for it. In CEL, which API servers know from 1.28 on; those before ask.
   */
  static final String INCOMPLETE =
      "request.resource.resource == 'egressgateways' || !has(object.spec)"
          + " || !has(object.spec.egressGatewayName) || object.spec.egressGatewayName == ''"
          + " || !has(object.spec.egressIP) || object.spec.egressIP == null"
          + " || object.spec.egressIP == {}";

  private static final String REVIEW_VERSION = "v1";
  private static final int TIMEOUT_SECONDS = 10;

  private WebhookConfigurations() {}

  /**
   * Both configurations for webhooks that are reached by URL; an installation in pods names a
   * Service instead. A gateway or policy is deleted without being asked about: a namespace that
   * goes would wait for a controller to be ready.
   *
   * @param base as {@code https://host:port}
   * @param authorities PEM; what the server's certificate is checked against
   */
  public static List<HasMetadata> at(URI base, String authorities) {
    ValidatingWebhookConfiguration validating =
        new ValidatingWebhookConfigurationBuilder()
            .withNewMetadata()
            .withName(NAME)
            .endMetadata()
            .addNewWebhook()
            .withName(WEBHOOK)
            .withClientConfig(client(base.resolve("/validate"), authorities))
            .withRules(
                rule(List.of("CREATE", "UPDATE"), WRITTEN),
                rule(List.of("DELETE"), List.of(AdmissionRequest.CLUSTER_INFOS)))
            .withFailurePolicy("Fail")
            .withSideEffects("None")
            .withAdmissionReviewVersions(REVIEW_VERSION)
            .withTimeoutSeconds(TIMEOUT_SECONDS)
            .endWebhook()
            .build();
    MutatingWebhookConfiguration mutating =
        new MutatingWebhookConfigurationBuilder()
            .withNewMetadata()
            .withName(NAME)
            .endMetadata()
            .addNewWebhook()
            .withName(WEBHOOK)
            .withClientConfig(client(base.resolve("/mutate"), authorities))
            .withRules(rule(List.of("CREATE", "UPDATE"), WRITTEN))
            .addNewMatchCondition(INCOMPLETE, INCOMPLETE_NAME)
            .withFailurePolicy("Fail")
            .withSideEffects("None")
            .withAdmissionReviewVersions(REVIEW_VERSION)
            .withTimeoutSeconds(TIMEOUT_SECONDS)
            .endWebhook()
            .build();
    return List.of(validating, mutating);
  }

  private static WebhookClientConfig client(URI url, String authorities) {
    return new WebhookClientConfigBuilder()
        .withUrl(url.toString())
        .withCaBundle(bundle(authorities))
        .build();
  }

  private static RuleWithOperations rule(List<String> operations, List<String> resources) {
    return new RuleWithOperationsBuilder()
        .withApiGroups(ApiGroup.NAME)
        .withApiVersions(ApiGroup.VERSION)
        .withOperations(operations)
        .withResources(resources)
        .build();
  }

  private static String bundle(String authorities) {
    return Base64.getEncoder().encodeToString(authorities.getBytes(UTF_8));
  }

  /**
   * Has the API server trust these authorities, where the configurations exist and do not yet.
   * Blocks.
   */
  static void trust(KubernetesClient client, String name, String authorities) {
    String bundle = bundle(authorities);
    var validating = client.admissionRegistration().v1().validatingWebhookConfigurations();
    ValidatingWebhookConfiguration judged = validating.withName(name).get();
    if (judged != null
        && judged.getWebhooks().stream()
            .anyMatch(webhook -> !bundle.equals(webhook.getClientConfig().getCaBundle()))) {
      judged.getWebhooks().forEach(webhook -> webhook.getClientConfig().setCaBundle(bundle));
      validating.resource(judged).update();
    }
    var mutating = client.admissionRegistration().v1().mutatingWebhookConfigurations();
    MutatingWebhookConfiguration completed = mutating.withName(name).get();
    if (completed != null
        && completed.getWebhooks().stream()
            .anyMatch(webhook -> !bundle.equals(webhook.getClientConfig().getCaBundle()))) {
      completed.getWebhooks().forEach(webhook -> webhook.getClientConfig().setCaBundle(bundle));
      mutating.resource(completed).update();
    }
  }
}
