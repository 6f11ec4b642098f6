package io.egressgateway.k8s.status;

import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.k8s.crd.StatusCondition;
import io.egressgateway.policy.entity.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is worth a Kubernetes event: computed from two statuses of an object, so that a status that
 * did not change tells nobody anything, whoever writes it.
 */
final class StatusEvents {

  /** Steps on the way that pass by themselves; the status shows them, no event does. */
  private static final Set<String> PASSING =
      Set.of("Pending", "Programming", "Releasing", "Moving", "GatewayNotReady");

  private StatusEvents() {}

  /** An event, as far as it is ours to choose. */
  record Notice(Severity severity, String reason, String message) {}

  /** The types of event that Kubernetes knows. */
  enum Severity {
    NORMAL("Normal"),
    WARNING("Warning");

    private final String text;

    Severity(String text) {
      this.text = text;
    }

    /** As in the API. */
    @Override
    public String toString() {
      return text;
    }
  }

  /** Of an object that has conditions and nothing else to tell. */
  static List<Notice> ofConditions(
      @Nullable List<StatusCondition> before, @Nullable List<StatusCondition> after) {
    Optional<StatusCondition> was = ready(before);
    List<Notice> notices = new ArrayList<>();
    ready(after)
        .filter(is -> was.isEmpty() || !sameText(was.get(), is))
        .flatMap(is -> notice(was, is))
        .ifPresent(notices::add);
    troubles(after).stream()
        .filter(is -> troubles(before).stream().noneMatch(known -> sameText(known, is)))
        .map(is -> new Notice(Severity.WARNING, is.type(), is.message()))
        .forEach(notices::add);
    return notices;
  }

  /** The conditions that are there only while something is wrong. */
  private static List<StatusCondition> troubles(@Nullable List<StatusCondition> conditions) {
    return (conditions == null ? List.<StatusCondition>of() : conditions)
        .stream()
            .filter(condition -> !condition.type().equals(Condition.READY))
            .filter(condition -> condition.status().equals("True"))
            .toList();
  }

  /** Of a policy. */
  static List<Notice> ofPolicy(EgressPolicy.@Nullable Status before, EgressPolicy.Status after) {
    List<Notice> notices = new ArrayList<>();
    String from = before == null ? null : before.node();
    String to = after.node();
    if (from != null && to != null && !from.equals(to)) {
      notices.add(
          new Notice(
              Severity.NORMAL,
              "EgressNodeChanged",
              "the egress IP moved from node " + from + " to node " + to));
    }
    notices.addAll(ofAddresses(before == null ? null : before.eip(), after.eip()));
    notices.addAll(ofConditions(before == null ? null : before.conditions(), after.conditions()));
    return notices;
  }

  private static List<Notice> ofAddresses(
      EgressPolicy.@Nullable Eip before, EgressPolicy.@Nullable Eip after) {
    String was = text(before);
    String is = text(after);
    if (was.equals(is)) {
      return List.of();
    }
    return List.of(
        is.isEmpty()
            ? new Notice(Severity.NORMAL, "EgressIPReleased", "it has " + was + " no more")
            : new Notice(
                Severity.NORMAL,
                "EgressIPAssigned",
                "it has " + is + (was.isEmpty() ? "" : " instead of " + was)));
  }

  private static String text(EgressPolicy.@Nullable Eip eip) {
    return eip == null
        ? ""
        : Stream.of(Optional.ofNullable(eip.ipv4()), Optional.ofNullable(eip.ipv6()))
            .flatMap(Optional::stream)
            .collect(Collectors.joining(" and "));
  }

  /** Of a tunnel. */
  static List<Notice> ofTunnel(EgressTunnel.@Nullable Status before, EgressTunnel.Status after) {
    EgressTunnel.Phase was = before == null ? null : before.phase();
    EgressTunnel.Phase is = after.phase();
    return is == null || is == was
        ? List.of()
        : List.of(new Notice(Severity.NORMAL, "StatusChanged", "status changes to " + is));
  }

  private static Optional<Notice> notice(Optional<StatusCondition> was, StatusCondition is) {
    if (is.status().equals("True")) {
      return was.filter(before -> !before.status().equals("True")).isPresent() || was.isEmpty()
          ? Optional.of(new Notice(Severity.NORMAL, Condition.READY, is.message()))
          : Optional.empty();
    }
    return PASSING.contains(is.reason())
        ? Optional.empty()
        : Optional.of(new Notice(Severity.WARNING, is.reason(), is.message()));
  }

  private static Optional<StatusCondition> ready(@Nullable List<StatusCondition> conditions) {
    return (conditions == null ? List.<StatusCondition>of() : conditions)
        .stream().filter(condition -> condition.type().equals(Condition.READY)).findFirst();
  }

  private static boolean sameText(StatusCondition one, StatusCondition other) {
    return one.status().equals(other.status())
        && Objects.equals(one.reason(), other.reason())
        && Objects.equals(one.message(), other.message());
  }
}
