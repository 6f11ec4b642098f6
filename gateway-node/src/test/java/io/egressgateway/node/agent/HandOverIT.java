package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.flow.FlowCourier;
import io.egressgateway.node.flow.FlowParcel;
import io.egressgateway.node.flow.FlowReplica;
import io.egressgateway.node.flow.HandedEip;
import io.egressgateway.node.flow.Replicated;
import io.egressgateway.node.flow.ReplicationFigures;
import io.egressgateway.node.flow.Replications;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.wire.route.Neighbour;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that follow their egress IP from one gateway node to another, in real kernels. */
final class HandOverIT {
  private static final String EIP = "10.6.168.201";
  private static final HandedEip HANDED = new HandedEip(IpAddress.of(EIP), new EipNumber(1));
  private static final int WORKER = 11;
  private static final int OLD = 12;
  private static final int NEW = 13;
  private static final int TCP_PORT = 9001;
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int STREAM_BYTES = 1 << 20;
  private static final String POD = "10.244.1.5";
  private static final String OTHER_POD = "10.244.1.6";
  private static final String POD_OF_OLD = "10.244.2.5";
  private static final String POD_OF_NEW = "10.244.3.5";

  /** A gateway node or a worker, with its pods. */
  private record Site(
      int number,
      LabKernel kernel,
      FlowCourier courier,
      ReplicationFigures figures,
      Selection pods) {
    void has(Ownership ownership) throws Exception {
      int[] peers =
          Arrays.stream(new int[] {WORKER, OLD, NEW}).filter(peer -> peer != number).toArray();
      kernel.reconcile(Plans.plan(Plans.mesh(number, peers), pods, ownership));
    }
  }

  private DatapathLab lab;
  private final List<AutoCloseable> endings = new ArrayList<>();
  private final BlockingQueue<FlowCourier.Outcome> outcomes = new LinkedBlockingQueue<>();
  private NetworkNamespace pod;
  private NetworkNamespace otherPod;
  private NetworkNamespace podOfOld;
  private NetworkNamespace podOfNew;
  private Site worker;
  private Site old;
  private Site next;
  private ServerSocket listener;

  @BeforeEach
  void start() throws Exception {
    lab = new DatapathLab();
    NetworkNamespace workerNode = lab.node(WORKER);
    NetworkNamespace oldNode = lab.node(OLD);
    NetworkNamespace newNode = lab.node(NEW);
    pod = lab.pod(workerNode, POD);
    otherPod = lab.pod(workerNode, OTHER_POD);
    podOfOld = lab.pod(oldNode, POD_OF_OLD);
    podOfNew = lab.pod(newNode, POD_OF_NEW);
    worker = site(WORKER, workerNode, Optional.empty(), POD, OTHER_POD);
    next = site(NEW, newNode, Optional.empty(), POD_OF_NEW);
    old = site(OLD, oldNode, Optional.of(next), POD_OF_OLD);
    listener = lab.server().run(() -> new ServerSocket(TCP_PORT));
    endings.add(listener);
    old.has(Plans.holding(EIP, OLD));
    worker.has(Plans.routedTo(OLD));
    next.has(Plans.routedTo(OLD));
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable ending : endings) {
      ending.close();
    }
    lab.close();
  }

  private Site site(int number, NetworkNamespace node, Optional<Site> taker, String... pods)
      throws Exception {
    KernelThread thread = lab.thread(node);
    ScheduledExecutorService replication = Executors.newSingleThreadScheduledExecutor();
    replication.submit(node::enter).get();
    ReplicationFigures figures = new ReplicationFigures();
    FlowCourier courier =
        new FlowCourier(
            thread.executor(),
            new FlowCourier.Outbox() {
              @Override
              public void send(FlowParcel parcel) {
                taker.ifPresent(site -> site.courier().arrived(parcel));
              }

              @Override
              public void installed(IpAddress address, FlowCourier.Outcome outcome) {
                outcomes.add(outcome);
              }

              @Override
              public void replicated(FlowReplica part) {
                NodeName from = new NodeName("node-" + number);
                taker.ifPresent(
                    site ->
                        site.courier()
                            .replicated(
                                new FlowReplica(
                                    part.eip(), from, part.stream(), part.round(), part.flows())));
              }
            },
            Replications.on(replication, figures));
    courier.here(new NodeNumber(number), KernelNumbers.USUAL);
    endings.add(courier);
    return new Site(number, lab.kernel(node), courier, figures, selection(pods));
  }

  private static Selection selection(String... pods) {
    Selection one = Plans.selection(pods[0]);
    SortedMap<IpAddress, ClassNumber> all = new TreeMap<>();
    Arrays.stream(pods).forEach(each -> all.put(IpAddress.of(each), new ClassNumber(1)));
    return new Selection(one.clusterCidrs(), all, one.rules());
  }

  private FlowCourier.Outcome handOver() throws Exception {
    old.courier().wanted(HANDED, new NodeName("node-" + NEW));
    FlowCourier.Outcome outcome = outcomes.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    assertThat(outcome).as("what the new node took").isNotNull();
    return outcome;
  }

  /** In the order of a planned move. */
  private void move() throws Exception {
    old.has(Plans.routedTo(NEW));
    old.courier().released(HANDED.address());
    next.courier().granted(HANDED.address(), () -> {});
    next.courier().opened(HANDED.address());
    next.has(Plans.holding(EIP, NEW));
    worker.has(Plans.routedTo(NEW));
    forgetNeighbour();
  }

  /** The other node knows of so many connections of the egress IP. */
  private void replicate(int connections) throws InterruptedException {
    old.courier().opened(HANDED.address());
    old.courier().replicate(List.of(new Replicated(HANDED, new NodeName("node-" + NEW))));
    awaitKept(connections);
  }

  private void awaitKept(int connections) throws InterruptedException {
    long patience = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    while (next.figures().kept() != connections && System.nanoTime() < patience) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(next.figures().kept()).isEqualTo(connections);
  }

  /** The holder hands nothing over and says nothing; the next one is granted the egress IP. */
  private void crash() throws Exception {
    old.courier().replicate(List.of());
    old.has(Plans.routedTo(NEW));
    CountDownLatch known = new CountDownLatch(1);
    next.courier().granted(HANDED.address(), known::countDown);
    assertThat(known.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
    next.has(Plans.holding(EIP, NEW));
    next.courier().opened(HANDED.address());
    worker.has(Plans.routedTo(NEW));
    forgetNeighbour();
  }

  /** As after an announcement. */
  private void forgetNeighbour() {
    DatapathLab.in(
        lab.server(),
        routing -> {
          for (Neighbour neighbour : routing.neighbours(IpFamily.IPV4)) {
            if (neighbour.ip().equals(HANDED.address())) {
              routing.deleteNeighbour(neighbour);
            }
          }
        });
  }

  /** Both ends of a connection from a pod to the server. */
  private record Connection(Socket client, Socket server) implements AutoCloseable {
    void download(int bytes) throws IOException {
      carry(server, client, bytes);
    }

    void upload(int bytes) throws IOException {
      carry(client, server, bytes);
    }

    private static void carry(Socket from, Socket to, int bytes) throws IOException {
      byte[] sent = new byte[bytes];
      Arrays.fill(sent, (byte) 'x');
      Thread writer =
          Thread.ofPlatform()
              .daemon(true)
              .start(
                  () -> {
                    try {
                      from.getOutputStream().write(sent);
                    } catch (IOException broken) {
                      // The reader finds out.
                      Thread.currentThread().interrupt();
                    }
                  });
      assertThat(to.getInputStream().readNBytes(bytes)).isEqualTo(sent);
      try {
        writer.join();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    String source() {
      return server.getInetAddress().getHostAddress();
    }

    @Override
    public void close() throws IOException {
      client.close();
      server.close();
    }
  }

  private Connection connect(NetworkNamespace from, int port) throws Exception {
    Socket client =
        from.run(
            () -> {
              Socket socket = new Socket();
              socket.bind(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), port));
              socket.connect(new InetSocketAddress(DatapathLab.SERVER, TCP_PORT), PATIENCE_MILLIS);
              return socket;
            });
    client.setSoTimeout(PATIENCE_MILLIS);
    Socket accepted = listener.accept();
    accepted.setSoTimeout(PATIENCE_MILLIS);
    Connection connection = new Connection(client, accepted);
    endings.add(0, connection);
    assertThat(connection.source()).isEqualTo(EIP);
    return connection;
  }

  @Test
  void whoeverSpeaksFirstAfterTheMoveTheConnectionGoesOn() throws Exception {
    Connection download = connect(pod, 0);
    Connection upload = connect(pod, 0);
    Connection idle = connect(pod, 0);
    download.download(STREAM_BYTES);
    upload.upload(STREAM_BYTES);

    assertThat(handOver()).isEqualTo(new FlowCourier.Outcome(3, 0));
    // The old node holds the egress IP still.
    download.download(STREAM_BYTES);
    upload.upload(STREAM_BYTES);
    move();

    download.download(STREAM_BYTES);
    upload.upload(STREAM_BYTES);
    idle.download(1);
    idle.upload(1);
  }

  @Test
  void connectionsWhosePortsClashedKeepTheirTranslations() throws Exception {
    Connection first = connect(pod, 40_000);
    Connection second = connect(otherPod, 40_000);
    assertThat(second.server().getPort()).isNotEqualTo(first.server().getPort());

    assertThat(handOver()).isEqualTo(new FlowCourier.Outcome(2, 0));
    move();

    second.download(STREAM_BYTES);
    first.download(STREAM_BYTES);
    second.upload(STREAM_BYTES);
    first.upload(STREAM_BYTES);
  }

  @Test
  void aConnectionOfAPodOfTheNewNodeIsTranslatedThereFromNowOn() throws Exception {
    Connection connection = connect(podOfNew, 0);
    connection.download(STREAM_BYTES);

    assertThat(handOver()).isEqualTo(new FlowCourier.Outcome(1, 0));
    connection.upload(STREAM_BYTES);
    move();

    connection.download(STREAM_BYTES);
    connection.upload(STREAM_BYTES);
  }

  @Test
  void aConnectionOfAPodOfTheOldNodeGoesThroughTheNewOne() throws Exception {
    Connection connection = connect(podOfOld, 0);
    connection.download(STREAM_BYTES);

    assertThat(handOver()).isEqualTo(new FlowCourier.Outcome(1, 0));
    move();

    connection.download(STREAM_BYTES);
    connection.upload(STREAM_BYTES);
  }

  @Test
  void aConnectionThatBeganAfterTheHandOverFollowsTheRelease() throws Exception {
    assertThat(handOver()).isEqualTo(new FlowCourier.Outcome(0, 0));
    Connection late = connect(pod, 0);

    move();
    assertThat(outcomes.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS))
        .isEqualTo(new FlowCourier.Outcome(1, 0));

    late.download(STREAM_BYTES);
  }

  @Test
  void connectionsThatAnotherNodeWasToldOfGoOnAfterACrash() throws Exception {
    Connection download = connect(pod, 40_000);
    Connection idle = connect(pod, 0);
    Connection clashing = connect(otherPod, 40_000);
    Connection ofNew = connect(podOfNew, 0);
    download.download(STREAM_BYTES);
    try (DatapathLab.Client datagrams = lab.client(pod)) {
      assertThat(datagrams.ask()).contains(EIP);
      replicate(5);
      download.download(STREAM_BYTES);
      crash();

      assertThat(datagrams.ask()).contains(EIP);
    }
    assertThat(next.figures().kept()).isZero();
    download.download(STREAM_BYTES);
    idle.download(1);
    clashing.download(STREAM_BYTES);
    clashing.upload(STREAM_BYTES);
    ofNew.download(STREAM_BYTES);
    ofNew.upload(STREAM_BYTES);
  }

  @Test
  void aConnectionThatEndedIsNotKept() throws Exception {
    Connection first = connect(pod, 0);
    connect(pod, 0);
    replicate(2);

    first.close();

    awaitKept(1);
    assertThat(old.figures().told()).isEqualTo(1);
  }

  @Test
  void whatWasHandedOverIsNotTakenOverOnceMore() throws Exception {
    Connection connection = connect(pod, 0);
    replicate(1);

    assertThat(handOver()).isEqualTo(new FlowCourier.Outcome(1, 0));
    assertThat(next.figures().kept()).isZero();
    move();

    connection.download(STREAM_BYTES);
  }

  @Test
  void withoutAHandOverNothingOfAPodLeavesWithAnotherSource() throws Exception {
    try (DatapathLab.Client client = lab.client(podOfNew)) {
      assertThat(client.ask()).contains(EIP);
      move();
      client.send("after the move");
      client.receive();
    }
    assertThat(lab.arrivals()).isNotEmpty().allMatch(arrival -> arrival.startsWith(EIP + " "));
  }

  @Test
  void datagramsOfTheServerReachThePodAfterTheMove() throws Exception {
    try (DatapathLab.Client client = lab.client(pod)) {
      assertThat(client.ask()).contains(EIP);
      assertThat(handOver()).isEqualTo(new FlowCourier.Outcome(1, 0));
      move();
      assertThat(client.ask()).contains(EIP);
    }
  }

  @Test
  void whatANodeKnewFromAnEarlierTimeIsForgotten() throws Exception {
    Connection first = connect(pod, 40_000);
    handOver();
    first.close();
    Connection second = connect(otherPod, 40_000);

    assertThat(handOver().refused()).isZero();
    move();

    second.download(STREAM_BYTES);
  }
}
