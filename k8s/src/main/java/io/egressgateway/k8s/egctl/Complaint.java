package io.egressgateway.k8s.egctl;

import io.egressgateway.k8s.crd.EgressClusterInfo;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.k8s.crd.StatusCondition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that is not as it should be.
 *
 * @param object kind and name
 * @param reason in one word, as the status has it
 * @param message for people, with the remedy
 */
record Complaint(String object, String reason, String message) {
  private static final String READY = "Ready";
  private static final String TRUE = "True";

  /** In the order of the arguments. */
  static List<Complaint> all(
      List<EgressGateway> gateways,
      List<Explainer.PolicyView> policies,
      List<EgressTunnel> tunnels,
      List<EgressClusterInfo> infos) {
    List<Complaint> complaints = new ArrayList<>();
    for (EgressGateway gateway : gateways) {
      String object = "EgressGateway/" + gateway.getMetadata().getName();
      EgressGateway.Status status = gateway.getStatus();
      add(complaints, object, status == null ? null : status.conditions());
    }
    for (Explainer.PolicyView policy : policies) {
      EgressPolicy.Status status = policy.status();
      add(complaints, policy.key().toString(), status == null ? null : status.conditions());
    }
    for (EgressTunnel tunnel : tunnels) {
      add(complaints, tunnel);
    }
    infos.stream()
        .filter(info -> info.getMetadata().getName().equals(EgressClusterInfo.SINGLETON))
        .map(EgressClusterInfo::getStatus)
        .forEach(
            status ->
                add(
                    complaints,
                    "EgressClusterInfo/" + EgressClusterInfo.SINGLETON,
                    status == null ? null : status.conditions()));
    return List.copyOf(complaints);
  }

  private static void add(List<Complaint> complaints, EgressTunnel tunnel) {
    String object = "EgressTunnel/" + tunnel.getMetadata().getName();
    EgressTunnel.Status status = tunnel.getStatus();
    if (status == null || status.phase() == null) {
      complaints.add(unreported(object));
    } else if (status.phase() != EgressTunnel.Phase.READY) {
      complaints.add(
          new Complaint(
              object,
              status.phase().toString(),
              message(status.conditions(), "its agent's log says why")));
    }
    items(status == null ? null : status.conditions()).stream()
        .filter(condition -> !condition.type().equals(READY) && isWrong(condition))
        .map(condition -> complaint(object, condition))
        .forEach(complaints::add);
  }

  private static String message(@Nullable List<StatusCondition> conditions, String otherwise) {
    return items(conditions).stream()
        .filter(condition -> condition.type().equals(READY))
        .map(StatusCondition::message)
        .findFirst()
        .orElse(otherwise);
  }

  private static void add(
      List<Complaint> complaints, String object, @Nullable List<StatusCondition> conditions) {
    if (items(conditions).stream().noneMatch(condition -> condition.type().equals(READY))) {
      complaints.add(unreported(object));
    }
    items(conditions).stream()
        .filter(Complaint::isWrong)
        .map(condition -> complaint(object, condition))
        .forEach(complaints::add);
  }

  /** Ready should be true; whatever else is true is wrong. */
  private static boolean isWrong(StatusCondition condition) {
    return condition.type().equals(READY) != condition.status().equals(TRUE);
  }

  private static Complaint complaint(String object, StatusCondition condition) {
    boolean ready = condition.type().equals(READY);
    return new Complaint(
        object, ready ? condition.reason() : condition.type(), condition.message());
  }

  private static Complaint unreported(String object) {
    return new Complaint(
        object,
        "NotReported",
        "no controller has said anything of it: check that they run, are ready and reach the"
            + " Kubernetes API");
  }

  private static List<StatusCondition> items(@Nullable List<StatusCondition> conditions) {
    return conditions == null ? List.of() : conditions;
  }

  static TextTable table(List<Complaint> complaints) {
    return new TextTable(
        List.of("OBJECT", "REASON", "MESSAGE"),
        2,
        3,
        complaints.stream()
            .map(each -> List.of(each.object(), each.reason(), each.message()))
            .toList());
  }
}
