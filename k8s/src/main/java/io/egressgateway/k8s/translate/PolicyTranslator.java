package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.EgressPolicySpec;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.Priority;
import io.egressgateway.core.model.Selection;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.EgressPolicy.AppliedTo;
import io.egressgateway.k8s.crd.EgressPolicy.EgressIp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads an EgressPolicy and judges everything about it that needs no other object. */
public final class PolicyTranslator {

  private static final String GATEWAY = "spec.egressGatewayName";
  private static final String EGRESS_IP = "spec.egressIP";
  private static final String APPLIED_TO = "spec.appliedTo";
  private static final String ROUND_ROBIN = "rr";

  private PolicyTranslator() {}

  /**
   * The spec, or everything that is wrong with it.
   *
   * @param fallback the gateway of a policy that names none
   */
  public static Translation<EgressPolicySpec> translate(
      EgressPolicy policy, Optional<GatewayName> fallback) {
    List<Violation> violations = new ArrayList<>();
    EgressPolicy.Spec spec = policy.getSpec();
    Optional<GatewayName> gateway =
        gateway(spec == null ? null : spec.egressGatewayName(), fallback, violations);
    EgressIpRequest request = request(spec == null ? null : spec.egressIP(), violations);
    Optional<Selection> selection = selection(spec == null ? null : spec.appliedTo(), violations);
    CidrSet destinations = destinations(spec == null ? null : spec.destSubnet(), violations);
    Priority priority = priority(spec == null ? null : spec.priority(), violations);
    return gateway.isPresent() && selection.isPresent() && violations.isEmpty()
        ? new Translation.Valid<>(
            new EgressPolicySpec(gateway.get(), request, selection.get(), destinations, priority))
        : new Translation.Invalid<>(violations);
  }

  private static Optional<GatewayName> gateway(
      @Nullable String field, Optional<GatewayName> fallback, List<Violation> violations) {
    Optional<String> text = Texts.text(field);
    if (text.isEmpty()) {
      if (fallback.isEmpty()) {
        violations.add(
            new Violation(
                GATEWAY,
                "",
                "no gateway is named, and neither the namespace nor the cluster has a default",
                "name an EgressGateway, label the namespace spidernet.io/egressgateway-default, or"
                    + " set spec.clusterDefault of an EgressGateway"));
      }
      return fallback;
    }
    try {
      return Optional.of(new GatewayName(text.get()));
    } catch (IllegalArgumentException notAName) {
      violations.add(
          new Violation(GATEWAY, text.get(), reason(notAName), "name an existing EgressGateway"));
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
      violations.add(nodeAddress(named));
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

  private static Violation nodeAddress(boolean named) {
    return new Violation(
        EGRESS_IP + ".useNodeIP",
        "true",
        named
            ? "a policy uses either the node's address or an address of its own"
            : "the node's own address is not available in this version",
        "set it to false; name ipv4 or ipv6, or leave both empty for the gateway's default");
  }

  private static Optional<Selection> selection(
      @Nullable AppliedTo field, List<Violation> violations) {
    List<String> subnets = Texts.items(field == null ? null : field.podSubnet());
    if (!subnets.isEmpty()) {
      violations.add(
          new Violation(
              APPLIED_TO + ".podSubnet",
              String.join(",", subnets),
              "selection by subnet is not available in this version",
              "remove it and select the pods by podSelector"));
      return Optional.empty();
    }
    Optional<LabelSelector> selector =
        SelectorTranslator.read(
            APPLIED_TO + ".podSelector", field == null ? null : field.podSelector(), violations);
    return selector.map(found -> new Selection.Pods(found, Optional.empty()));
  }

  private static CidrSet destinations(@Nullable List<String> field, List<Violation> violations) {
    List<String> items = Texts.items(field);
    List<Cidr> cidrs = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      Optional<Cidr> cidr = Cidr.parseCidrOrAddress(items.get(i));
      cidr.ifPresent(cidrs::add);
      if (cidr.isEmpty()) {
        violations.add(
            new Violation(
                "spec.destSubnet[" + i + "]",
                items.get(i),
                "neither a CIDR nor an address",
                "write a CIDR such as 10.6.1.92/32"));
      }
    }
    return CidrSet.of(cidrs);
  }

  /** Zero is what the ancestor stored for "none". */
  private static Priority priority(@Nullable Long field, List<Violation> violations) {
    if (field == null || field == 0) {
      return Priority.NAMESPACED_DEFAULT;
    }
    if (field < 1 || field > Priority.MAX) {
      violations.add(
          new Violation(
              "spec.priority",
              field.toString(),
              "out of range",
              "write a number from 1 to " + Priority.MAX + ", or leave it empty"));
      return Priority.NAMESPACED_DEFAULT;
    }
    return new Priority(field.intValue());
  }

  private static String reason(IllegalArgumentException refusal) {
    return Optional.ofNullable(refusal.getMessage()).orElse("not valid");
  }
}
