package io.egressgateway.k8s.egctl;

import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.EgressPolicySpec;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Labels;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Selection;
import io.egressgateway.k8s.egctl.Explanation.Answer;
import io.egressgateway.k8s.translate.PodFacts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Which policies select a pod, the strongest first, and which one a destination falls to. */
final class PodExplanations {
  private PodExplanations() {}

  /**
   * A policy, as far as it can be acted on.
   *
   * @param outcome what its status says, for people
   */
  record Candidate(EgressPolicySpec spec, String outcome) {}

  /**
   * @param namespace labels of the pod's namespace
   * @param spared what is inside the cluster, as far as the EgressClusterInfo says
   * @param destination absent: any
   */
  record Question(
      PodFacts pod, Labels namespace, CidrSet spared, Optional<IpAddress> destination) {}

  static List<Answer> answers(Question question, SortedMap<PolicyKey, Candidate> policies) {
    List<PolicyKey> selecting =
        policies.keySet().stream()
            .filter(key -> selects(key, policies.get(key).spec().selection(), question))
            .sorted(
                Comparator.comparing((PolicyKey key) -> policies.get(key).spec().priority())
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    List<Answer> answers = new ArrayList<>();
    if (selecting.isEmpty()) {
      answers.add(
          new Answer(
              "policies", "none selects it: its packets leave as if there were no egress gateway"));
    }
    for (int i = 0; i < selecting.size(); i++) {
      Candidate policy = policies.get(selecting.get(i));
      answers.add(
          new Answer(
              (i + 1) + ".",
              selecting.get(i)
                  + ", priority "
                  + policy.spec().priority()
                  + ", to "
                  + destinations(policy.spec())
                  + ": "
                  + policy.outcome()));
    }
    question
        .destination()
        .ifPresent(
            to -> answers.add(new Answer("to " + to, verdict(question, to, selecting, policies))));
    return answers;
  }

  private static String verdict(
      Question question,
      IpAddress to,
      List<PolicyKey> selecting,
      SortedMap<PolicyKey, Candidate> policies) {
    if (question.spared().contains(to)) {
      return "inside the cluster, as EgressClusterInfo default says: no policy takes it";
    }
    return selecting.stream()
        .filter(key -> takes(policies.get(key).spec(), to))
        .findFirst()
        .map(key -> key + ": " + policies.get(key).outcome())
        .orElse("no policy takes it: it leaves as if there were no egress gateway");
  }

  private static boolean takes(EgressPolicySpec spec, IpAddress to) {
    return spec.destinations().isEmpty() || spec.destinations().contains(to);
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
    return inScope
        && switch (selection) {
          case Selection.Pods pods -> pods.podSelector().matches(question.pod().labels());
          case Selection.Subnets subnets ->
              question.pod().addresses().stream().anyMatch(subnets.cidrs()::contains);
        };
  }
}
