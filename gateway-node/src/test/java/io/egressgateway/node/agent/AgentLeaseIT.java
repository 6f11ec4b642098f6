package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.link.v1.AgentMessage.MessageCase;
import io.egressgateway.core.link.v1.SessionBeat;
import io.egressgateway.core.link.v1.Standing;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.LinkName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent as a process, with a controller and witnesses: who answers for an egress IP when. */
final class AgentLeaseIT {
  private static final long RESIDENT_KIB_MAX = 165 * 1024;

  /** The kernel's timers, and the pace of asking. */
  private static final Duration SLACK = Duration.ofMillis(100);

  private final LeaseLab lab;

  AgentLeaseIT(@TempDir Path directory) throws Exception {
    this.lab = new LeaseLab(directory);
  }

  @AfterEach
  void stop() throws Exception {
    lab.stop();
  }

  /** How long from now until nobody answers any more. */
  private Duration lastAnswer() {
    long start = System.nanoTime();
    long last = start;
    while (System.nanoTime() - last < Duration.ofMillis(500).toNanos()) {
      if (lab.isAnswered()) {
        last = System.nanoTime();
      }
    }
    return Duration.ofNanos(last - start);
  }

  private static void untilAsserted(Runnable assertion) {
    Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(assertion::run);
  }

  @Test
  void aGrantMakesTheNodeAnswerAndAReleaseMakesItSilent() throws Exception {
    Process agent = lab.startAgent();
    SessionBeat session = lab.hold(LeaseLab.plan(11), 1);
    assertThat(lab.isAnswered()).isTrue();
    assertThat(AgentProcesses.residentKib(agent))
        .get()
        .satisfies(kib -> assertThat(kib).isLessThan(RESIDENT_KIB_MAX));
    lab.release(session, 1);
    lab.controller().await(MessageCase.RELEASED);
    assertThat(lab.isAnswered()).isFalse();
    lab.grant(session, 1);
    lab.grant(session, 2);
    assertThat(lab.controller().await(MessageCase.OPENED).getOpened().getEpoch()).isEqualTo(2);
    assertThat(lab.isAnswered()).isTrue();
  }

  @Test
  void aPreparedAddressIsSilentUntilItIsGranted() throws Exception {
    lab.startAgent();
    lab.controller().await(MessageCase.HELLO);
    lab.enlist();
    SessionBeat session = lab.awaitBeat(Standing.STANDING_LEASED);
    lab.controller().offer(LeaseLab.plan(11));
    lab.controller().await(MessageCase.PLAN_APPLIED);
    assertThat(lab.isAnswered()).isFalse();
    lab.grant(session, 1);
    lab.controller().await(MessageCase.OPENED);
    assertThat(lab.isAnswered()).isTrue();
  }

  @Test
  void aKilledAgentGoesDarkWithItsLease() throws Exception {
    Process agent = lab.startAgent();
    lab.hold(LeaseLab.plan(11), 1);
    agent.destroyForcibly().waitFor();
    assertThat(lastAnswer()).isLessThan(LeaseLab.TERMS.lease().plus(SLACK));
  }

  @Test
  void aStoppedAgentGoesDarkWithItsLeaseAndBeginsAnew() throws Exception {
    Process agent = lab.startAgent();
    SessionBeat before = lab.hold(LeaseLab.plan(11), 1);
    signal(agent, "STOP");
    assertThat(lastAnswer()).isLessThan(LeaseLab.TERMS.lease().plus(SLACK));
    // The address is gone before the lease is, and comes back with an agent that goes on in time.
    TimeUnit.NANOSECONDS.sleep(LeaseLab.TERMS.lease().toNanos());
    signal(agent, "CONT");
    SessionBeat after = laterThan(before);
    assertThat(lab.isAnswered()).isFalse();
    lab.grant(before, 1);
    lab.grant(after, 2);
    assertThat(lab.controller().await(MessageCase.OPENED).getOpened().getEpoch()).isEqualTo(2);
  }

  @Test
  void withoutAMajorityOfWitnessesTheGatesCloseAndANewIncarnationFollows() throws Exception {
    lab.startAgent();
    SessionBeat before = lab.hold(LeaseLab.plan(11), 1);
    lab.stopWitness(2);
    lab.stopWitness(1);
    assertThat(lastAnswer()).isLessThan(LeaseLab.TERMS.lease().plus(SLACK));
    lab.startWitness(1);
    SessionBeat after = laterThan(before);
    assertThat(after.getBootId()).isEqualTo(before.getBootId());
    lab.grant(before, 1);
    lab.grant(before, 7);
    assertThat(lab.isAnswered()).as("granted to the session before").isFalse();
    lab.grant(after, 2);
    assertThat(lab.controller().await(MessageCase.OPENED).getOpened().getEpoch()).isEqualTo(2);
    assertThat(lab.isAnswered()).isTrue();
  }

  @Test
  void oneWitnessLessIsNotNoticed() throws Exception {
    lab.startAgent();
    SessionBeat session = lab.hold(LeaseLab.plan(11), 1);
    lab.stopWitness(0);
    for (int beats = 0; beats < 8; beats++) {
      assertThat(lab.awaitBeat(Standing.STANDING_LEASED)).isEqualTo(session);
      assertThat(lab.isAnswered()).isTrue();
    }
  }

  @Test
  void anAgentThatIsToldToEndHandsOverFirst() throws Exception {
    Process agent = lab.startAgent();
    SessionBeat session = lab.hold(LeaseLab.plan(11), 1);
    agent.destroy();
    assertThat(lab.awaitBeat(Standing.STANDING_LEAVING).getIncarnation())
        .isEqualTo(session.getIncarnation());
    assertThat(lab.isAnswered()).as("until it is released").isTrue();
    lab.release(session, 1);
    lab.controller().await(MessageCase.RELEASED);
    assertThat(agent.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(agent.exitValue()).isZero();
    assertThat(lab.agents().log(LeaseLab.GATEWAY)).doesNotContain("ERROR");
    assertThat(lab.isAnswered()).isFalse();
  }

  @Test
  void leaseAndDatapathComeBeforeTheRest() throws Exception {
    Process agent = lab.startAgent();
    lab.hold(LeaseLab.plan(11), 1);
    assertThat(AgentProcesses.niceness(agent))
        .containsEntry("lease", -10)
        .containsEntry("witnesses", -10)
        .containsEntry("VM Thread", -10)
        .containsEntry("kernel", -5)
        .containsEntry("multiThreadIoEv", -5)
        .containsEntry("egressgateway-a", -5)
        .containsEntry("replication", 0);
  }

  @Test
  void aSecondSignalEndsTheAgentAtOnce() throws Exception {
    Process agent = lab.startAgent();
    lab.hold(LeaseLab.plan(11), 1);
    agent.destroy();
    lab.awaitBeat(Standing.STANDING_LEAVING);
    agent.destroy();
    assertThat(agent.waitFor(2, TimeUnit.SECONDS)).isTrue();
    assertThat(agent.exitValue()).isNotZero();
  }

  @Test
  void aSuccessorOfTheSameBootIsALaterSessionAndClosesWhatWasOpen() throws Exception {
    Process agent = lab.startAgent();
    SessionBeat before = lab.hold(LeaseLab.plan(11), 1);
    agent.destroyForcibly().waitFor();
    lab.startAgent();
    SessionBeat after = lab.hold(LeaseLab.plan(11), 2);
    assertThat(after.getBootId()).isEqualTo(before.getBootId());
    assertThat(after.getIncarnation()).isGreaterThan(before.getIncarnation());
    assertThat(lab.isAnswered()).isTrue();
  }

  @Test
  void anAddressThatAnotherHostHasIsNotOpenedAndItsOwnerIsNamed() throws Exception {
    NetworkNamespace stranger = lab.lab().node(66);
    DatapathLab.in(stranger, routing -> routing.addAddress(strange(routing)));
    lab.startAgent();
    lab.controller().await(MessageCase.HELLO);
    lab.controller().offer(LeaseLab.plan(11));
    lab.enlist();
    SessionBeat session = lab.awaitBeat(Standing.STANDING_LEASED);
    lab.grant(session, 1);
    assertThat(lab.controller().await(MessageCase.CONFLICT).getConflict().getMac().toByteArray())
        .isEqualTo(macOf(stranger));
    DatapathLab.in(stranger, routing -> routing.deleteAddress(strange(routing)));
    assertThat(lab.isAnswered()).as("neither by the stranger nor by the node").isFalse();
    lab.grant(session, 1);
    assertThat(lab.controller().await(MessageCase.OPENED).getOpened().getEpoch()).isEqualTo(1);
    assertThat(lab.isAnswered()).isTrue();
  }

  private static Address strange(RouteNetlink routing) {
    return Address.of(eth0(routing).index(), IpAddress.of(LeaseLab.EIP), 32);
  }

  private static Link eth0(RouteNetlink routing) {
    return routing.link(LinkName.of("eth0")).orElseThrow();
  }

  private static byte[] macOf(NetworkNamespace namespace) {
    return namespace.run(
        () -> {
          try (RouteNetlink routing = RouteNetlink.open(SocketLimits.REQUESTS)) {
            return eth0(routing).mac().orElseThrow().toBytes();
          }
        });
  }

  @Test
  void anAgentThatWasRemovedLeavesNothing() throws Exception {
    Process agent = lab.startAgent();
    lab.hold(LeaseLab.plan(11), 1);
    agent.destroyForcibly().waitFor();
    assertThat(lab.agents().remove(lab.gateway()).waitFor()).isZero();
    untilAsserted(() -> assertThat(lab.isAnswered()).isFalse());
    assertThat(lab.tables()).noneMatch(table -> table.contains("egressgateway"));
  }

  private SessionBeat laterThan(SessionBeat before) throws InterruptedException {
    while (true) {
      SessionBeat beat = lab.awaitBeat(Standing.STANDING_LEASED);
      if (beat.getIncarnation() > before.getIncarnation()) {
        return beat;
      }
    }
  }

  private static void signal(Process process, String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }
}
