package io.egressgateway.policy.plan;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.FailMode;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.plan.ClassRule;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Resolves the policies of a class to rules that do not overlap, since the kernel's interval maps
 * allow no overlap: what a stronger policy takes is cut out of the weaker ones.
 */
final class ClassRules {

  private ClassRules() {}

  private record Contender(PolicyKey policy, Binding binding, IpAddress address, EipNumber eip) {
    /** The lower priority value wins, then a namespaced policy, then the key's order. */
    static final Comparator<Contender> STRONGEST_FIRST =
        Comparator.comparing((Contender contender) -> contender.binding().priority())
            .thenComparing(Contender::policy);

    /**
     * What it takes is left alone, and yet kept from weaker policies; but not while a policy of the
     * class has not told what it takes: that one may not want it let out.
     */
    boolean letsPass(Contest contest) {
      return binding.failMode() == FailMode.OPEN
          && contest.unheld().contains(eip)
          && contest.rest().isEmpty();
    }

    Verdict verdict(Contest contest) {
      return letsPass(contest)
          ? new Verdict.LeftAlone(Verdict.Reason.FAILS_OPEN, Optional.of(policy))
          : new Verdict.Taken(
              policy, binding.priority(), address, new EipRoute(eip, Optional.empty(), Epoch.ZERO));
    }
  }

  /**
   * What the policies of a class compete with.
   *
   * @param bindings what each policy of the class does; a policy that does nothing is absent
   * @param eips the number of each egress IP
   * @param unheld the egress IPs that are known to be held by nobody
   * @param rest what becomes of packets that no binding takes; absent if they are left alone
   * @param tunnelled the families that the tunnel carries: others do not get a node's own address
   */
  record Contest(
      SortedMap<PolicyKey, Binding> bindings,
      SortedMap<IpAddress, EipNumber> eips,
      SortedSet<EipNumber> unheld,
      Optional<EipNumber> rest,
      Set<IpFamily> tunnelled) {}

  /** The rules of one class. */
  static SortedSet<ClassRule> resolve(ClassNumber number, Contest contest) {
    TreeSet<ClassRule> rules = new TreeSet<>();
    for (IpFamily family : IpFamily.values()) {
      CidrSet taken = CidrSet.empty();
      for (Contender contender : contenders(family, contest)) {
        CidrSet wanted = destinations(contender.binding(), family);
        if (!contender.letsPass(contest)) {
          for (Cidr destination : wanted.minus(taken).cidrs()) {
            rules.add(new ClassRule(number, destination, contender.eip()));
          }
        }
        taken = taken.plus(wanted);
      }
      if (contest.rest().isPresent()) {
        CidrSet rest = CidrSet.of(Cidr.everything(family)).minus(taken);
        rest.cidrs()
            .forEach(
                destination -> rules.add(new ClassRule(number, destination, contest.rest().get())));
      }
    }
    return rules;
  }

  /**
   * What the rules of the class do with a destination, and for which policy's sake. The route has
   * the number alone.
   */
  static Verdict verdict(Contest contest, IpAddress destination) {
    IpFamily family = destination.family();
    Optional<Contender> first =
        contenders(family, contest).stream()
            .filter(contender -> destinations(contender.binding(), family).contains(destination))
            .findFirst();
    if (first.isPresent()) {
      return first.get().verdict(contest);
    }
    return contest.rest().isPresent()
        ? new Verdict.Unanswered()
        : new Verdict.LeftAlone(reason(contest, destination), withoutEip(contest, destination));
  }

  private static Verdict.Reason reason(Contest contest, IpAddress destination) {
    return withoutEip(contest, destination).isPresent()
        ? Verdict.Reason.NO_EGRESS_IP_OF_THE_FAMILY
        : Verdict.Reason.NOT_A_DESTINATION;
  }

  /** The strongest policy that would take the destination if it had an egress IP for it. */
  private static Optional<PolicyKey> withoutEip(Contest contest, IpAddress destination) {
    return contest.bindings().entrySet().stream()
        .filter(entry -> eip(entry.getValue(), destination.family(), contest).isEmpty())
        .filter(entry -> destinations(entry.getValue(), destination.family()).contains(destination))
        .min(
            Comparator.comparing(
                    (Map.Entry<PolicyKey, Binding> entry) -> entry.getValue().priority())
                .thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey);
  }

  private static List<Contender> contenders(IpFamily family, Contest contest) {
    Map<PolicyKey, Contender> contenders = new TreeMap<>();
    contest
        .bindings()
        .forEach(
            (policy, binding) ->
                eip(binding, family, contest)
                    .ifPresent(
                        eip ->
                            contenders.put(
                                policy,
                                new Contender(policy, binding, eip.getKey(), eip.getValue()))));
    return contenders.values().stream().sorted(Contender.STRONGEST_FIRST).toList();
  }

  private static Optional<Map.Entry<IpAddress, EipNumber>> eip(
      Binding binding, IpFamily family, Contest contest) {
    return binding.eips().stream()
        .filter(
            address ->
                NodeAddressSlot.is(address)
                    ? contest.tunnelled().contains(family)
                    : address.family() == family)
        .findFirst()
        .flatMap(
            address ->
                Optional.ofNullable(contest.eips().get(address))
                    .map(number -> Map.entry(address, number)));
  }

  private static CidrSet destinations(Binding binding, IpFamily family) {
    return binding.destinations().isEmpty()
        ? CidrSet.of(Cidr.everything(family))
        : binding.destinations().only(family);
  }
}
