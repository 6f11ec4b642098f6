package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.core.link.WitnessMembership;
import io.egressgateway.core.link.v1.AgentMessage;
import io.egressgateway.core.link.v1.AgentMessage.MessageCase;
import io.egressgateway.core.link.v1.ControllerMessage;
import io.egressgateway.core.link.v1.Enlist;
import io.egressgateway.core.link.v1.Grant;
import io.egressgateway.core.link.v1.Release;
import io.egressgateway.core.link.v1.SessionBeat;
import io.egressgateway.core.link.v1.Standing;
import io.egressgateway.core.link.v1.WitnessAddress;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.PacketSocket;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.frame.ArpFrame;
import io.egressgateway.node.netlink.wire.frame.EtherType;
import io.egressgateway.node.netlink.wire.route.LinkName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A gateway node's agent, its controller and three witnesses at the router. */
final class LeaseLab {
  static final String EIP = "10.6.168.201";
  static final int GATEWAY = 12;
  static final LeaseTerms TERMS = LeaseProfile.DEFAULT.terms();
  private static final int CONTROLLER_PORT = 5821;
  private static final int WITNESS_PORT = 5831;
  private static final int WITNESSES = 3;
  private static final Duration ANSWER_MAX = Duration.ofMillis(20);
  private static final MacAddress ASKER = MacAddress.of("02:00:00:00:00:99");

  private final DatapathLab lab = new DatapathLab();
  private final TestCa ca = new TestCa();
  private final AgentProcesses agents;
  private final Path directory;
  private final TestController controller;
  private final List<TestWitness> witnesses = new ArrayList<>();
  private final NetworkNamespace gateway;
  private final PacketSocket segment;

  LeaseLab(Path directory) throws Exception {
    this.directory = directory;
    this.agents = new AgentProcesses(ca, directory);
    this.controller =
        TestController.in(lab.server(), CONTROLLER_PORT, ca, directory.resolve("controller"));
    this.gateway = lab.node(GATEWAY);
    this.segment = lab.server().run(LeaseLab::listen);
    for (int witness = 0; witness < WITNESSES; witness++) {
      startWitness(witness);
    }
  }

  private static PacketSocket listen() {
    try (RouteNetlink routing = RouteNetlink.open(SocketLimits.REQUESTS)) {
      int index = routing.link(LinkName.of("eth0")).orElseThrow().index();
      return PacketSocket.open(
          index, EtherType.ARP, SocketLimits.REQUESTS.withReceiveTimeout(ANSWER_MAX));
    }
  }

  DatapathLab lab() {
    return lab;
  }

  TestCa ca() {
    return ca;
  }

  AgentProcesses agents() {
    return agents;
  }

  NetworkNamespace gateway() {
    return gateway;
  }

  TestController controller() {
    return controller;
  }

  Process startAgent() throws Exception {
    return agents.start(gateway, GATEWAY, CONTROLLER_PORT);
  }

  void startWitness(int index) throws Exception {
    witnesses.add(
        index,
        TestWitness.in(
            lab.server(), WITNESS_PORT + index, ca, directory.resolve("witness" + index)));
  }

  void stopWitness(int index) throws Exception {
    witnesses.remove(index).stop();
  }

  static NodePlan plan(int... peers) {
    return Plans.plan(
        Plans.mesh(GATEWAY, peers), Selection.none(Plans.CLUSTER), Plans.holding(EIP, GATEWAY));
  }

  void enlist() throws Exception {
    Enlist.Builder enlist =
        Enlist.newBuilder()
            .setLeaseMicros(micros(TERMS.lease()))
            .setRenewalMicros(micros(TERMS.renewal()))
            .setGuardMicros(micros(TERMS.guard()))
            .setSuspicionMicros(micros(TERMS.suspicion()));
    List<io.egressgateway.core.model.WitnessAddress> addresses = new ArrayList<>();
    for (int witness = 0; witness < WITNESSES; witness++) {
      int port = WITNESS_PORT + witness;
      enlist.addWitnesses(WitnessAddress.newBuilder().setHost("10.6.168.1").setPort(port));
      addresses.add(new io.egressgateway.core.model.WitnessAddress("10.6.168.1", port));
    }
    enlist.setMembership(WitnessMembership.of(addresses).digest());
    controller.send(ControllerMessage.newBuilder().setEnlist(enlist).build());
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }

  /** The next beat of this standing. */
  SessionBeat awaitBeat(Standing standing) throws InterruptedException {
    while (true) {
      SessionBeat beat = controller.await(MessageCase.BEAT).getBeat();
      if (beat.getStanding() == standing) {
        return beat;
      }
    }
  }

  void grant(SessionBeat session, long epoch) throws InterruptedException {
    controller.send(
        ControllerMessage.newBuilder()
            .setGrant(
                Grant.newBuilder()
                    .setAddress(bytes())
                    .setEpoch(epoch)
                    .setBootId(session.getBootId())
                    .setIncarnation(session.getIncarnation()))
            .build());
  }

  void release(SessionBeat session, long epoch) throws InterruptedException {
    controller.send(
        ControllerMessage.newBuilder()
            .setRelease(
                Release.newBuilder()
                    .setAddress(bytes())
                    .setEpoch(epoch)
                    .setBootId(session.getBootId())
                    .setIncarnation(session.getIncarnation()))
            .build());
  }

  private static ByteString bytes() {
    return ByteString.copyFrom(IpAddress.of(EIP).toBytes());
  }

  /** From the agent's Hello to the open gate. */
  SessionBeat hold(NodePlan plan, long epoch) throws Exception {
    assertThat(controller.await(MessageCase.HELLO).getHello().getNode()).isEqualTo("node-12");
    controller.offer(plan);
    enlist();
    SessionBeat session = awaitBeat(Standing.STANDING_LEASED);
    grant(session, epoch);
    AgentMessage opened = controller.await(MessageCase.OPENED);
    assertThat(opened.getOpened().getEpoch()).isEqualTo(epoch);
    return session;
  }

  /** The nf_tables tables of the gateway node. */
  List<String> tables() {
    return gateway.run(
        () -> {
          try (NftNetlink nft = NftNetlink.open(SocketLimits.REQUESTS)) {
            return nft.tables().stream().map(entry -> entry.table().id().toString()).toList();
          }
        });
  }

  /** Whether anybody on the segment answers for the egress IP just now. */
  boolean isAnswered() {
    segment.send(ArpFrame.probe(ASKER, Ipv4Address.of(EIP)).encode());
    for (Optional<Bytes> frame = segment.receive(); frame.isPresent(); frame = segment.receive()) {
      Optional<ArpFrame> arp = ArpFrame.decode(frame.get());
      if (arp.filter(LeaseLab::isAnswer).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAnswer(ArpFrame frame) {
    return frame.operation() == ArpFrame.Operation.REPLY
        && frame.senderIp().equals(Ipv4Address.of(EIP))
        && frame.targetMac().equals(ASKER);
  }

  void stop() throws Exception {
    segment.close();
    agents.stop();
    controller.close();
    for (TestWitness witness : witnesses) {
      witness.stop();
    }
    lab.close();
  }
}
