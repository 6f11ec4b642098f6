package io.egressgateway.policy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.FailMode;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Priority;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.ClassRule;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.PlanDelta;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.core.plan.TunnelSettings;
import io.egressgateway.policy.testing.Property;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NodePlannerPropertyTest {
  private static final int POLICIES = 6;
  private static final int PODS = 12;
  private static final NodeName NODE = new NodeName("node-0");

  @Test
  void aPlanIsTheSameInWhateverOrderItsPartsCame() {
    Property.forAll(
        random -> {
          NodePlanner.Input input = input(random);
          NodePlanner.Input shuffled =
              new NodePlanner.Input(
                  input.place(),
                  shuffled(random, input.policiesByPod()),
                  new NodePlanner.Answers(
                      shuffled(random, input.answers().bindings()),
                      shuffled(random, input.answers().routes()),
                      input.answers().unanswered()),
                  input.held());

          assertThat(NodePlanner.plan(shuffled, ClassTable.empty()))
              .isEqualTo(NodePlanner.plan(input, ClassTable.empty()));
        });
  }

  private static <K extends Comparable<? super K>, V> SortedMap<K, V> shuffled(
      Random random, SortedMap<K, V> map) {
    List<K> keys = new ArrayList<>(map.keySet());
    Collections.shuffle(keys, random);
    TreeMap<K, V> copy = new TreeMap<>();
    keys.forEach(key -> Optional.ofNullable(map.get(key)).ifPresent(value -> copy.put(key, value)));
    return copy;
  }

  @Test
  void theRulesOfAClassDoNotOverlap() {
    Property.forAll(
        random -> {
          List<ClassRule> rules = List.copyOf(plan(input(random)).selection().rules());
          for (ClassRule one : rules) {
            for (ClassRule other : rules) {
              if (!one.equals(other) && one.endpointClass().equals(other.endpointClass())) {
                assertThat(one.destination().overlaps(other.destination()))
                    .as("%s and %s", one, other)
                    .isFalse();
              }
            }
          }
        });
  }

  @Test
  void aPacketGoesWhereTheStrongestPolicyThatTakesItSays() {
    Property.forAll(
        random -> {
          NodePlanner.Input input = input(random);
          NodePlan plan = plan(input);
          for (int i = 0; i < 20; i++) {
            IpAddress destination =
                random.nextBoolean()
                    ? new Ipv4Address(random.nextInt())
                    : new Ipv6Address(random.nextLong(), random.nextLong());
            input
                .policiesByPod()
                .forEach(
                    (pod, policies) ->
                        assertThat(eip(plan, pod, destination))
                            .as("from %s to %s", pod, destination)
                            .isEqualTo(expected(input, policies, destination)));
          }
        });
  }

  @Test
  void theVerdictIsWhatTheRulesOfThePlanSay() {
    Property.forAll(
        random -> {
          NodePlanner.Input input = input(random);
          if (random.nextInt(3) == 0) {
            input = withSilence(input, policy(random));
          }
          NodePlan plan = plan(input);
          for (int i = 0; i < 20; i++) {
            IpAddress destination =
                random.nextBoolean()
                    ? new Ipv4Address(random.nextInt())
                    : new Ipv6Address(random.nextLong(), random.nextLong());
            for (IpAddress pod : input.policiesByPod().keySet()) {
              Optional<EipNumber> eip =
                  plan.selection().clusterCidrs().contains(destination)
                      ? Optional.empty()
                      : eip(plan, pod, destination);

              Verdict verdict = NodePlanner.verdict(input, pod, destination);

              assertThat(number(verdict)).as("from %s to %s", pod, destination).isEqualTo(eip);
              assertThat(holder(verdict))
                  .isEqualTo(
                      eip.flatMap(
                          number -> Optional.ofNullable(plan.ownership().routes().get(number))));
            }
          }
        });
  }

  private static NodePlanner.Input withSilence(NodePlanner.Input input, PolicyKey silent) {
    TreeMap<PolicyKey, Binding> bindings = new TreeMap<>(input.answers().bindings());
    bindings.remove(silent);
    return new NodePlanner.Input(
        input.place(),
        input.policiesByPod(),
        new NodePlanner.Answers(
            bindings,
            input.answers().routes(),
            new NodePlanner.Unanswered(new TreeSet<>(List.of(silent)), new TreeSet<>())),
        input.held());
  }

  private static Optional<EipNumber> number(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Taken taken -> Optional.of(taken.route().number());
      case Verdict.Unanswered ignored -> Optional.of(NodePlanner.NOWHERE);
      case Verdict.LeftAlone ignored -> Optional.empty();
    };
  }

  /** Nodes are named by their numbers less one. */
  private static Optional<NodeNumber> holder(Verdict verdict) {
    return verdict instanceof Verdict.Taken taken
        ? taken
            .route()
            .holder()
            .map(node -> new NodeNumber(1 + Integer.parseInt(node.value().substring(5))))
        : Optional.empty();
  }

  private static Optional<EipNumber> eip(NodePlan plan, IpAddress pod, IpAddress destination) {
    ClassNumber number = Optional.ofNullable(plan.selection().endpoints().get(pod)).orElseThrow();
    return plan.selection().rules().stream()
        .filter(rule -> rule.endpointClass().equals(number))
        .filter(rule -> rule.destination().contains(destination))
        .map(ClassRule::eip)
        .findFirst();
  }

  /** What the binding does with the destination: an egress IP, or leaving it alone. */
  private static Stream<Optional<EipNumber>> outcome(
      NodePlanner.Answers answers, Binding binding, IpAddress destination) {
    return binding.eips().stream()
        .filter(eip -> eip.family() == destination.family())
        .map(eip -> Optional.ofNullable(answers.routes().get(eip)).orElseThrow())
        .map(
            route ->
                Optional.of(route.number())
                    .filter(
                        ignored ->
                            binding.failMode() == FailMode.CLOSED || route.holder().isPresent()));
  }

  private static Optional<EipNumber> expected(
      NodePlanner.Input input, SortedSet<PolicyKey> policies, IpAddress destination) {
    NodePlanner.Answers answers = input.answers();
    return policies.stream()
        .filter(answers.bindings()::containsKey)
        .sorted(
            Comparator.comparing(
                    (PolicyKey policy) ->
                        Optional.ofNullable(answers.bindings().get(policy))
                            .orElseThrow()
                            .priority())
                .thenComparing(policy -> policy))
        .map(policy -> Optional.ofNullable(answers.bindings().get(policy)).orElseThrow())
        .filter(
            binding ->
                binding.destinations().isEmpty() || binding.destinations().contains(destination))
        .flatMap(binding -> outcome(answers, binding, destination))
        .findFirst()
        .flatMap(outcome -> outcome);
  }

  @Test
  void onlyEgressIpsThatRulesUseHaveRoutes() {
    Property.forAll(
        random -> {
          NodePlan plan = plan(input(random));
          TreeSet<EipNumber> used = new TreeSet<>();
          plan.selection().rules().forEach(rule -> used.add(rule.eip()));

          assertThat(used).containsAll(plan.ownership().routes().keySet());
          assertThat(plan.mesh().peers()).doesNotContainKey(plan.mesh().self().number());
        });
  }

  @Test
  void aPodThatComesToAKnownClassIsOneEntry() {
    Property.forAll(
        random -> {
          NodePlanner.Input input = input(random);
          NodePlanner.Draft before = NodePlanner.plan(input, ClassTable.empty());
          TreeMap<IpAddress, SortedSet<PolicyKey>> pods = new TreeMap<>(input.policiesByPod());
          pods.put(IpAddress.of("10.9.9.9"), pods.firstEntry().getValue());

          NodePlanner.Draft after =
              NodePlanner.plan(
                  new NodePlanner.Input(input.place(), pods, input.answers(), input.held()),
                  before.classes());

          PlanDelta delta =
              PlanDelta.between(
                  before.plan().at(new Revision(1)), after.plan().at(new Revision(2)));
          assertThat(delta.selection().endpoints().put()).hasSize(1);
          assertThat(delta.selection().endpoints().remove()).isEmpty();
          assertThat(delta.selection().rules().isEmpty()).isTrue();
          assertThat(delta.ownership().routes().isEmpty()).isTrue();
        });
  }

  @Test
  void aPodThatGoesRenumbersNoOther() {
    Property.forAll(
        random -> {
          NodePlanner.Input input = input(random);
          NodePlanner.Draft before = NodePlanner.plan(input, ClassTable.empty());
          TreeMap<IpAddress, SortedSet<PolicyKey>> pods = new TreeMap<>(input.policiesByPod());
          pods.remove(pods.firstKey());

          NodePlan after =
              NodePlanner.plan(
                      new NodePlanner.Input(input.place(), pods, input.answers(), input.held()),
                      before.classes())
                  .plan();

          assertThat(before.plan().selection().endpoints())
              .containsAllEntriesOf(after.selection().endpoints());
        });
  }

  @Test
  void packetsOfASilentPolicyAreDroppedAndNoOthers() {
    Property.forAll(
        random -> {
          NodePlanner.Input input = input(random);
          PolicyKey silent = policy(random);
          NodePlan plan = plan(withSilence(input, silent));

          IpAddress destination = new Ipv4Address(random.nextInt());
          input
              .policiesByPod()
              .forEach(
                  (pod, policies) -> {
                    Optional<EipNumber> eip = eip(plan, pod, destination);
                    if (policies.contains(silent)) {
                      assertThat(eip).isPresent();
                    } else {
                      assertThat(eip).isNotEqualTo(Optional.of(NodePlanner.NOWHERE));
                    }
                  });
          assertThat(plan.ownership().routes()).doesNotContainKey(NodePlanner.NOWHERE);
        });
  }

  private static NodePlan plan(NodePlanner.Input input) {
    return NodePlanner.plan(input, ClassTable.empty()).plan();
  }

  private static NodePlanner.Input input(Random random) {
    TreeMap<IpAddress, SortedSet<PolicyKey>> pods = new TreeMap<>();
    for (int i = 0; i <= random.nextInt(PODS); i++) {
      TreeSet<PolicyKey> policies = new TreeSet<>();
      for (int n = 0; n <= random.nextInt(3); n++) {
        policies.add(policy(random));
      }
      pods.put(new Ipv4Address(0x0af40000 + i), policies);
    }
    TreeMap<PolicyKey, Binding> bindings = new TreeMap<>();
    for (int i = 0; i < POLICIES; i++) {
      if (random.nextInt(5) > 0) {
        bindings.put(policy(i), binding(random));
      }
    }
    TreeMap<IpAddress, EipRoute> routes = new TreeMap<>();
    for (int i = 0; i < 8; i++) {
      routes.put(
          eip(i),
          new EipRoute(
              new EipNumber(i + 1),
              random.nextBoolean()
                  ? Optional.of(new NodeName("node-" + random.nextInt(5)))
                  : Optional.empty(),
              Epoch.ZERO));
    }
    TreeMap<EipNumber, IpAddress> held = new TreeMap<>();
    held.put(new EipNumber(1), eip(0));
    return new NodePlanner.Input(
        place(),
        pods,
        new NodePlanner.Answers(bindings, routes, NodePlanner.Unanswered.nothing()),
        held);
  }

  private static Binding binding(Random random) {
    TreeSet<Cidr> destinations = new TreeSet<>();
    for (int i = 0; i < random.nextInt(4); i++) {
      destinations.add(
          random.nextInt(4) == 0
              ? new Cidr(new Ipv6Address(random.nextLong(), 0), random.nextInt(65))
              : new Cidr(new Ipv4Address(random.nextInt()), random.nextInt(33)));
    }
    TreeSet<IpAddress> eips = new TreeSet<>();
    if (random.nextInt(4) > 0) {
      eips.add(eip(2 * random.nextInt(4)));
    }
    if (random.nextInt(3) == 0) {
      eips.add(eip(2 * random.nextInt(4) + 1));
    }
    return new Binding(
        CidrSet.of(destinations),
        new Priority(1 + random.nextInt(3)),
        eips,
        random.nextBoolean() ? FailMode.CLOSED : FailMode.OPEN);
  }

  private static IpAddress eip(int index) {
    return index % 2 == 0 ? new Ipv4Address(0x0a000000 + index) : new Ipv6Address(1, index);
  }

  private static PolicyKey policy(Random random) {
    return policy(random.nextInt(POLICIES));
  }

  private static PolicyKey policy(int index) {
    return index % 2 == 0
        ? new PolicyKey.Namespaced("default", "policy-" + index)
        : new PolicyKey.ClusterScoped("policy-" + index);
  }

  private static NodePlanner.Place place() {
    TunnelSettings settings =
        new TunnelSettings(
            "egress.vxlan",
            100,
            7789,
            new TunnelSettings.Subnets(Optional.of(Cidr.of("172.31.0.0/16")), Optional.empty()));
    TreeMap<NodeName, TunnelEndpoint> peers = new TreeMap<>();
    for (int i = 0; i < 4; i++) {
      NodeName node = new NodeName("node-" + i);
      peers.put(
          node,
          TunnelAddressing.endpoint(
              node,
              new Ipv4Address(i),
              TunnelAddressing.identity(new NodeNumber(i + 1), settings.subnets())));
    }
    return new NodePlanner.Place(
        NODE,
        TunnelAddressing.identity(new NodeNumber(1), settings.subnets()),
        new NodeInventory(
            "uid",
            new NodeNumber(1),
            new Ipv4Address(0),
            settings,
            peers,
            CidrSet.of(Cidr.of("10.244.0.0/16"))));
  }
}
