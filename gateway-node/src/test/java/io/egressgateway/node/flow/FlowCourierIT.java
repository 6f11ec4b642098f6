package io.egressgateway.node.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants;
import io.egressgateway.node.netlink.wire.conntrack.Layer4;
import io.egressgateway.node.netlink.wire.conntrack.ProtocolState;
import io.egressgateway.node.netlink.wire.conntrack.ProtocolState.TcpSide;
import io.egressgateway.node.netlink.wire.conntrack.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
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
  private static final HandedEip EIP = new HandedEip(IpAddress.of("10.6.1.55"), new EipNumber(9));
  private static final NodeNumber OLD = new NodeNumber(1);
  private static final NodeNumber NEW = new NodeNumber(2);
  private static final NodeNumber WORKER = new NodeNumber(3);
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

  private FlowCourier courier(
      ExecutorService thread, NodeNumber self, Consumer<FlowParcel> delivery) {
    FlowCourier courier =
        new FlowCourier(
            thread,
            new FlowCourier.Outbox() {
              @Override
              public void send(FlowParcel parcel) {
                bytes.addAndGet(parcel.flows().size());
                delivery.accept(parcel);
              }

              @Override
              public void installed(IpAddress address, FlowCourier.Outcome outcome) {
                outcomes.add(outcome);
              }
            });
    courier.here(self, KernelNumbers.USUAL);
    return courier;
  }

  private static HandedFlow flow(int index) {
    TcpSide side = new TcpSide(7, ConntrackConstants.IP_CT_TCP_FLAG_WINDOW_SCALE);
    return new HandedFlow(
        new Tuple(
            new Ipv4Address(0x0af40000 + index % 250),
            IpAddress.of("192.0.2.80"),
            new Layer4.Ports(6, 1024 + index, 443)),
        1024 + index,
        WORKER,
        432_000,
        new ProtocolState.Tcp(3, side, side));
  }

  @Test
  void tenThousandConnectionsArriveWhole() throws Exception {
    ExecutorService oldThread = thread("old");
    ExecutorService newThread = thread("new");
    FlowTranslation holder = new FlowTranslation(OLD, KernelNumbers.USUAL);
    oldThread
        .submit(
            () -> {
              try (FlowTable table = FlowTable.open()) {
                List<HandedFlow> flows = new ArrayList<>();
                for (int i = 0; i < FLOWS; i++) {
                  flows.add(flow(i));
                }
                assertThat(
                        table.install(flows.stream().map(f -> holder.translated(f, EIP)).toList()))
                    .isZero();
              }
              return FLOWS;
            })
        .get();
    FlowCourier taker = courier(newThread, NEW, parcel -> {});
    FlowCourier giver = courier(oldThread, OLD, taker::arrived);

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
}
