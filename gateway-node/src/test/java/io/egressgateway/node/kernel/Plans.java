package io.egressgateway.node.kernel;

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
import io.egressgateway.core.plan.ClassRule;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.core.plan.Mesh;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.core.plan.TunnelSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Plans for tests, small ones by hand and any number by seed. */
public final class Plans {
  public static final TunnelSettings TUNNEL =
      new TunnelSettings(
          "egress.vxlan",
          100,
          7789,
          new TunnelSettings.Subnets(
              Optional.of(Cidr.of("172.31.0.0/16")), Optional.of(Cidr.of("fd11::/112"))));

  public static final CidrSet CLUSTER =
      CidrSet.of(
          Cidr.of("10.244.0.0/16"),
          Cidr.of("10.96.0.0/12"),
          Cidr.of("172.31.0.0/16"),
          Cidr.of("fd44::/16"));

  private Plans() {}

  public static Uplink uplink() {
    return uplink("eth0");
  }

  public static Uplink uplink(String name) {
    return new Uplink(name, 1500, MacAddress.of("02:00:00:00:00:01"), new TreeSet<>());
  }

  public static TunnelEndpoint endpoint(int number) {
    return endpoint(number, "10.6.168." + number);
  }

  /** On another underlay. */
  public static TunnelEndpoint endpoint(int number, String underlay) {
    return new TunnelEndpoint(
        new NodeName("node-" + number),
        new NodeNumber(number),
        new MacAddress(0x660000000000L | number),
        new TunnelEndpoint.Addresses(
            IpAddress.of(underlay),
            Optional.of(Ipv4Address.of("172.31.0." + number)),
            Optional.of(Ipv6Address.of("fd11::" + Integer.toHexString(number)))));
  }

  public static Mesh mesh(int self, int... peers) {
    List<TunnelEndpoint> endpoints = new ArrayList<>();
    for (int peer : peers) {
      endpoints.add(endpoint(peer));
    }
    return Mesh.of(endpoint(self), TUNNEL, endpoints);
  }

  /** The same plan for a node whose uplink this is. */
  public static NodePlan on(String uplink, NodePlan plan) {
    Mesh mesh = plan.mesh();
    TunnelSettings settings = mesh.settings().on(Optional.of(uplink));
    return new NodePlan(
        plan.revision(),
        new Mesh(mesh.self(), settings, mesh.peers()),
        plan.selection(),
        plan.ownership());
  }

  /** The next plan, which differs in what links it excludes. */
  public static NodePlan excluding(NodePlan plan, String... links) {
    Mesh mesh = plan.mesh();
    List<LinkPattern> excluded = List.of(links).stream().map(LinkPattern::new).toList();
    return new NodePlan(
        plan.revision().next(),
        new Mesh(mesh.self(), mesh.settings().excluding(excluded), mesh.peers()),
        plan.selection(),
        plan.ownership());
  }

  /** The same plan for nodes whose kernels have other numbers. */
  public static NodePlan withNumbers(NodePlan plan, KernelNumbers numbers) {
    TunnelSettings settings = plan.mesh().settings();
    TunnelSettings other =
        new TunnelSettings(
            settings.device(), settings.vni(), settings.port(), settings.subnets(), numbers);
    return new NodePlan(
        plan.revision(),
        Mesh.of(plan.mesh().self(), other, plan.mesh().peers().values()),
        plan.selection(),
        plan.ownership());
  }

  /** One pod of one class that leaves with egress IP 1 to anywhere. */
  public static Selection selection(String pod) {
    return selection(List.of(pod), "0.0.0.0/0");
  }

  /** Pods of one class that leave with egress IP 1 to these destinations. */
  public static Selection selection(List<String> pods, String... destinations) {
    SortedMap<IpAddress, ClassNumber> endpoints = new TreeMap<>();
    pods.forEach(pod -> endpoints.put(IpAddress.of(pod), new ClassNumber(1)));
    SortedSet<ClassRule> rules = new TreeSet<>();
    for (String destination : destinations) {
      rules.add(new ClassRule(new ClassNumber(1), Cidr.of(destination), new EipNumber(1)));
    }
    return new Selection(CLUSTER, endpoints, rules);
  }

  /** Pods of one class that leave with egress IP 1 over IPv4 and with egress IP 2 over IPv6. */
  public static Selection dualStack(List<String> pods) {
    Selection ipv4 = selection(pods, "0.0.0.0/0");
    SortedSet<ClassRule> rules = new TreeSet<>(ipv4.rules());
    rules.add(new ClassRule(new ClassNumber(1), Cidr.of("::/0"), new EipNumber(2)));
    return new Selection(CLUSTER, ipv4.endpoints(), rules);
  }

  public static Ownership routedTo(int node) {
    return new Ownership(
        new TreeMap<>(Map.of(new EipNumber(1), new NodeNumber(node))), new TreeMap<>());
  }

  public static Ownership holding(String address, int self) {
    return new Ownership(
        new TreeMap<>(Map.of(new EipNumber(1), new NodeNumber(self))),
        new TreeMap<>(Map.of(new EipNumber(1), IpAddress.of(address))));
  }

  public static NodePlan plan(Mesh mesh, Selection selection, Ownership ownership) {
    return new NodePlan(new Revision(1), mesh, selection, ownership);
  }

  /** Any plan of a cluster of twenty nodes. */
  public static NodePlan random(Random random) {
    int self = 1 + random.nextInt(3);
    List<TunnelEndpoint> peers = new ArrayList<>();
    for (int number = 1; number <= 20; number++) {
      if (random.nextBoolean()) {
        peers.add(endpoint(number));
      }
    }
    return new NodePlan(
        new Revision(1 + random.nextInt(1000)),
        Mesh.of(endpoint(self), TUNNEL, peers),
        randomSelection(random),
        randomOwnership(random, self));
  }

  private static Selection randomSelection(Random random) {
    SortedMap<IpAddress, ClassNumber> endpoints = new TreeMap<>();
    SortedSet<ClassRule> rules = new TreeSet<>();
    for (int pod = 1; pod < 30; pod++) {
      if (random.nextBoolean()) {
        endpoints.put(
            IpAddress.of((random.nextInt(4) == 0 ? "fd44::" : "10.244.1.") + pod),
            new ClassNumber(1 + random.nextInt(4)));
      }
    }
    for (int number = 1; number <= 4; number++) {
      // Disjoint within a class: either everything or some blocks beside each other.
      if (random.nextInt(3) == 0) {
        rules.add(rule(number, "0.0.0.0/0", random));
      } else {
        for (int block = 1; block < 6; block++) {
          if (random.nextBoolean()) {
            rules.add(rule(number, block * 16 + ".0.0.0/" + (5 + random.nextInt(20)), random));
          }
        }
      }
      if (random.nextBoolean()) {
        rules.add(rule(number, "2000::/3", random));
      }
    }
    return new Selection(
        random.nextBoolean() ? CLUSTER : CLUSTER.plus(Cidr.of("10.6.168.0/24")), endpoints, rules);
  }

  private static ClassRule rule(int number, String destination, Random random) {
    return new ClassRule(
        new ClassNumber(number), Cidr.of(destination), new EipNumber(1 + random.nextInt(8)));
  }

  private static Ownership randomOwnership(Random random, int self) {
    SortedMap<EipNumber, NodeNumber> routes = new TreeMap<>();
    SortedMap<EipNumber, IpAddress> held = new TreeMap<>();
    for (int eip = 1; eip <= 8; eip++) {
      int holder = random.nextInt(6);
      if (holder == self) {
        held.put(new EipNumber(eip), IpAddress.of("10.6.168." + (200 + eip)));
      }
      if (holder > 0) {
        routes.put(new EipNumber(eip), new NodeNumber(holder));
      }
    }
    return new Ownership(routes, held);
  }
}
