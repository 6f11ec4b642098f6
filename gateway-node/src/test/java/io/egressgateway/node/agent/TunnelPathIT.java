package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.Mesh;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.netlink.NftBatch;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.RawClock;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.nft.BaseChain;
import io.egressgateway.node.netlink.wire.nft.ChainId;
import io.egressgateway.node.netlink.wire.nft.Cmp;
import io.egressgateway.node.netlink.wire.nft.Hook;
import io.egressgateway.node.netlink.wire.nft.Immediate;
import io.egressgateway.node.netlink.wire.nft.Meta;
import io.egressgateway.node.netlink.wire.nft.MetaKey;
import io.egressgateway.node.netlink.wire.nft.NftChain;
import io.egressgateway.node.netlink.wire.nft.NftFamily;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import io.egressgateway.node.netlink.wire.nft.NftTable;
import io.egressgateway.node.netlink.wire.nft.Payload;
import io.egressgateway.node.netlink.wire.nft.PayloadField;
import io.egressgateway.node.netlink.wire.nft.Register;
import io.egressgateway.node.netlink.wire.nft.TableId;
import io.egressgateway.node.netlink.wire.nft.Verdict;
import io.egressgateway.node.netlink.wire.route.LinkName;
import io.egressgateway.node.path.PathWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that uses two gateway nodes, and a firewall that comes between it and one of them. */
final class TunnelPathIT {
  private static final int WORKER = 11;
  private static final int CUT = 12;
  private static final int WELL = 13;
  private static final int IPPROTO_UDP = 17;
  private static final int BEFORE_ALL = -400;
  private static final TableId FIREWALL = new TableId(NftFamily.INET, "firewall");
  private static final PathWatch.Pace PACE =
      new PathWatch.Pace(Duration.ofMillis(300), Duration.ofMillis(500));

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** Longer than a path takes to be lost. */
  private static final Duration CALM = Duration.ofSeconds(4);

  private final BlockingQueue<SortedSet<NodeName>> told = new LinkedBlockingQueue<>();
  private final PathWatch watch = new PathWatch(PACE, RawClock::nanos, new Random(1));
  private final List<LabKernel> kernels = new ArrayList<>();
  private DatapathLab lab;
  private NetworkNamespace worker;
  private NetworkNamespace cut;
  private Optional<NodePlan> workers = Optional.empty();

  @BeforeEach
  void start() throws Exception {
    lab = new DatapathLab();
    worker = lab.node(WORKER);
    cut = lab.node(CUT);
    for (NetworkNamespace node : List.of(worker, cut, lab.node(WELL))) {
      kernels.add(lab.kernel(node));
    }
    // What a hardened host refuses says nothing about the tunnel.
    DatapathLab.set(cut, "net/ipv4/icmp_echo_ignore_all", "1");
    DatapathLab.set(cut, "net/ipv6/icmp/echo_ignore_all", "1");
  }

  @AfterEach
  void stop() {
    watch.close();
    lab.close();
  }

  /** All three have plans, and the watch the worker's. */
  private void establish(IntFunction<TunnelEndpoint> endpoint) throws Exception {
    Ownership used =
        new Ownership(
            new TreeMap<>(
                Map.of(
                    new EipNumber(1), new NodeNumber(CUT), new EipNumber(2), new NodeNumber(WELL))),
            new TreeMap<>());
    for (int node = WORKER; node <= WELL; node++) {
      int self = node;
      Mesh mesh =
          Mesh.of(
              endpoint.apply(self),
              Plans.TUNNEL,
              List.of(endpoint.apply(WORKER), endpoint.apply(CUT), endpoint.apply(WELL)));
      NodePlan plan =
          Plans.plan(
              mesh,
              self == WORKER ? Plans.selection("10.244.1.5") : Selection.none(Plans.CLUSTER),
              self == WORKER ? used : Ownership.none());
      kernels.get(self - WORKER).reconcile(plan);
      if (self == WORKER) {
        workers = Optional.of(plan);
        watch.wanted(plan);
      }
    }
    worker.run(
        () -> {
          watch.start(told::add);
          return worker;
        });
  }

  private Optional<SortedSet<NodeName>> next(Duration patience) throws InterruptedException {
    return Optional.ofNullable(told.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
  }

  private static void firewall(NetworkNamespace node) {
    ChainId chain = FIREWALL.chain("in");
    node.run(
        () -> {
          try (NftNetlink nft = NftNetlink.open(SocketLimits.REQUESTS)) {
            nft.commit(
                new NftBatch()
                    .addTable(NftTable.of(FIREWALL))
                    .addChain(NftChain.base(chain, BaseChain.filter(Hook.PREROUTING, BEFORE_ALL)))
                    .appendRule(
                        NftRule.of(
                            chain,
                            new Meta.Load(MetaKey.L4PROTO, Register.R1),
                            Cmp.equal(Register.R1, Bytes.u8(IPPROTO_UDP)),
                            new Payload.Load(PayloadField.DESTINATION_PORT, Register.R1),
                            Cmp.equal(Register.R1, Bytes.be16(Plans.TUNNEL.port())),
                            new Immediate.Decide(Verdict.drop()))));
          }
          return node;
        });
  }

  private static void noFirewall(NetworkNamespace node) {
    node.run(
        () -> {
          try (NftNetlink nft = NftNetlink.open(SocketLimits.REQUESTS)) {
            nft.commit(new NftBatch().deleteTable(FIREWALL));
          }
          return node;
        });
  }

  private void checkLossAndReturn() throws Exception {
    assertThat(next(CALM)).as("while all is well").isEmpty();
    long before = RawClock.nanos();
    firewall(cut);
    assertThat(next(PATIENCE).orElseThrow()).containsExactly(new NodeName("node-" + CUT));
    print("lost", before);
    before = RawClock.nanos();
    noFirewall(cut);
    assertThat(next(PATIENCE).orElseThrow()).isEmpty();
    print("found again", before);
    assertThat(watch.lost()).isEmpty();
  }

  private static void print(String what, long since) {
    System.out.printf("a path was %s after %d ms%n", what, (RawClock.nanos() - since) / 1_000_000);
  }

  @Test
  void aFirewallBeforeTheTunnelOfOneGatewayNodeIsNoticedAndItsEndToo() throws Exception {
    establish(Plans::endpoint);
    checkLossAndReturn();
  }

  @Test
  void soItIsInATunnelOfIpv6Alone() throws Exception {
    establish(
        number -> {
          TunnelEndpoint both = Plans.endpoint(number);
          return new TunnelEndpoint(
              both.node(),
              both.number(),
              both.mac(),
              new TunnelEndpoint.Addresses(
                  both.addresses().underlay(), Optional.empty(), both.addresses().ipv6()));
        });
    checkLossAndReturn();
  }

  @Test
  void aTunnelDeviceThatIsMadeAnewIsAskedThrough() throws Exception {
    establish(Plans::endpoint);
    firewall(cut);
    assertThat(next(PATIENCE).orElseThrow()).isNotEmpty();
    DatapathLab.in(
        worker,
        routing ->
            routing.deleteLink(
                routing.link(LinkName.of(Plans.TUNNEL.device())).orElseThrow().index()));
    noFirewall(cut);
    assertThat(next(CALM)).as("nothing is learned without a device").isEmpty();
    kernels.getFirst().reconcile(workers.orElseThrow());
    assertThat(next(PATIENCE).orElseThrow()).isEmpty();
  }
}
