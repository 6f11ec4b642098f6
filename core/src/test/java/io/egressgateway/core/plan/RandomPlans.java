package io.egressgateway.core.plan;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.LinkPattern;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Plans by seed. Numbers come from small ranges, so that two plans share some of their entries. */
public final class RandomPlans {
  private static final int ENTRIES_MAX = 12;

  private final RandomGenerator random;

  public RandomPlans(RandomGenerator random) {
    this.random = random;
  }

  public NodePlan plan(Revision revision) {
    return new NodePlan(revision, mesh(), selection(), ownership());
  }

  private Mesh mesh() {
    return Mesh.of(endpoint(), settings(), list(this::endpoint));
  }

  private TunnelEndpoint endpoint() {
    int number = 1 + random.nextInt(8);
    return new TunnelEndpoint(
        new NodeName("node-" + random.nextInt(10)),
        new NodeNumber(number),
        new MacAddress(0x6600_0000_0000L | random.nextInt(20)),
        new TunnelEndpoint.Addresses(address(), maybe(this::ipv4), maybe(this::ipv6)));
  }

  private TunnelSettings settings() {
    return new TunnelSettings(
        "egress.vxlan",
        100 + random.nextInt(2),
        7789,
        new TunnelSettings.Subnets(
            maybe(() -> new Cidr(ipv4(), 16)), maybe(() -> new Cidr(ipv6(), 112))),
        random.nextBoolean()
            ? KernelNumbers.USUAL
            : new KernelNumbers(0x12340000, 0xfffc0000, random.nextInt(2) * 10_000L, 5),
        maybe(() -> "eth" + random.nextInt(2)),
        list(() -> new LinkPattern("br-" + random.nextInt(2) + "*")));
  }

  private Selection selection() {
    SortedMap<IpAddress, ClassNumber> endpoints = new TreeMap<>();
    list(this::address).forEach(address -> endpoints.put(address, classNumber()));
    return new Selection(CidrSet.of(list(this::cidr)), endpoints, rules());
  }

  private SortedSet<ClassRule> rules() {
    TreeMap<String, ClassRule> byMatch = new TreeMap<>();
    for (ClassRule rule : list(() -> new ClassRule(classNumber(), cidr(), eip()))) {
      byMatch.put(rule.endpointClass() + " " + rule.destination(), rule);
    }
    return new TreeSet<>(byMatch.values());
  }

  private Ownership ownership() {
    SortedMap<EipNumber, NodeNumber> routes = new TreeMap<>();
    list(this::eip).forEach(eip -> routes.put(eip, new NodeNumber(1 + random.nextInt(3))));
    SortedMap<EipNumber, IpAddress> held = new TreeMap<>();
    list(this::eip).forEach(eip -> held.put(eip, address()));
    return new Ownership(routes, held);
  }

  private ClassNumber classNumber() {
    return new ClassNumber(1 + random.nextInt(3));
  }

  private EipNumber eip() {
    return new EipNumber(1 + random.nextInt(6));
  }

  private Cidr cidr() {
    IpAddress address = address();
    return new Cidr(address, address.family().bits() - random.nextInt(4));
  }

  private IpAddress address() {
    return random.nextBoolean() ? ipv4() : ipv6();
  }

  private Ipv4Address ipv4() {
    return new Ipv4Address(0x0a00_0000 | random.nextInt(16));
  }

  private Ipv6Address ipv6() {
    return new Ipv6Address(0xfd11L << 48, random.nextInt(16));
  }

  private <T> Optional<T> maybe(Supplier<T> value) {
    return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
  }

  private <T> List<T> list(Supplier<? extends T> value) {
    List<T> result = new ArrayList<>();
    IntStream.range(0, random.nextInt(ENTRIES_MAX)).forEach(i -> result.add(value.get()));
    return result;
  }
}
