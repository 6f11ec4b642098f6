package io.egressgateway.k8s.egctl;

import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.EgressPolicySpec;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.Labels;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Selection;
import io.egressgateway.k8s.egctl.Explanation.Answer;
import io.egressgateway.k8s.translate.ClusterNetworks;
import io.egressgateway.k8s.translate.PodFacts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/** Which policies select a pod, the strongest first, and which one a destination falls to. */
final class PodExplanations {
  private static final Comparator<Map.Entry<PolicyKey, Candidate>> STRONGEST_FIRST =
      Comparator.comparing(
              (Map.Entry<PolicyKey, Candidate> policy) -> policy.getValue().spec().priority())
          .thenComparing(Map.Entry.comparingByKey());

  /** Of a pod that is none of ours. */
  static final Answer UNSELECTABLE =
      new Answer(
          "policies",
          "none can select it: it is on its node's network, has finished, or has no address yet");

  private PodExplanations() {}

  /**
   * A policy, as far as it can be acted on.
   *
   * @param addresses its egress IPs; none if it is refused
   * @param outcome what its status says, for people
   */
  record Candidate(EgressPolicySpec spec, SortedSet<IpAddress> addresses, String outcome) {
    boolean has(IpFamily family) {
      return addresses.stream()
          .anyMatch(address -> NodeAddressSlot.is(address) || address.family() == family);
    }

    /** Whether it takes what the pod, which it selects, sends there. */
    boolean takes(PodFacts pod, IpAddress to) {
      return has(to.family())
          && isOf(to.family(), pod.selectedBy(spec.selection()))
          && (spec.destinations().isEmpty() || spec.destinations().contains(to));
    }
  }

  private static boolean isOf(IpFamily family, Collection<IpAddress> addresses) {
    return addresses.stream().anyMatch(address -> address.family() == family);
  }

  /**
   * @param namespace labels of the pod's namespace
   * @param spared what no policy takes, as far as the EgressClusterInfo says
   * @param destination absent: any
   */
  record Question(
      PodFacts pod, Labels namespace, CidrSet spared, Optional<IpAddress> destination) {}

  static List<Answer> answers(Question question, SortedMap<PolicyKey, Candidate> policies) {
    List<Map.Entry<PolicyKey, Candidate>> selecting =
        policies.entrySet().stream()
            .filter(
                policy -> selects(policy.getKey(), policy.getValue().spec().selection(), question))
            .sorted(STRONGEST_FIRST)
            .toList();
    List<Answer> answers = new ArrayList<>();
    if (selecting.isEmpty()) {
      answers.add(
          new Answer(
              "policies", "none selects it: its packets leave as if there were no egress gateway"));
    }
    for (int i = 0; i < selecting.size(); i++) {
      Candidate policy = selecting.get(i).getValue();
      answers.add(
          new Answer(
              (i + 1) + ".",
              selecting.get(i).getKey()
                  + ", priority "
                  + policy.spec().priority()
                  + ", to "
                  + destinations(policy.spec())
                  + ": "
                  + policy.outcome()));
    }
    question
        .destination()
        .ifPresent(to -> answers.add(new Answer("to " + to, verdict(question, to, selecting))));
    return answers;
  }

  private static String verdict(
      Question question, IpAddress to, List<Map.Entry<PolicyKey, Candidate>> selecting) {
    if (!isOf(to.family(), question.pod().addresses())) {
      return "the pod has no " + to.family() + " address: it cannot send there";
    }
    if (ClusterNetworks.NEVER_OUTSIDE.contains(to)) {
      return "this host, this link or a group of receivers: no policy takes it";
    }
    if (question.spared().contains(to)) {
      return ClusterNetworks.LINK_LOCAL.contains(to)
          ? "link-local, and EgressClusterInfo default does not set spareLinkLocal to false: no"
              + " policy takes it"
          : "inside the cluster, as EgressClusterInfo default says: no policy takes it";
    }
    return selecting.stream()
        .filter(policy -> policy.getValue().takes(question.pod(), to))
        .findFirst()
        .map(policy -> policy.getKey() + ": " + policy.getValue().outcome())
        .orElse("no policy takes it: it leaves as if there were no egress gateway");
  }

  private static String destinations(EgressPolicySpec spec) {
    return spec.destinations().isEmpty()
        ? "everything outside the cluster"
        : spec.destinations().toString();
  }

  private static boolean selects(PolicyKey key, Selection selection, Question question) {
    boolean inScope =
        switch (key) {
          case PolicyKey.Namespaced namespaced ->
              namespaced.namespace().equals(question.pod().id().namespace());
          case PolicyKey.ClusterScoped ignored ->
              selection
                  .namespaceSelector()
                  .map(selector -> selector.matches(question.namespace()))
                  .orElse(true);
        };
    return inScope && !question.pod().selectedBy(selection).isEmpty();
  }
}
