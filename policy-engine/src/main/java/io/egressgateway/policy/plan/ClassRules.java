package io.egressgateway.policy.plan;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.EipNumber;
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

  private record Contender(PolicyKey policy, Binding binding, EipNumber eip) {
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

  private static List<Contender> contenders(IpFamily family, Contest contest) {
    Map<PolicyKey, Contender> contenders = new TreeMap<>();
    contest
        .bindings()
        .forEach(
            (policy, binding) ->
                eip(binding, family, contest)
                    .ifPresent(eip -> contenders.put(policy, new Contender(policy, binding, eip))));
    return contenders.values().stream().sorted(Contender.STRONGEST_FIRST).toList();
  }

  private static Optional<EipNumber> eip(Binding binding, IpFamily family, Contest contest) {
    return binding.eips().stream()
        .filter(
            address ->
                NodeAddressSlot.is(address)
                    ? contest.tunnelled().contains(family)
                    : address.family() == family)
        .findFirst()
        .flatMap(address -> Optional.ofNullable(contest.eips().get(address)));
  }

  private static CidrSet destinations(Binding binding, IpFamily family) {
    return binding.destinations().isEmpty()
        ? CidrSet.of(Cidr.everything(family))
        : binding.destinations().only(family);
  }
}
