package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.EgressPolicySpec;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.Priority;
import io.egressgateway.core.model.Selection;
import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.EgressPolicy.EgressIp;
import io.egressgateway.k8s.crd.EgressPolicyResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a policy of either kind and judges everything about it that needs no other object. */
public final class PolicyTranslator {

  private static final String GATEWAY = "spec.egressGatewayName";
  private static final String EGRESS_IP = "spec.egressIP";
  private static final String APPLIED_TO = "spec.appliedTo";
  private static final String DESTINATIONS = "spec.destSubnet";
  private static final String EXCEPTIONS = "spec.exceptSubnet";
  private static final String ROUND_ROBIN = "rr";
  private static final CidrSet EVERYTHING =
      CidrSet.of(Cidr.everything(IpFamily.IPV4), Cidr.everything(IpFamily.IPV6));

  private PolicyTranslator() {}

  /**
   * The spec, or everything that is wrong with it.
   *
   * @param fallback the gateway of a policy that names none, as {@link DefaultGateway#of} has it
   */
  public static Translation<EgressPolicySpec> translate(
      EgressPolicyResource policy, Optional<String> fallback) {
    List<Violation> violations = new ArrayList<>();
    PolicyFields fields = PolicyFields.of(policy);
    Optional<GatewayName> gateway = gateway(fields.gateway(), fallback, violations);
    EgressIpRequest request = request(fields.egressIp(), violations);
    Optional<Selection> selection = selection(fields.appliedTo(), violations);
    CidrSet destinations = destinations(fields.destinations(), violations);
    Priority priority = priority(fields.priority(), violations);
    return gateway.isPresent() && selection.isPresent() && violations.isEmpty()
        ? new Translation.Valid<>(
            new EgressPolicySpec(gateway.get(), request, selection.get(), destinations, priority))
        : new Translation.Invalid<>(violations);
  }

  /** Whether the policy says where to, other than by exceptions. */
  public static boolean namesDestinations(EgressPolicyResource policy) {
    return !Texts.items(PolicyFields.of(policy).destinations().subnets()).isEmpty();
  }

  /** Whether the policy leaves the choice of the gateway to a default. */
  public static boolean namesNoGateway(EgressPolicyResource policy) {
    return Texts.text(PolicyFields.of(policy).gateway()).isEmpty();
  }

  private static Optional<GatewayName> gateway(
      @Nullable String field, Optional<String> fallback, List<Violation> violations) {
    Optional<String> own = Texts.text(field);
    Optional<String> text = own.or(() -> fallback);
    if (text.isEmpty()) {
      violations.add(
          new Violation(
              GATEWAY,
              "",
              "no gateway is named, and neither the namespace nor the cluster has a default",
              "name an EgressGateway, label the namespace "
                  + ApiGroup.DEFAULT_GATEWAY_LABEL
                  + ", or set spec.clusterDefault of an EgressGateway"));
      return Optional.empty();
    }
    try {
      return Optional.of(new GatewayName(text.get()));
    } catch (IllegalArgumentException notAName) {
      String remedy =
          own.isPresent()
              ? "name an existing EgressGateway"
              : "name an existing EgressGateway here or in the namespace's label "
                  + ApiGroup.DEFAULT_GATEWAY_LABEL
                  + ", which has this";
      violations.add(new Violation(GATEWAY, text.get(), reason(notAName), remedy));
      return Optional.empty();
    }
  }

  /** What the policy asks for; any request where something is wrong. */
  private static EgressIpRequest request(@Nullable EgressIp field, List<Violation> violations) {
    if (field == null) {
      return new EgressIpRequest.Default();
    }
    Optional<String> ipv4Text = Texts.text(field.ipv4());
    Optional<String> ipv6Text = Texts.text(field.ipv6());
    Optional<Ipv4Address> ipv4 = ipv4Text.flatMap(Ipv4Address::parse);
    Optional<Ipv6Address> ipv6 = ipv6Text.flatMap(Ipv6Address::parse);
    if (ipv4.isPresent() != ipv4Text.isPresent()) {
      violations.add(notAnAddress("ipv4", "IPv4", ipv4Text.orElseThrow()));
    }
    if (ipv6.isPresent() != ipv6Text.isPresent()) {
      violations.add(notAnAddress("ipv6", "IPv6", ipv6Text.orElseThrow()));
    }
    boolean named = ipv4Text.isPresent() || ipv6Text.isPresent();
    if (Boolean.TRUE.equals(field.useNodeIP())) {
      if (named) {
        violations.add(nodeAddressAndOwn());
      }
      return new EgressIpRequest.NodeAddress();
    }
    if (ipv4.isPresent() || ipv6.isPresent()) {
      return new EgressIpRequest.Explicit(ipv4, ipv6);
    }
    // As in the ancestor, a value that nobody knows stands for the default.
    return ROUND_ROBIN.equals(field.allocatorPolicy())
        ? new EgressIpRequest.RoundRobin()
        : new EgressIpRequest.Default();
  }

  private static Violation notAnAddress(String name, String family, String text) {
    return new Violation(
        EGRESS_IP + "." + name,
        text,
        "not an " + family + " address",
        "write an " + family + " address of the gateway's pool, or leave it empty");
  }

  private static Violation nodeAddressAndOwn() {
    return new Violation(
        EGRESS_IP + ".useNodeIP",
        "true",
        "a policy uses either the node's address or an address of its own",
        "set it to false, or leave ipv4 and ipv6 empty");
  }

  private static Optional<Selection> selection(
      PolicyFields.AppliedTo field, List<Violation> violations) {
    Optional<LabelSelector> namespaces =
        SelectorTranslator.readOptional(
            APPLIED_TO + ".namespaceSelector", field.namespaceSelector(), violations);
    if (Texts.items(field.podSubnet()).isEmpty()) {
      return SelectorTranslator.read(APPLIED_TO + ".podSelector", field.podSelector(), violations)
          .map(found -> new Selection.Pods(found, namespaces));
    }
    if (SelectorTranslator.saysSomething(field.podSelector())) {
      violations.add(
          new Violation(
              APPLIED_TO,
              "",
              "podSelector and podSubnet are both set, and exclude each other",
              "keep one of them"));
      return Optional.empty();
    }
    CidrSet pods = CidrTranslator.read(APPLIED_TO + ".podSubnet", field.podSubnet(), violations);
    return pods.isEmpty() ? Optional.empty() : Optional.of(new Selection.Subnets(pods, namespaces));
  }

  /** What is taken, without what is excepted; empty if everything is taken. */
  private static CidrSet destinations(
      PolicyFields.Destinations fields, List<Violation> violations) {
    CidrSet taken = CidrTranslator.read(DESTINATIONS, fields.subnets(), violations);
    CidrSet excepted = CidrTranslator.read(EXCEPTIONS, fields.exceptions(), violations);
    if (excepted.isEmpty() || !violations.isEmpty()) {
      return taken;
    }
    CidrSet left = (taken.isEmpty() ? EVERYTHING : taken).minus(excepted);
    if (left.isEmpty()) {
      violations.add(
          new Violation(
              EXCEPTIONS,
              "",
              "nothing is left of the destinations",
              "except less, or delete the policy"));
    } else if (left.cidrs().size() > CidrTranslator.ITEMS_MAX) {
      violations.add(
          CidrTranslator.tooMany(
              EXCEPTIONS, left.cidrs().size() + " blocks are left of the destinations"));
    }
    return left;
  }

  /** Zero is what the ancestor stored for "none". */
  private static Priority priority(PolicyFields.PriorityField field, List<Violation> violations) {
    Long value = field.value();
    if (value == null || value == 0) {
      return field.otherwise();
    }
    if (value < 1 || value > Priority.MAX) {
      violations.add(
          new Violation(
              "spec.priority",
              value.toString(),
              "out of range",
              "write a number from 1 to " + Priority.MAX + ", or leave it empty"));
      return field.otherwise();
    }
    return new Priority(value.intValue());
  }

  private static String reason(IllegalArgumentException refusal) {
    return Optional.ofNullable(refusal.getMessage()).orElse("not valid");
  }
}
