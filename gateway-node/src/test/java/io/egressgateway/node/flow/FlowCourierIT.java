package io.egressgateway.node.flow;

import static io.egressgateway.node.flow.Flows.EIP;
import static io.egressgateway.node.flow.Flows.flow;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Many connections between two real kernels; what they cost is in the log. */
final class FlowCourierIT {
  private static final Logger LOG = LoggerFactory.getLogger(FlowCourierIT.class);
  private static final NodeNumber OLD = new NodeNumber(1);
  private static final NodeNumber NEW = new NodeNumber(2);
  private static final NodeName RECEIVER = new NodeName("node-2");
  private static final int FLOWS = 10_000;
  private static final int PATIENCE_SECONDS = 60;

  private final List<NetworkNamespace> namespaces = new ArrayList<>();
  private final List<ExecutorService> threads = new ArrayList<>();
  private final BlockingQueue<FlowCourier.Outcome> outcomes = new LinkedBlockingQueue<>();
  private final AtomicLong bytes = new AtomicLong();

  @AfterEach
  void end() {
    threads.forEach(ExecutorService::shutdownNow);
    namespaces.forEach(NetworkNamespace::delete);
  }

  /** In the network namespace of the thread that was made last. */
  private FlowCourier.Replication replication(ReplicationFigures figures) throws Exception {
    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    executor.submit(namespaces.getLast()::enter).get();
    threads.add(executor);
    return Replications.on(executor, figures);
  }

  private ExecutorService thread(String name) {
    NetworkNamespace namespace =
        NetworkNamespace.create("egw-flows-" + ProcessHandle.current().pid() + "-" + name);
    namespaces.add(namespace);
    ExecutorService thread =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("flows-" + name).daemon(true).factory());
    var unused = thread.submit(namespace::enter);
    threads.add(thread);
    return thread;
  }

  /** Where what a courier sends arrives. */
  private record Delivery(Consumer<FlowParcel> handed, Consumer<FlowReplica> replicated) {
    static Delivery to(FlowCourier taker) {
      return new Delivery(taker::arrived, taker::replicated);
    }

    static Delivery nowhere() {
      return new Delivery(parcel -> {}, part -> {});
    }
  }

  private FlowCourier courier(
      ExecutorService thread,
      NodeNumber self,
      FlowCourier.Replication replication,
      Delivery delivery) {
    FlowCourier courier =
        new FlowCourier(
            thread,
            new FlowCourier.Outbox() {
              @Override
              public void send(FlowParcel parcel) {
                bytes.addAndGet(parcel.flows().size());
                delivery.handed().accept(parcel);
              }

              @Override
              public void installed(IpAddress address, FlowCourier.Outcome outcome) {
                outcomes.add(outcome);
              }

              @Override
              public void replicated(FlowReplica part) {
                delivery.replicated().accept(part);
              }
            },
            replication);
    courier.here(self, KernelNumbers.USUAL);
    return courier;
  }

  @Test
  void tenThousandConnectionsArriveWhole() throws Exception {
    ExecutorService oldThread = thread("old");
    ExecutorService newThread = thread("new");
    fill(oldThread);
    FlowCourier taker = courier(newThread, NEW, Replications.idle(), Delivery.nowhere());
    FlowCourier giver = courier(oldThread, OLD, Replications.idle(), Delivery.to(taker));

    for (int round = 0; round < 3; round++) {
      bytes.set(0);
      long started = System.nanoTime();
      giver.wanted(EIP, RECEIVER);
      assertThat(outcomes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .isEqualTo(new FlowCourier.Outcome(FLOWS, 0));
      LOG.info(
          "connections={} bytes={} tookMillis={}",
          FLOWS,
          bytes,
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
    }

    assertWhole(newThread);
  }

  private static void fill(ExecutorService oldThread) throws Exception {
    FlowTranslation holder = new FlowTranslation(OLD, KernelNumbers.USUAL);
    oldThread
        .submit(
            () -> {
              try (FlowTable table = FlowTable.open()) {
                assertThat(
                        table.install(
                            Flows.flows(0, FLOWS).stream()
                                .map(flow -> holder.translated(flow, EIP))
                                .toList()))
                    .isZero();
              }
              return FLOWS;
            })
        .get();
  }

  private static void assertWhole(ExecutorService newThread) throws Exception {
    Map<IpAddress, List<HandedFlow>> there =
        newThread
            .submit(
                () -> {
                  try (FlowTable table = FlowTable.open()) {
                    return table.collect(
                        List.of(EIP), new FlowTranslation(NEW, KernelNumbers.USUAL));
                  }
                })
            .get();
    assertThat(there.getOrDefault(EIP.address(), List.of()))
        .hasSize(FLOWS)
        .extracting(HandedFlow::original)
        .contains(flow(0).original(), flow(FLOWS - 1).original());
  }

  @Test
  void tenThousandConnectionsOfACrashedHolderAreKnownBeforeItsGrantIsPassedOn() throws Exception {
    ReplicationFigures holding = new ReplicationFigures();
    ReplicationFigures keeping = new ReplicationFigures();
    ExecutorService newThread = thread("new");
    FlowCourier taker = courier(newThread, NEW, replication(keeping), Delivery.nowhere());
    ExecutorService oldThread = thread("old");
    fill(oldThread);
    FlowCourier giver = courier(oldThread, OLD, replication(holding), Delivery.to(taker));
    giver.opened(EIP.address());
    giver.replicate(List.of(new Replicated(EIP, RECEIVER)));
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (keeping.kept() < FLOWS && System.nanoTime() < patience) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(keeping.kept()).isEqualTo(FLOWS);

    CountDownLatch passedOn = new CountDownLatch(1);
    long started = System.nanoTime();
    taker.granted(EIP.address(), passedOn::countDown);
    assertThat(passedOn.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    LOG.info(
        "connections={} bytes={} takenOverMillis={}",
        FLOWS,
        holding.bytes(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));

    assertWhole(newThread);
    assertThat(keeping.kept()).isZero();
    assertThat(keeping.dropped()).isZero();
  }
}
