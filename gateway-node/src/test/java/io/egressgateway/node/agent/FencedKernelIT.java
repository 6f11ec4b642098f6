package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.lease.Gates;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.fence.Places;
import io.egressgateway.node.kernel.AddressMark;
import io.egressgateway.node.kernel.Marks;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.kernel.Tenure;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.RawClock;
import io.egressgateway.node.netlink.wire.route.AddressLifetime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The fence and the datapath in one kernel: neither takes the other's work for damage. Once with a
 * datapath that sees no protocol numbers of addresses, as before Linux 5.18.
 */
@ParameterizedClass
@EnumSource(AddressMark.class)
final class FencedKernelIT {
  private static final IpAddress EIP = IpAddress.of("10.6.168.201");
  private static final IpAddress EIP6 = IpAddress.of("fd06::201");
  private static final int HERE = 12;
  private static final int LIFE_SECONDS = 4;
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final Duration RENEWAL = Duration.ofMillis(100);
  private static final int RENEWALS = 35;
  private static final NodePlan PLAN =
      Plans.plan(
          Plans.mesh(HERE, 11),
          Selection.none(Plans.CLUSTER),
          new Ownership(
              new TreeMap<>(
                  Map.of(
                      new EipNumber(1), new NodeNumber(HERE),
                      new EipNumber(2), new NodeNumber(HERE))),
              new TreeMap<>(Map.of(new EipNumber(1), EIP, new EipNumber(2), EIP6))));

  private final DatapathLab lab = new DatapathLab();
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final NetworkNamespace node;
  private final KernelThread thread;
  private final NetlinkKernel kernel;
  private final FenceThread fence;

  FencedKernelIT(AddressMark mark) throws Exception {
    node = lab.node(HERE);
    thread = lab.thread(node);
    kernel =
        thread
            .executor()
            .submit(
                () ->
                    NetlinkKernel.open(
                        Optional.empty(), AddressLifetime.secondsNotPreferred(LIFE_SECONDS), mark))
            .get();
    fence = new FenceThread(node);
  }

  @BeforeEach
  void hold() throws Exception {
    fence.gate(Places.on("eth0", PLAN.ownership().held().values()));
    assertThat(reconcile(Tenure.LEASED).changes()).isNotEmpty();
    thread.executor().submit(() -> kernel.watch(fence.fence().portIds(), heard::add)).get();
  }

  @AfterEach
  void stop() throws Exception {
    fence.close();
    lab.close();
  }

  private Reconciliation reconcile(Tenure tenure) throws Exception {
    return thread
        .executor()
        .submit(() -> Reconciliation.run(kernel, PLAN, tenure, Optional.empty()))
        .get();
  }

  private void renew(int version) throws Exception {
    Gates gates =
        new Gates(
            version,
            new TreeSet<>(PLAN.ownership().held().values()),
            RawClock.nanos() + LEASE.toNanos());
    fence.write(gates);
  }

  @Test
  void renewalsAreNoNewsAndNoDrift() throws Exception {
    for (int version = 1; version <= RENEWALS; version++) {
      renew(version);
      Optional<String> news =
          Optional.ofNullable(heard.poll(RENEWAL.toMillis(), TimeUnit.MILLISECONDS));
      assertThat(news).as("after renewal %d", version).isEmpty();
    }
    assertThat(held()).as("extended several times").containsExactlyInAnyOrder(EIP, EIP6);
    assertThat(reconcile(Tenure.LEASED).changes()).isEmpty();
    assertThat(fence.fence().restored()).isZero();
  }

  @Test
  void anAddressThatNobodyExtendsIsMissed() throws Exception {
    renew(1);
    Awaitility.await().atMost(Duration.ofSeconds(LIFE_SECONDS + 3)).until(() -> held().isEmpty());
    assertThat(List.copyOf(heard)).contains("address " + EIP + " REMOVED");
    assertThat(reconcile(Tenure.LEASED).changes()).hasSize(2);
  }

  @Test
  void withoutALeaseNoAddressIsInTheKernel() throws Exception {
    assertThat(held()).containsExactlyInAnyOrder(EIP, EIP6);
    reconcile(Tenure.UNLEASED);
    assertThat(held()).isEmpty();
  }

  private List<IpAddress> held() {
    List<IpAddress> found = new ArrayList<>();
    DatapathLab.in(
        node,
        routing -> {
          for (IpFamily family : IpFamily.values()) {
            routing.addresses(family).stream()
                .filter(address -> address.protocol().equals(OptionalInt.of(Marks.PROTOCOL)))
                .filter(address -> address.prefixLength() == family.bits())
                .forEach(address -> found.add(address.ip()));
          }
        });
    return found;
  }
}
