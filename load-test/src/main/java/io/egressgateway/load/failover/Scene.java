package io.egressgateway.load.failover;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.fault.Faults;
import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.PodExec;
import io.egressgateway.load.lab.guide.GuideCluster;
import io.egressgateway.load.lab.guide.GuideObjects.PolicyStatus;
import io.egressgateway.load.lab.process.LabProcess;
import io.egressgateway.load.oracle.KernelOracle;
import io.egressgateway.load.oracle.Overlap;
import io.egressgateway.load.oracle.SegmentOracle;
import io.egressgateway.load.oracle.SourceOracle;
import io.egressgateway.load.oracle.TcpConnects;
import io.egressgateway.load.oracle.UdpStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The guide's policy in a lab, a stream of datagrams and of connections from its pod, and the
 * oracles. For one thread, but for what its parts say.
 */
public final class Scene implements AutoCloseable {
  /** Name of the datagrams' flow at the server. */
  public static final String DATAGRAMS = "datagrams";

  /** Name of the connections' flow at the server. */
  public static final String CONNECTIONS = "connections";

  private static final Duration FLOWING = Duration.ofMillis(100);
  private static final int LOG_LINES_ON_FAILURE = 40;

  private final Lab lab;
  private final GuideCluster guide;
  private final Faults faults;
  private final SourceOracle sources = new SourceOracle();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Ipv4Address eip;
  private final SegmentOracle arp;
  private final UdpStream stream;
  private final TcpConnects connects;

  private Scene(Lab lab, GuideCluster guide, Consumer<String> trace) throws Exception {
    this.lab = lab;
    this.guide = guide;
    this.faults = new Faults(lab, trace);
    try (PodExec pod = lab.exec(guide.matchedPod())) {
      guide.createPolicy(pod);
      this.eip = policyStatus().eip();
      guide.awaitSource(pod, eip);
    }
    sources.allow(DATAGRAMS, Set.of(eip));
    sources.allow(CONNECTIONS, Set.of(eip));
    this.arp =
        open(SegmentOracle.start(lab.settings().topology(), List.of(eip), SegmentOracle.PACE));
    this.stream = open(UdpStream.start(DATAGRAMS, guide.matchedPod(), sources));
    this.connects = open(TcpConnects.start(CONNECTIONS, guide.matchedPod(), sources));
    settle();
  }

  private <T extends AutoCloseable> T open(T part) {
    opened.push(part);
    return part;
  }

  /**
   * Builds everything in an opened lab and waits until packets flow.
   *
   * @param trace receives what is broken and mended
   */
  public static Scene set(Lab lab, Consumer<String> trace) throws Exception {
    GuideCluster guide = GuideCluster.start(lab);
    guide.createGateway();
    guide.createPods();
    return in(lab, guide, trace);
  }

  /** The same in a lab in which the guide's gateway and pods are there already. */
  public static Scene in(Lab lab, GuideCluster guide, Consumer<String> trace) throws Exception {
    return new Scene(lab, guide, trace);
  }

  /** What is done in a scene. */
  @FunctionalInterface
  public interface Play<T> {
    T run(Scene scene) throws Exception;
  }

  /** Sets the scene, plays, and takes it down; a failure is explained by the processes' logs. */
  public static <T> T play(Lab lab, Consumer<String> trace, Play<T> play) throws Exception {
    try (Scene scene = set(lab, trace)) {
      return play.run(scene);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception | AssertionError e) {
      trace.accept(lab.supervisor().logTails(LOG_LINES_ON_FAILURE));
      throw e;
    }
  }

  /** What the policy's status says. */
  public PolicyStatus policyStatus() throws Exception {
    return Patience.USUAL.await(
        "the policy's status",
        () -> guide.objects().policyStatus(GuideCluster.NAMESPACE, GuideCluster.POLICY));
  }

  /** Who answers for the policy's egress IP now. */
  public NodeName holder() throws Exception {
    return Patience.USUAL.await("a node to answer for " + eip, () -> arp.holder(eip));
  }

  /**
   * Waits until all controllers are ready, all nodes are in the mesh, all gateway nodes have a
   * lease and are known to, some node answers for the egress IP, and datagrams arrive.
   */
  public void settle() throws Exception {
    guide.awaitControllers();
    guide.awaitMesh();
    guide.awaitGateway();
    guide.awaitLeases(GuideCluster.GATEWAY);
    awaitFlow();
  }

  /** Waits until some node answers for the egress IP and datagrams arrive. */
  public void awaitFlow() throws Exception {
    holder();
    Patience.USUAL.await("datagrams to arrive", this::flowing);
  }

  private Optional<Boolean> flowing() {
    long silent = System.nanoTime() - stream.lastArrivalNanos();
    return silent < FLOWING.toNanos() ? Optional.of(true) : Optional.empty();
  }

  /** Waits until nobody answers for the egress IP and no datagram arrives. */
  public void awaitDarkness() throws Exception {
    Patience.USUAL.await(
        "nobody to answer for " + eip,
        () ->
            arp.holder(eip).isEmpty() && flowing().isEmpty()
                ? Optional.of(true)
                : Optional.empty());
  }

  /** Waits until a killed process has been started again. */
  public void awaitRestart(String name) throws Exception {
    Patience.USUAL.await(
        name + " to be started again",
        () -> Optional.of(lab.supervisor().process(name)).filter(LabProcess::isAlive));
  }

  /** Waits until this process has ended and its successor runs. */
  public void awaitSuccessor(LabProcess former) throws Exception {
    Patience.USUAL.await(
        former.name() + " to end and to be started again",
        () ->
            Optional.of(lab.supervisor().process(former.name()))
                .filter(process -> process.pid() != former.pid() && process.isAlive()));
  }

  /** Waits until the gateway says that failovers are blocked, for a reason that begins so. */
  public String awaitFailoverBlocked(String reason) throws Exception {
    return Patience.USUAL.await(
        "condition FailoverBlocked for " + reason,
        () -> failoverBlocked().filter(said -> said.startsWith(reason)));
  }

  /** Waits until the gateway says so no more. */
  public void awaitFailoverFree() throws Exception {
    Patience.USUAL.await(
        "condition FailoverBlocked to be gone",
        () -> failoverBlocked().isPresent() ? Optional.empty() : Optional.of(true));
  }

  private Optional<String> failoverBlocked() {
    return guide.objects().gatewayConditionReason(GuideCluster.GATEWAY, "FailoverBlocked");
  }

  /** Waits until another node than this one answers. */
  public NodeName awaitOtherThan(NodeName former) throws Exception {
    return Patience.USUAL.await(
        "another node than %s to answer for %s".formatted(former, eip),
        () -> arp.holder(eip).filter(node -> !node.equals(former)));
  }

  /** Everything that must never be, so far: two holders, or a source that is not the policy's. */
  public List<String> violations() {
    List<String> all = new ArrayList<>();
    arp.overlaps().stream().map(Overlap::toString).forEach(all::add);
    sources.leaks().stream().map(SourceOracle.Leak::toString).forEach(all::add);
    return all;
  }

  /** The lab. */
  public Lab lab() {
    return lab;
  }

  /** The guide's objects and waits. */
  public GuideCluster guide() {
    return guide;
  }

  /** What can be broken. */
  public Faults faults() {
    return faults;
  }

  /** The policy's egress IP. */
  public Ipv4Address eip() {
    return eip;
  }

  /** Who answers. */
  public SegmentOracle arp() {
    return arp;
  }

  /** What the server sees. */
  public SourceOracle sources() {
    return sources;
  }

  /** The datagrams. */
  public UdpStream stream() {
    return stream;
  }

  /** The connections. */
  public TcpConnects connects() {
    return connects;
  }

  /** The nodes' kernels. */
  public KernelOracle kernels() {
    return new KernelOracle(lab.settings().topology());
  }

  @Override
  public void close() throws IOException {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException("take the scene down", e);
      }
    }
  }
}
