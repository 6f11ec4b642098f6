package io.egressgateway.load.fault;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.api.RealKubeApi;
import io.egressgateway.load.fault.Cut.Direction;
import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.net.Forwarder.Passage;
import io.egressgateway.load.lab.net.NetNamespace;
import io.egressgateway.load.lab.process.LabProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Breaks things in a running lab. Every method returns what undoes it. Thread-safe. */
public final class Faults {
  private static final String FLUSH_FOREIGN_TABLES =
      "add table ip filter; add table ip nat; flush table ip filter; flush table ip nat";

  private static final Duration DEATH = Duration.ofSeconds(10);

  private final Lab lab;
  private final Consumer<String> trace;

  /**
   * Of this lab.
   *
   * @param trace receives a line for each thing broken and mended
   */
  public Faults(Lab lab, Consumer<String> trace) {
    this.lab = lab;
    this.trace = trace;
  }

  /** The name of a node's agent process. */
  public static String agentOf(NodeName node) {
    return "agent-" + node;
  }

  private Breakage done(String name, Breakage.Mending mending) {
    trace.accept(name);
    return new Breakage(
        name,
        () -> {
          mending.run();
          trace.accept("mended: " + name);
        });
  }

  /** The node's power goes: process, kernel and wire. Mended, it boots with an empty kernel. */
  public Breakage powerOff(NodeName name) throws IOException {
    LabNode node = lab.settings().topology().node(name);
    lab.supervisor().halt(agentOf(name));
    lab.network().unplug(node);
    return done(
        "power off " + name,
        () -> {
          lab.supervisor().awaitHalted(agentOf(name));
          lab.newBoot(node);
          lab.network().boot(node);
          lab.supervisor().revive(agentOf(name));
        });
  }

  /** Whether nobody has taken it; without it there is nothing else to break. */
  public boolean hasPower(NodeName name) {
    return !lab.supervisor().process(agentOf(name)).isStopping();
  }

  /** kill -9; an init system starts it again a second after its end, which this awaits. */
  public Breakage crash(String name) {
    LabProcess process = lab.supervisor().process(name);
    process.crash();
    process.awaitEnd(DEATH);
    return done("kill -9 " + name, () -> {});
  }

  /** kill -9, and it stays dead until mended. */
  public Breakage down(String process) {
    lab.supervisor().halt(process);
    return done("down " + process, () -> lab.supervisor().revive(process));
  }

  /** SIGTERM; an init system starts it again a second after its end. */
  public Breakage terminate(String process) {
    lab.supervisor().process(process).terminate();
    return done("terminate " + process, () -> {});
  }

  /** SIGSTOP; mended, it goes on as if nothing had been. */
  public Breakage pause(String name) throws IOException {
    LabProcess process = lab.supervisor().process(name);
    signal("-STOP", process);
    return done(
        "pause " + name,
        () -> {
          if (process.isAlive()) {
            signal("-CONT", process);
          }
        });
  }

  private static void signal(String signal, LabProcess process) throws IOException {
    ForeignTool.run(List.of("kill", signal, Long.toString(process.pid())));
  }

  /** The node's uplink loses its carrier. */
  public Breakage carrierDown(NodeName name) throws IOException {
    LabNode node = lab.settings().topology().node(name);
    lab.network().carrierDown(node);
    return done("carrier down " + name, () -> lab.network().carrierUp(node));
  }

  /** The node's uplink keeps its carrier, but nobody answers. */
  public Breakage silence(NodeName name) throws IOException {
    LabNode node = lab.settings().topology().node(name);
    lab.network().silence(node);
    return done("silence around " + name, () -> lab.network().unsilence(node));
  }

  /** The agent of a node and the controllers do not reach each other. */
  public Breakage agentFromControllers(NodeName name) throws IOException {
    return cut(name, "its controllers", lab.agentPorts(), Direction.BOTH);
  }

  private Breakage cut(NodeName node, String from, List<Integer> ports, Direction direction)
      throws IOException {
    Cut cut =
        new Cut(lab.settings().topology().node(node).namespace(), ports, Cut.Path.WIRE, direction);
    String name = "cut %s from %s, %s".formatted(node, from, direction);
    Breakage made = cut.make(name);
    return done(name, made::mend);
  }

  /**
   * The agent of a node and some witnesses do not reach each other.
   *
   * @param witnesses by number, from 0
   */
  public Breakage agentFromWitnesses(NodeName name, List<Integer> witnesses) throws IOException {
    return cut(name, "witnesses " + witnesses, ports(witnesses), Direction.BOTH);
  }

  /** What the agent says does not reach these witnesses; what they say would reach it. */
  public Breakage agentUnheardBy(NodeName name, List<Integer> witnesses) throws IOException {
    return cut(name, "witnesses " + witnesses, ports(witnesses), Direction.THERE);
  }

  /** What these witnesses say does not reach the agent; they hear it. */
  public Breakage agentDeafTo(NodeName name, List<Integer> witnesses) throws IOException {
    return cut(name, "witnesses " + witnesses, ports(witnesses), Direction.BACK);
  }

  private List<Integer> ports(List<Integer> witnesses) {
    return witnesses.stream().map(lab.witnessPorts()::get).toList();
  }

  /** A firewall comes between two nodes that does not know the tunnel; all else passes. */
  public Breakage tunnelBetween(NodeName one, NodeName other) throws IOException {
    Topology topology = lab.settings().topology();
    String peer = topology.node(other).underlay().toString();
    NetNamespace where = topology.node(one).namespace();
    String rules =
        """
        table inet lab-firewall {
          chain in {
            type filter hook prerouting priority -400
            ip saddr %s udp dport 7789 drop
          }
          chain out {
            type filter hook postrouting priority 400
            ip daddr %s udp dport 7789 drop
          }
        }
        """
            .formatted(peer, peer);
    ForeignTool.run(where, List.of("nft", rules));
    return done(
        "tunnel cut between %s and %s".formatted(one, other),
        () ->
            // 'add' first: somebody may have flushed the ruleset meanwhile.
            ForeignTool.run(
                where,
                List.of("nft", "add table inet lab-firewall; delete table inet lab-firewall")));
  }

  /** The controllers and the witnesses do not reach each other; agents are not concerned. */
  public Breakage controllersFromWitnesses() throws IOException {
    Cut cut =
        new Cut(
            lab.controlPlane().namespace(), lab.witnessPorts(), Cut.Path.LOOPBACK, Direction.BOTH);
    Breakage made = cut.make("cut");
    return done("cut the controllers from the witnesses", made::mend);
  }

  /** The controllers' database is down: connections are refused. */
  public Breakage databaseDown() {
    return database("database down", new Passage.Shut());
  }

  /** The controllers do not reach their database, and nobody tells them. */
  public Breakage databaseUnreachable() {
    return database("database unreachable", new Passage.Stalled());
  }

  /** The database answers late. */
  public Breakage databaseSlow(Duration delay) {
    return database("database slow by " + delay, new Passage.Slow(delay));
  }

  /** Connections to the database break after so many answers; the last one is lost. */
  public Breakage databaseSevered(int answers) {
    return database("database's answers lost", new Passage.Severed(answers));
  }

  private Breakage database(String name, Passage passage) {
    lab.databaseWire().set(passage);
    return done(name, () -> lab.databaseWire().set(new Passage.Open()));
  }

  /** The Kubernetes API is down: connections are refused. */
  public Breakage apiDown() {
    lab.apiWire().set(new Passage.Shut());
    return done("API down", () -> lab.apiWire().set(new Passage.Open()));
  }

  /** The controllers do not reach the Kubernetes API, and nobody tells them. */
  public Breakage apiUnreachable() {
    lab.apiWire().set(new Passage.Stalled());
    return done("API unreachable", () -> lab.apiWire().set(new Passage.Open()));
  }

  /** The Kubernetes API answers the controllers so late; half of the delay is on the way there. */
  public Breakage apiSlow(Duration delay) {
    lab.apiWire().set(new Passage.Slow(delay.dividedBy(2)));
    return done("API slow by " + delay, () -> lab.apiWire().set(new Passage.Open()));
  }

  /**
   * kill -9 of kube-apiserver, etcd and kube-controller-manager, which are started again; returns
   * when the API is ready.
   *
   * @throws IllegalStateException if the lab has the embedded API
   */
  public Breakage crashApi() throws IOException {
    if (!(lab.api() instanceof RealKubeApi api)) {
      throw new IllegalStateException("the embedded API has no servers of its own");
    }
    api.crash(trace);
    return done("kill -9 of the API's servers", () -> {});
  }

  /** {@code nft flush ruleset} on a node; mended, the CNI has put its own rules back. */
  public Breakage flushRuleset(NodeName name) throws IOException {
    LabNode node = lab.settings().topology().node(name);
    ForeignTool.run(node.namespace(), List.of("nft", "flush", "ruleset"));
    return done("nft flush ruleset on " + name, () -> lab.network().masquerade(node));
  }

  /**
   * What {@code iptables -F} and {@code iptables -t nat -F} do, by iptables where the machine has
   * it.
   */
  public Breakage flushIptables(NodeName name) throws IOException {
    LabNode node = lab.settings().topology().node(name);
    if (ForeignTool.isThere("iptables")) {
      ForeignTool.run(node.namespace(), List.of("iptables", "-F"));
      ForeignTool.run(node.namespace(), List.of("iptables", "-t", "nat", "-F"));
    } else {
      ForeignTool.run(node.namespace(), List.of("nft", FLUSH_FOREIGN_TABLES));
    }
    return done("iptables -F on " + name, () -> {});
  }

  /** {@code ip rule flush}, after which the foreign hand restores the rules that Linux has. */
  public Breakage flushRules(NodeName name) throws IOException {
    LabNode node = lab.settings().topology().node(name);
    ForeignTool.run(node.namespace(), List.of("ip", "rule", "flush"));
    for (String table : List.of("main", "default")) {
      String preference = table.equals("main") ? "32766" : "32767";
      ForeignTool.run(
          node.namespace(), List.of("ip", "rule", "add", "pref", preference, "lookup", table));
    }
    return done("ip rule flush on " + name, () -> {});
  }

  /** {@code ip addr flush dev eth0 to ADDRESS}. */
  public Breakage flushAddress(NodeName name, Ipv4Address address) throws IOException {
    LabNode node = lab.settings().topology().node(name);
    ForeignTool.run(
        node.namespace(), List.of("ip", "addr", "flush", "dev", "eth0", "to", address + "/32"));
    return done("ip addr flush to %s on %s".formatted(address, name), () -> {});
  }

  /** A machine that does not belong to the cluster has this address and answers for it. */
  public Breakage strangerWith(Ipv4Address address) throws IOException {
    lab.network().addStranger(address);
    return done("a stranger has " + address, lab.network()::removeStranger);
  }

  /** Everything of a kind that runs in the lab, by process name. */
  public List<String> processes(String prefix) {
    return lab.supervisor().processes().keySet().stream()
        .filter(name -> name.startsWith(prefix))
        .toList();
  }

  /** The first that runs. */
  public Optional<String> anyProcess(String prefix) {
    return processes(prefix).stream()
        .filter(name -> lab.supervisor().process(name).isAlive())
        .findFirst();
  }
}
