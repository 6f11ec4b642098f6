package io.egressgateway.k8s.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.egressgateway.k8s.crd.ApiGroup;
import java.util.List;
import java.util.Objects;

/**
 * What the API server asks.
 *
 * @param uid of the question; the answer repeats it
 * @param resource plural name of the kind
 * @param namespace empty for a cluster-wide object
 * @param object as it is to be; missing on DELETE
 * @param before as it is; missing on CREATE
 */
record AdmissionRequest(
    String uid,
    Operation operation,
    String resource,
    String namespace,
    JsonNode object,
    JsonNode before) {

  static final String GATEWAYS = "egressgateways";
  static final String POLICIES = "egresspolicies";
  static final String CLUSTER_POLICIES = "egressclusterpolicies";
  static final String CLUSTER_INFOS = "egressclusterinfos";

  /** What somebody does. */
  enum Operation {
    CREATE,
    UPDATE,
    DELETE,
    CONNECT
  }

  /** A missing node for what is not there. */
  static JsonNode orMissing(JsonNode node) {
    return node.isObject() ? node : MissingNode.getInstance();
  }

  boolean isUpdate() {
    return operation == Operation.UPDATE && before.isObject();
  }

  /** The object's name; empty if the API server is to choose it. */
  String name() {
    return object.path("metadata").path("name").asText("");
  }

  /**
   * Whether there is nothing to judge: an update that leaves the spec alone (a label, a finalizer),
   * or an object on its way out. To refuse it could keep a bad object for ever.
   */
  boolean leavesSpecAlone() {
    return isUpdate() && (isDeleting() || Objects.equals(object.path("spec"), before.path("spec")));
  }

  boolean isDeleting() {
    return object.path("metadata").hasNonNull("deletionTimestamp");
  }

  boolean hasGatewayFinalizer() {
    for (JsonNode finalizer : object.path("metadata").path("finalizers")) {
      if (ApiGroup.GATEWAY_FINALIZER.equals(finalizer.asText())) {
        return true;
      }
    }
    return false;
  }

  /** The kinds that are judged. */
  static List<String> resources() {
    return List.of(GATEWAYS, POLICIES, CLUSTER_POLICIES, CLUSTER_INFOS);
  }
}
