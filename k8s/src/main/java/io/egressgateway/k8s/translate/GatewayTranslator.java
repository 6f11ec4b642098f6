package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.ClusterDefault;
import io.egressgateway.core.model.ConnectionReplication;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.FailMode;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.IpPool;
import io.egressgateway.core.model.IpRange;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.Overlap;
import io.egressgateway.core.model.PoolEntry;
import io.egressgateway.core.model.PoolParse;
import io.egressgateway.core.model.Tenants;
import io.egressgateway.core.model.WitnessLoss;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressGateway.IpPools;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads an EgressGateway and judges everything about it that needs no other object. Whether its
 * pools overlap those of other gateways is for {@link GatewayConflicts}.
 */
public final class GatewayTranslator {

  private static final String SELECTOR = "spec.nodeSelector.selector";

  private GatewayTranslator() {}

  /** The spec, or everything that is wrong with it. */
  public static Translation<EgressGatewaySpec> translate(EgressGateway gateway) {
    List<Violation> violations = new ArrayList<>();
    EgressGateway.Spec spec = gateway.getSpec();
    IpPools pools = spec == null ? null : spec.ippools();
    Optional<IpPool> ipv4 = pool(IpFamily.IPV4, pools == null ? null : pools.ipv4(), violations);
    Optional<IpPool> ipv6 = pool(IpFamily.IPV6, pools == null ? null : pools.ipv6(), violations);
    ipv4.ifPresent(mine -> ipv6.ifPresent(other -> checkPairing(mine, other, violations)));
    Optional<Ipv4Address> ipv4Default =
        ipv4.flatMap(
                pool ->
                    defaultAddress(pool, pools == null ? null : pools.ipv4DefaultEIP(), violations))
            .map(Ipv4Address.class::cast);
    Optional<Ipv6Address> ipv6Default =
        ipv6.flatMap(
                pool ->
                    defaultAddress(pool, pools == null ? null : pools.ipv6DefaultEIP(), violations))
            .map(Ipv6Address.class::cast);
    EgressGateway.NodeSelector nodes = spec == null ? null : spec.nodeSelector();
    Optional<LabelSelector> selector =
        SelectorTranslator.read(SELECTOR, nodes == null ? null : nodes.selector(), violations);
    Optional<LabelSelector> allowed =
        SelectorTranslator.readOptional(
            "spec.allowedNamespaces", spec == null ? null : spec.allowedNamespaces(), violations);
    Optional<WitnessLoss> onWitnessLoss = onWitnessLoss(spec, violations);
    return selector
        .filter(ignored -> violations.isEmpty())
        .<Translation<EgressGatewaySpec>>map(
            found ->
                new Translation.Valid<>(
                    new EgressGatewaySpec(
                        ipv4.orElseThrow(),
                        ipv6.orElseThrow(),
                        ipv4Default,
                        ipv6Default,
                        found,
                        clusterDefault(spec),
                        failMode(spec),
                        tenants(allowed),
                        onWitnessLoss.orElseThrow(),
                        replication(spec))))
        .orElseGet(() -> new Translation.Invalid<>(violations));
  }

  private static Tenants tenants(Optional<LabelSelector> allowed) {
    return allowed.<Tenants>map(Tenants.Selected::by).orElseGet(Tenants.Everyone::new);
  }

  private static ClusterDefault clusterDefault(EgressGateway.@Nullable Spec spec) {
    return spec != null && Boolean.TRUE.equals(spec.clusterDefault())
        ? ClusterDefault.YES
        : ClusterDefault.NO;
  }

  private static FailMode failMode(EgressGateway.@Nullable Spec spec) {
    return spec != null && Boolean.TRUE.equals(spec.failOpen()) ? FailMode.OPEN : FailMode.CLOSED;
  }

  private static ConnectionReplication replication(EgressGateway.@Nullable Spec spec) {
    return spec != null
            && spec.connectionReplication() != null
            && Boolean.TRUE.equals(spec.connectionReplication().enabled())
        ? ConnectionReplication.ON
        : ConnectionReplication.OFF;
  }

  private static Optional<WitnessLoss> onWitnessLoss(
      EgressGateway.@Nullable Spec spec, List<Violation> violations) {
    String text = spec == null ? null : spec.onWitnessLoss();
    if (text == null || text.equals("Close")) {
      return Optional.of(WitnessLoss.CLOSE);
    }
    if (text.equals("Hold")) {
      return Optional.of(WitnessLoss.HOLD);
    }
    violations.add(
        new Violation("spec.onWitnessLoss", text, "no such choice", "write Close or Hold"));
    return Optional.empty();
  }

  /** The pool; nothing where an item of the list is wrong. */
  private static Optional<IpPool> pool(
      IpFamily family, @Nullable List<String> list, List<Violation> violations) {
    String field = "spec.ippools." + listName(family);
    Map<IpRange, String> texts = new TreeMap<>();
    List<IpRange> ranges = new ArrayList<>();
    List<Violation> found = new ArrayList<>();
    List<String> items = Texts.items(list);
    for (int i = 0; i < items.size(); i++) {
      String item = field + "[" + i + "]";
      String text = items.get(i);
      switch (PoolEntry.parse(family, text)) {
        case PoolParse.Valid valid -> {
          ranges.add(valid.range());
          texts.put(valid.range(), text);
          NobodysAddresses.in(valid.range())
              .map(block -> nobodys(item, text, block))
              .ifPresent(found::add);
        }
        case PoolParse.Invalid invalid ->
            found.add(new Violation(item, invalid.text(), invalid.reason(), itemRemedy(family)));
      }
    }
    Optional<Overlap> overlap = IpPool.overlap(ranges);
    overlap.ifPresent(
        both ->
            found.add(
                new Violation(
                    field,
                    texts.getOrDefault(both.upper(), both.upper().toString()),
                    both.toString(),
                    "list every address once")));
    violations.addAll(found);
    return found.isEmpty() ? Optional.of(IpPool.of(family, ranges)) : Optional.empty();
  }

  private static Violation nobodys(String item, String text, Cidr block) {
    return new Violation(
        item,
        text,
        "has addresses of " + block + ", which no machine can have on a network",
        "leave these out");
  }

  private static String itemRemedy(IpFamily family) {
    return switch (family) {
      case IPV4 ->
          "write an IPv4 address, a range such as 10.6.1.21-10.6.1.30, or a CIDR such as"
              + " 10.6.1.0/28";
      case IPV6 ->
          "write an IPv6 address, a range such as fd00::21-fd00::30, or a CIDR such as fd00::/124";
    };
  }

  private static String listName(IpFamily family) {
    return switch (family) {
      case IPV4 -> "ipv4";
      case IPV6 -> "ipv6";
    };
  }

  /** A gateway with both pools pairs their addresses, so it needs as many of one as the other. */
  private static void checkPairing(IpPool ipv4, IpPool ipv6, List<Violation> violations) {
    if (!ipv4.isEmpty() && !ipv6.isEmpty() && !ipv4.size().equals(ipv6.size())) {
      violations.add(
          new Violation(
              "spec.ippools",
              "",
              "the pools differ in size: %s IPv4 and %s IPv6 addresses"
                  .formatted(ipv4.size(), ipv6.size()),
              "give both the same number of addresses, or leave one empty"));
    }
  }

  private static Optional<IpAddress> defaultAddress(
      IpPool pool, @Nullable String field, List<Violation> violations) {
    Optional<String> text = Texts.text(field);
    Optional<IpAddress> address =
        text.flatMap(IpAddress::parse).filter(found -> found.family() == pool.family());
    if (text.isPresent() && address.filter(pool::contains).isEmpty()) {
      String list = listName(pool.family());
      violations.add(
          new Violation(
              "spec.ippools." + list + "DefaultEIP",
              text.get(),
              address.isEmpty()
                  ? "not an " + pool.family() + " address"
                  : "outside the pool spec.ippools." + list,
              "write an address of spec.ippools." + list + ", or leave it empty"));
      return Optional.empty();
    }
    return address;
  }
}
