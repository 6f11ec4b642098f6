package io.egressgateway.node.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.plan.ClassRule;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FlowReviewTest {
  private static final int SEEDS = 50;
  private static final Selection SELECTION =
      new Selection(
          Plans.CLUSTER,
          new TreeMap<>(
              Map.of(
                  IpAddress.of("10.244.1.5"), new ClassNumber(1),
                  IpAddress.of("fd44::5"), new ClassNumber(1))),
          new TreeSet<>(List.of(rule("8.0.0.0/8", 1), rule("9.9.9.9/32", 2), rule("2000::/3", 1))));

  private static ClassRule rule(String destination, int eip) {
    return new ClassRule(new ClassNumber(1), Cidr.of(destination), new EipNumber(eip));
  }

  @ParameterizedTest
  @CsvSource({
    "10.244.1.5, 8.8.8.8,     0x26000001, false",
    "10.244.1.5, 9.9.9.9,     0x26000002, false",
    "fd44::5,    2001:db8::1, 0x26000001, false",
    // Another egress IP is chosen for it today.
    "10.244.1.5, 8.8.8.8,     0x26000002, true",
    // No policy is for this destination.
    "10.244.1.5, 9.9.9.10,    0x26000002, true",
    "10.244.1.5, 1.1.1.1,     0x26000001, true",
    // It has become the cluster's own.
    "10.244.1.5, 10.96.0.10,  0x26000001, true",
    // The pod is gone, or no policy selects it.
    "10.244.1.6, 8.8.8.8,     0x26000001, true",
    "fd44::6,    2001:db8::1, 0x26000001, true",
  })
  void onlyFlowsThatWouldBeSentOtherwiseAreObsolete(
      String source, String destination, String mark, boolean obsolete) {
    assertThat(
            new FlowReview(SELECTION, KernelNumbers.USUAL)
                .isObsolete(IpAddress.of(source), IpAddress.of(destination), Integer.decode(mark)))
        .isEqualTo(obsolete);
  }

  @Test
  void whatTheMapsOfAnySelectionSayIsKept() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Selection selection = Plans.random(new Random(seed)).selection();
      assertNoneObsolete(flows(selection), selection);
    }
  }

  @Test
  void aChangeThatEndsNoWayMakesNoFlowObsolete() {
    int unasked = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      NodePlan plan = Plans.random(random);
      for (NodePlan next : List.of(more(plan, random), less(plan, random), Plans.random(random))) {
        if (!delta(plan, next).endsWays()) {
          unasked++;
          assertNoneObsolete(flows(plan.selection()), next.selection());
        }
      }
    }
    assertThat(unasked).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.244.1.6", "fd44::6"})
  void aPodMoreEndsNoWayAndAPodLessDoes(String pod) {
    NodePlan without = Plans.plan(Plans.mesh(1, 2), SELECTION, Plans.routedTo(2));
    SortedMap<IpAddress, ClassNumber> endpoints = new TreeMap<>(SELECTION.endpoints());
    endpoints.put(IpAddress.of(pod), new ClassNumber(1));
    NodePlan with = with(without, SELECTION.clusterCidrs(), endpoints, SELECTION.rules());

    assertThat(delta(without, with).endsWays()).isFalse();
    assertThat(delta(with, without).endsWays()).isTrue();
  }

  @Test
  void aNetworkThatBecomesTheClustersEndsWays() {
    NodePlan before = Plans.plan(Plans.mesh(1, 2), SELECTION, Plans.routedTo(2));
    NodePlan after =
        with(
            before,
            SELECTION.clusterCidrs().plus(Cidr.of("9.9.9.0/24")),
            SELECTION.endpoints(),
            SELECTION.rules());

    assertThat(delta(before, after).endsWays()).isTrue();
  }

  private record Flow(IpAddress source, IpAddress destination, int mark) {}

  /** One connection for each pod and rule of its class. */
  private static List<Flow> flows(Selection selection) {
    List<Flow> flows = new ArrayList<>();
    selection
        .endpoints()
        .forEach(
            (pod, endpointClass) ->
                selection.rules().stream()
                    .filter(rule -> rule.endpointClass().equals(endpointClass))
                    .map(
                        rule ->
                            new Flow(
                                pod,
                                rule.destination().last(),
                                KernelNumbers.USUAL.egress(rule.eip())))
                    .filter(flow -> !selection.clusterCidrs().contains(flow.destination))
                    .forEach(flows::add));
    return flows;
  }

  private static void assertNoneObsolete(List<Flow> flows, Selection selection) {
    FlowReview review = new FlowReview(selection, KernelNumbers.USUAL);
    for (Flow flow : flows) {
      assertThat(review.isObsolete(flow.source, flow.destination, flow.mark))
          .as("%s", flow)
          .isFalse();
    }
  }

  private static KernelDelta delta(NodePlan before, NodePlan after) {
    return KernelDelta.between(
        DesiredKernel.of(after, Plans.uplink(), Tenure.UNLEASED),
        DesiredKernel.of(before, Plans.uplink(), Tenure.UNLEASED).state());
  }

  /** With pods and classes of another plan beside its own. */
  private static NodePlan more(NodePlan plan, Random random) {
    Selection own = plan.selection();
    Selection other = Plans.random(random).selection();
    SortedMap<IpAddress, ClassNumber> endpoints = new TreeMap<>(other.endpoints());
    endpoints.putAll(own.endpoints());
    Set<ClassNumber> known =
        own.rules().stream().map(ClassRule::endpointClass).collect(Collectors.toSet());
    SortedSet<ClassRule> rules = new TreeSet<>(own.rules());
    other.rules().stream()
        .filter(rule -> !known.contains(rule.endpointClass()))
        .forEach(rules::add);
    return with(plan, own.clusterCidrs(), endpoints, rules);
  }

  /** Without some of its pods. */
  private static NodePlan less(NodePlan plan, Random random) {
    SortedMap<IpAddress, ClassNumber> endpoints = new TreeMap<>(plan.selection().endpoints());
    endpoints.keySet().removeIf(pod -> random.nextBoolean());
    Selection own = plan.selection();
    return with(plan, own.clusterCidrs(), endpoints, own.rules());
  }

  private static NodePlan with(
      NodePlan plan,
      CidrSet clusterCidrs,
      SortedMap<IpAddress, ClassNumber> endpoints,
      SortedSet<ClassRule> rules) {
    return Plans.plan(plan.mesh(), new Selection(clusterCidrs, endpoints, rules), plan.ownership());
  }
}
