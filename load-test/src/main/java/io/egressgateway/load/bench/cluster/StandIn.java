package io.egressgateway.load.bench.cluster;

import com.google.protobuf.ByteString;
import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.core.link.PlanCodec;
import io.egressgateway.core.link.WitnessMembership;
import io.egressgateway.core.link.v1.AgentLinkGrpc;
import io.egressgateway.core.link.v1.AgentMessage;
import io.egressgateway.core.link.v1.ControllerMessage;
import io.egressgateway.core.link.v1.Enlist;
import io.egressgateway.core.link.v1.Grant;
import io.egressgateway.core.link.v1.Heard;
import io.egressgateway.core.link.v1.PlanOffer;
import io.egressgateway.core.link.v1.SessionBeat;
import io.egressgateway.core.link.v1.Standing;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.PlanDelta;
import io.egressgateway.load.lab.net.NetNamespace;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Takes the controllers' part towards agents: gives each the plan of its node, the lease that it
 * needs and what the plan has it hold. Thread-safe.
 */
final class StandIn implements AutoCloseable {
  private static final long NANOS_PER_MICRO = 1_000;
  private static final long EPOCH = 1;

  private final Map<String, NodePlan> plans;
  private final Enlist enlist;
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();
  private final EventLoopGroup loop;
  private final Server server;

  /**
   * Where it listens.
   *
   * @param tls folder of the controllers' certificate
   */
  record Place(NetNamespace namespace, InetSocketAddress address, Path tls) {}

  /** The leases that it has agents ask for. */
  record Leases(LeaseTerms terms, List<WitnessAddress> witnesses) {}

  private StandIn(Place place, Leases leases, Map<String, NodePlan> plans) throws IOException {
    this.plans = Map.copyOf(plans);
    this.enlist = enlist(leases);
    ThreadFactory inside =
        task -> Thread.ofPlatform().daemon(true).unstarted(() -> runIn(place, task));
    this.loop = new MultiThreadIoEventLoopGroup(1, inside, NioIoHandler.newFactory());
    this.server =
        NettyServerBuilder.forAddress(place.address())
            .bossEventLoopGroup(loop)
            .workerEventLoopGroup(loop)
            .channelType(NioServerSocketChannel.class)
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .sslContext(
                GrpcSslContexts.forServer(
                        place.tls().resolve("controller.crt").toFile(),
                        place.tls().resolve("controller.key").toFile())
                    .trustManager(place.tls().resolve("ca.crt").toFile())
                    .clientAuth(ClientAuth.REQUIRE)
                    .build())
            .addService(new Service())
            .build()
            .start();
  }

  private static void runIn(Place place, Runnable task) {
    NetworkNamespace.named(place.namespace().name()).enter();
    task.run();
  }

  /**
   * Starts listening.
   *
   * @param plans by node; agents of other nodes are heard and get none
   */
  static StandIn start(Place place, Leases leases, Map<String, NodePlan> plans) throws IOException {
    return new StandIn(place, leases, plans);
  }

  private static Enlist enlist(Leases leases) {
    Enlist.Builder message =
        Enlist.newBuilder()
            .setLeaseMicros(micros(leases.terms().lease()))
            .setRenewalMicros(micros(leases.terms().renewal()))
            .setGuardMicros(micros(leases.terms().guard()))
            .setSuspicionMicros(micros(leases.terms().suspicion()))
            .setMembership(WitnessMembership.of(leases.witnesses()).digest());
    for (WitnessAddress witness : leases.witnesses()) {
      message.addWitnesses(
          io.egressgateway.core.link.v1.WitnessAddress.newBuilder()
              .setHost(witness.host())
              .setPort(witness.port()));
    }
    return message.build();
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / NANOS_PER_MICRO;
  }

  /** The revision that a node's kernel has; 0 before the first. */
  long applied(String node) {
    return Optional.ofNullable(sessions.get(node)).map(session -> session.applied).orElse(0L);
  }

  /** How many egress IPs the node's agent said to have opened. */
  int opened(String node) {
    return Optional.ofNullable(sessions.get(node)).map(session -> session.opened.size()).orElse(0);
  }

  /** Sends the node's agent a change of the plan that it has. */
  void change(String node, PlanDelta delta) {
    Optional.ofNullable(sessions.get(node))
        .orElseThrow(() -> new IllegalStateException("no agent of " + node + " is connected"))
        .send(ControllerMessage.newBuilder().setDelta(PlanCodec.encode(delta)).build());
  }

  private final class Service extends AgentLinkGrpc.AgentLinkImplBase {
    @Override
    public StreamObserver<AgentMessage> connect(StreamObserver<ControllerMessage> responses) {
      return new Session(responses);
    }
  }

  /** One agent, on the event loop's thread but for what is said to it. */
  private final class Session implements StreamObserver<AgentMessage> {
    private final StreamObserver<ControllerMessage> responses;
    private final Set<ByteString> opened = ConcurrentHashMap.newKeySet();
    private volatile Optional<NodePlan> plan = Optional.empty();
    private volatile long applied;

    Session(StreamObserver<ControllerMessage> responses) {
      this.responses = responses;
    }

    synchronized void send(ControllerMessage message) {
      responses.onNext(message);
    }

    @Override
    public void onNext(AgentMessage message) {
      switch (message.getMessageCase()) {
        case HELLO -> onHello(message.getHello().getNode());
        case BEAT -> onBeat(message.getBeat());
        case PLAN_APPLIED -> applied = message.getPlanApplied().getRevision();
        case OPENED -> opened.add(message.getOpened().getAddress());
        default -> {
          // Facts and the like, which decide nothing here.
        }
      }
    }

    private void onHello(String node) {
      sessions.put(node, this);
      plan = Optional.ofNullable(plans.get(node));
      plan.ifPresent(
          whole -> {
            send(
                ControllerMessage.newBuilder()
                    .setPlan(PlanOffer.newBuilder().setPlan(PlanCodec.encode(whole)))
                    .build());
            if (!whole.ownership().held().isEmpty()) {
              send(ControllerMessage.newBuilder().setEnlist(enlist).build());
            }
          });
    }

    private void onBeat(SessionBeat beat) {
      send(ControllerMessage.newBuilder().setHeard(Heard.getDefaultInstance()).build());
      if (beat.getStanding() == Standing.STANDING_LEASED) {
        plan.ifPresent(whole -> whole.ownership().held().values().forEach(eip -> grant(eip, beat)));
      }
    }

    /** Repeated until it is opened. */
    private void grant(IpAddress eip, SessionBeat beat) {
      ByteString address = ByteString.copyFrom(eip.toBytes());
      if (!opened.contains(address)) {
        send(
            ControllerMessage.newBuilder()
                .setGrant(
                    Grant.newBuilder()
                        .setAddress(address)
                        .setEpoch(EPOCH)
                        .setBootId(beat.getBootId())
                        .setIncarnation(beat.getIncarnation()))
                .build());
      }
    }

    @Override
    public void onError(Throwable failure) {
      sessions.values().remove(this);
    }

    @Override
    public void onCompleted() {
      sessions.values().remove(this);
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
    var unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
