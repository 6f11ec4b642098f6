package io.egressgateway.policy.plan;

import io.egressgateway.core.event.NodeEvent.TunnelIdentity;
import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.ClassRule;
import io.egressgateway.core.plan.Mesh;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.core.plan.TunnelSettings;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Merges everything that concerns a node into its plan. The result depends on the input's values
 * and on the class numbers that were given before, on nothing else.
 */
public final class NodePlanner {
  private NodePlanner() {}

  /**
   * Stands for an egress IP that is not known: it never has a route, so its packets are dropped.
   */
  public static final EipNumber NOWHERE = new EipNumber(EipNumber.MAX);

  /**
   * Everything that concerns a node.
   *
   * @param place the node's own place in the cluster
   * @param policiesByPod the policies that select each local pod
   * @param answers what policies and egress IPs have told
   * @param held the egress IPs that the node itself shall hold
   */
  public record Input(
      Place place,
      SortedMap<IpAddress, SortedSet<PolicyKey>> policiesByPod,
      Answers answers,
      SortedMap<EipNumber, IpAddress> held) {
    public Input {
      policiesByPod = Collections.unmodifiableSortedMap(new TreeMap<>(policiesByPod));
      held = Collections.unmodifiableSortedMap(new TreeMap<>(held));
    }
  }

  /**
   * What policies and egress IPs have told.
   *
   * @param bindings what each policy does; one that does nothing is absent
   * @param routes where each egress IP is
   * @param unanswered who ought to have answered long ago
   */
  public record Answers(
      SortedMap<PolicyKey, Binding> bindings,
      SortedMap<IpAddress, EipRoute> routes,
      Unanswered unanswered) {
    public Answers {
      bindings = Collections.unmodifiableSortedMap(new TreeMap<>(bindings));
      routes = Collections.unmodifiableSortedMap(new TreeMap<>(routes));
    }
  }

  /**
   * Who ought to have answered long ago. Packets that they may concern are dropped: sent on, they
   * might leave with an address that is not theirs.
   */
  public record Unanswered(SortedSet<PolicyKey> policies, SortedSet<IpAddress> eips) {
    public Unanswered {
      policies = Collections.unmodifiableSortedSet(new TreeSet<>(policies));
      eips = Collections.unmodifiableSortedSet(new TreeSet<>(eips));
    }

    /** Everybody has answered. */
    public static Unanswered nothing() {
      return new Unanswered(Collections.emptySortedSet(), Collections.emptySortedSet());
    }
  }

  /** A node's own place in the cluster. */
  public record Place(NodeName node, TunnelIdentity tunnel, NodeInventory inventory) {}

  /** A plan without a revision yet, and the class numbers to make the next one with. */
  public record Draft(NodePlan plan, ClassTable classes) {}

  /** Merges; the plan is at revision zero until somebody numbers it. */
  public static Draft plan(Input input, ClassTable before) {
    ClassTable classes = before.of(input.policiesByPod().values());
    Mesh mesh = mesh(input.place());
    SortedSet<ClassRule> rules = rules(input, classes);
    return new Draft(
        new NodePlan(
            Revision.ZERO,
            mesh,
            new Selection(
                input.place().inventory().clusterCidrs(), endpoints(input, classes), rules),
            new Ownership(routes(input, rules), input.held())),
        classes);
  }

  private static Mesh mesh(Place place) {
    TreeMap<NodeName, TunnelEndpoint> peers = new TreeMap<>(place.inventory().peers());
    peers.remove(place.node());
    return Mesh.of(
        TunnelAddressing.endpoint(place.node(), place.inventory().underlay(), place.tunnel()),
        place.inventory().tunnel(),
        peers.values());
  }

  private static SortedMap<IpAddress, ClassNumber> endpoints(Input input, ClassTable classes) {
    TreeMap<IpAddress, ClassNumber> endpoints = new TreeMap<>();
    input
        .policiesByPod()
        .forEach(
            (pod, policies) ->
                Optional.ofNullable(classes.numbers().get(policies))
                    .ifPresent(number -> endpoints.put(pod, number)));
    return endpoints;
  }

  /**
   * What the plan makes of a new connection from a local pod to the destination, by the rules that
   * {@link #plan} puts into it.
   */
  public static Verdict verdict(Input input, IpAddress pod, IpAddress destination) {
    if (input.place().inventory().clusterCidrs().contains(destination)) {
      return new Verdict.LeftAlone(Verdict.Reason.INSIDE_THE_CLUSTER, Optional.empty());
    }
    SortedSet<PolicyKey> policies = input.policiesByPod().get(pod);
    if (policies == null || policies.isEmpty()) {
      return new Verdict.LeftAlone(Verdict.Reason.NOT_SELECTED, Optional.empty());
    }
    Verdict verdict =
        ClassRules.verdict(Known.of(input).contest(input.answers(), policies), destination);
    return verdict instanceof Verdict.Taken taken ? routed(input, taken) : verdict;
  }

  private static Verdict.Taken routed(Input input, Verdict.Taken taken) {
    EipRoute route =
        Optional.ofNullable(input.answers().routes().get(taken.address()))
            .map(
                known ->
                    new EipRoute(
                        known.number(),
                        known.holder().filter(node -> number(input.place(), node).isPresent()),
                        known.epoch()))
            .orElse(taken.route());
    return new Verdict.Taken(taken.policy(), taken.priority(), taken.address(), route);
  }

  /** What all classes of a node have in common. */
  private record Known(
      SortedMap<IpAddress, EipNumber> eips, SortedSet<EipNumber> unheld, Set<IpFamily> tunnelled) {

    static Known of(Input input) {
      Answers answers = input.answers();
      TreeMap<IpAddress, EipNumber> eips = new TreeMap<>();
      answers.unanswered().eips().forEach(address -> eips.put(address, NOWHERE));
      answers.routes().forEach((address, route) -> eips.put(address, route.number()));
      TreeSet<EipNumber> unheld = new TreeSet<>();
      answers.routes().values().stream()
          .filter(route -> route.holder().isEmpty())
          .forEach(route -> unheld.add(route.number()));
      return new Known(
          eips, unheld, NodePlanner.tunnelled(input.place().inventory().tunnel().subnets()));
    }

    ClassRules.Contest contest(Answers answers, SortedSet<PolicyKey> policies) {
      TreeMap<PolicyKey, Binding> bindings = new TreeMap<>();
      for (PolicyKey policy : policies) {
        Optional.ofNullable(answers.bindings().get(policy))
            .ifPresent(binding -> bindings.put(policy, binding));
      }
      boolean blind = policies.stream().anyMatch(answers.unanswered().policies()::contains);
      return new ClassRules.Contest(
          bindings, eips, unheld, blind ? Optional.of(NOWHERE) : Optional.empty(), tunnelled);
    }
  }

  private static SortedSet<ClassRule> rules(Input input, ClassTable classes) {
    Known known = Known.of(input);
    TreeSet<ClassRule> rules = new TreeSet<>();
    classes
        .numbers()
        .forEach(
            (policies, number) ->
                rules.addAll(ClassRules.resolve(number, known.contest(input.answers(), policies))));
    return rules;
  }

  private static Set<IpFamily> tunnelled(TunnelSettings.Subnets subnets) {
    Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
    subnets.ipv4().ifPresent(subnet -> families.add(IpFamily.IPV4));
    subnets.ipv6().ifPresent(subnet -> families.add(IpFamily.IPV6));
    return families;
  }

  /** Only what the rules use; an egress IP whose holder is no peer is as good as nowhere. */
  private static SortedMap<EipNumber, NodeNumber> routes(Input input, SortedSet<ClassRule> rules) {
    TreeSet<EipNumber> used = new TreeSet<>();
    rules.forEach(rule -> used.add(rule.eip()));
    TreeMap<EipNumber, NodeNumber> routes = new TreeMap<>();
    for (EipRoute route : input.answers().routes().values()) {
      if (used.contains(route.number())) {
        route
            .holder()
            .flatMap(holder -> number(input.place(), holder))
            .ifPresent(node -> routes.put(route.number(), node));
      }
    }
    return routes;
  }

  private static Optional<NodeNumber> number(Place place, NodeName node) {
    return node.equals(place.node())
        ? Optional.of(place.tunnel().number())
        : Optional.ofNullable(place.inventory().peers().get(node)).map(TunnelEndpoint::number);
  }
}
