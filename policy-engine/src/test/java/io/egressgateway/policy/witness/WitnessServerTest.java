package io.egressgateway.policy.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.core.link.WitnessMembership;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.core.witness.v1.DeadSession;
import io.egressgateway.core.witness.v1.Nack;
import io.egressgateway.core.witness.v1.Promise;
import io.egressgateway.core.witness.v1.RenewReply;
import io.egressgateway.core.witness.v1.RenewRequest;
import io.egressgateway.core.witness.v1.RevokeReply;
import io.egressgateway.core.witness.v1.RevokeRequest;
import io.egressgateway.core.witness.v1.TombstonesReply;
import io.egressgateway.core.witness.v1.TombstonesRequest;
import io.egressgateway.core.witness.v1.Verdict;
import io.egressgateway.policy.testing.TestCertificates;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One witness over real connections, whose clock the test turns. */
class WitnessServerTest {
  private static final WitnessAddress SELF = new WitnessAddress("127.0.0.1", 5831);
  private static final WitnessMembership ALONE = WitnessMembership.of(List.of(SELF));
  private static final RenewRequest RENEW =
      RenewRequest.newBuilder()
          .setNode("worker-1")
          .setBootId("boot-a")
          .setIncarnation(7)
          .setSequence(1)
          .setLeaseMicros(2_000_000)
          .setMembership(ALONE.digest())
          .build();
  private static final RevokeRequest REVOKE =
      RevokeRequest.newBuilder()
          .setNode("worker-1")
          .setBootId("boot-a")
          .setIncarnation(7)
          .setRound(3)
          .setMembership(ALONE.digest())
          .build();

  @SuppressWarnings("NullAway.Init") // set by the extension
  @TempDir
  Path folder;

  private final AtomicLong clock = new AtomicLong(1_000);

  @SuppressWarnings("NullAway.Init") // set before each test
  private TestCertificates authority;

  @SuppressWarnings("NullAway.Init") // set before each test
  private WitnessServer server;

  @BeforeEach
  void start() throws IOException {
    authority = TestCertificates.in(folder);
    server =
        WitnessServer.start(
            new WitnessSettings("127.0.0.1", 0, SELF, ALONE, authority.files(authority.witness())),
            clock::get);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void waitUntilItSpeaks() {
    advance(LeaseTerms.LEASE_MAX.toMillis() * 2);
  }

  private void advance(long millis) {
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @Test
  void renewedCertificatesAreReadWithoutARestart() throws IOException {
    waitUntilItSpeaks();
    Path elsewhere = Files.createDirectory(folder.resolve("other"));
    TestCertificates other = TestCertificates.in(elsewhere);
    TlsFiles renewed = other.files(other.witness());
    TlsFiles own = authority.files(authority.witness());

    Files.writeString(own.certificate(), "half written");
    assertThat(verdict()).as("with what was there before").isEqualTo(Verdict.VERDICT_EXPIRED);

    Files.copy(renewed.ca(), own.ca(), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(renewed.certificate(), own.certificate(), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(renewed.key(), own.key(), StandardCopyOption.REPLACE_EXISTING);

    try (StubCaller controller = as(other.files(other.controller()))) {
      assertThat(controller.blocking().revoke(REVOKE).getVerdict())
          .isEqualTo(Verdict.VERDICT_EXPIRED);
    }
  }

  private StubCaller as(TestCertificates.Identity identity) {
    return as(authority.files(identity));
  }

  private StubCaller as(TlsFiles files) {
    return StubCaller.connect(server.port(), files);
  }

  private StubCaller agent() {
    return as(authority.agent("worker-1"));
  }

  private StubCaller controller() {
    return as(authority.controller());
  }

  private static RenewReply promise(long sequence) {
    return RenewReply.newBuilder()
        .setPromise(Promise.newBuilder().setIncarnation(7).setSequence(sequence))
        .build();
  }

  private Verdict verdict() {
    try (StubCaller controller = controller()) {
      return controller.blocking().revoke(REVOKE).getVerdict();
    }
  }

  @Test
  void aPromiseKeepsASessionAliveForItsLeaseAndNoLonger() {
    waitUntilItSpeaks();
    try (StubCaller agent = agent()) {
      agent.renew(RENEW);
      agent.awaitReplies(promise(1));
      assertThat(verdict()).isEqualTo(Verdict.VERDICT_HELD);

      advance(2_000);
      assertThat(verdict()).as("at the end of the lease itself").isEqualTo(Verdict.VERDICT_HELD);

      advance(10);
      assertThat(verdict()).isEqualTo(Verdict.VERDICT_EXPIRED);
      agent.renew(RENEW.toBuilder().setSequence(2).build());
      agent.awaitReplies(
          promise(1), RenewReply.newBuilder().setNack(Nack.newBuilder().setIncarnation(7)).build());
    }
  }

  @Test
  void aWitnessThatCannotVoteSaysWhenItCan() {
    waitUntilItSpeaks();
    try (StubCaller agent = agent();
        StubCaller controller = controller()) {
      agent.renew(RENEW);
      agent.awaitReplies(promise(1));
      advance(1_500);

      assertThat(controller.blocking().revoke(REVOKE))
          .isEqualTo(
              RevokeReply.newBuilder()
                  .setRound(3)
                  .setVerdict(Verdict.VERDICT_HELD)
                  .setRemainingMicros(509_000)
                  .build());
    }
  }

  @Test
  void aSessionThatIsDeniedRenewalsGetsNoAnswerAndIsDeadOnlyAfterItsLease() {
    waitUntilItSpeaks();
    RevokeRequest deny = REVOKE.toBuilder().setDenyRenewals(true).build();
    try (StubCaller agent = agent();
        StubCaller controller = controller()) {
      agent.renew(RENEW);
      agent.awaitReplies(promise(1));

      assertThat(controller.blocking().revoke(deny).getVerdict()).isEqualTo(Verdict.VERDICT_HELD);
      agent.renew(RENEW.toBuilder().setSequence(2).build());
      advance(2_000);
      assertThat(controller.blocking().revoke(deny).getVerdict()).isEqualTo(Verdict.VERDICT_HELD);
      advance(10);
      assertThat(controller.blocking().revoke(deny).getVerdict())
          .isEqualTo(Verdict.VERDICT_EXPIRED);
      agent.renew(RENEW.toBuilder().setSequence(3).build());
      agent.awaitReplies(
          promise(1), RenewReply.newBuilder().setNack(Nack.newBuilder().setIncarnation(7)).build());
    }
  }

  @Test
  void aWitnessThatHasStartedIsMute() {
    try (StubCaller early = agent()) {
      early.renew(RENEW);
      assertThat(early.finish()).isEqualTo(Status.Code.OK);
      early.awaitReplies();
    }
    assertThat(verdict()).isEqualTo(Verdict.VERDICT_MUTE);

    waitUntilItSpeaks();
    try (StubCaller agent = agent()) {
      agent.renew(RENEW.toBuilder().setSequence(2).build());
      agent.awaitReplies(promise(2));
    }
  }

  @Test
  void theRoundIsRepeated() {
    waitUntilItSpeaks();
    try (StubCaller controller = controller()) {
      assertThat(controller.blocking().revoke(REVOKE))
          .isEqualTo(
              RevokeReply.newBuilder().setRound(3).setVerdict(Verdict.VERDICT_EXPIRED).build());
    }
  }

  @Test
  void tombstonesAreToldToWitnesses() {
    waitUntilItSpeaks();
    assertThat(verdict()).isEqualTo(Verdict.VERDICT_EXPIRED);

    try (StubCaller witness = as(authority.witness())) {
      assertThat(witness.blocking().tombstones(pull()))
          .isEqualTo(
              TombstonesReply.newBuilder()
                  .addSessions(
                      DeadSession.newBuilder()
                          .setNode("worker-1")
                          .setBootId("boot-a")
                          .setIncarnation(7))
                  .build());
    }
  }

  private static TombstonesRequest pull() {
    return TombstonesRequest.newBuilder().setMembership(ALONE.digest()).build();
  }

  @Test
  void eachRoleHasItsOwnCalls() {
    waitUntilItSpeaks();
    List<TestCertificates.Identity> notControllers =
        List.of(authority.agent("worker-1"), authority.witness());
    for (TestCertificates.Identity identity : notControllers) {
      try (StubCaller caller = as(identity)) {
        refused(Status.Code.PERMISSION_DENIED, () -> caller.blocking().revoke(REVOKE));
      }
    }
    List<TestCertificates.Identity> notWitnesses =
        List.of(authority.agent("worker-1"), authority.controller());
    for (TestCertificates.Identity identity : notWitnesses) {
      try (StubCaller caller = as(identity)) {
        refused(Status.Code.PERMISSION_DENIED, () -> caller.blocking().tombstones(pull()));
      }
    }
    List<TestCertificates.Identity> notThisAgent =
        List.of(authority.agent("worker-2"), authority.controller(), authority.witness());
    for (TestCertificates.Identity identity : notThisAgent) {
      try (StubCaller caller = as(identity)) {
        caller.renew(RENEW);
        assertThat(caller.awaitEnd()).isEqualTo(Status.Code.PERMISSION_DENIED);
      }
    }
    assertThat(verdict()).as("nothing was promised").isEqualTo(Verdict.VERDICT_EXPIRED);
  }

  private static void refused(Status.Code code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failure -> assertThat(failure.getStatus().getCode()).isEqualTo(code));
  }

  @Test
  void whoHasNoCertificateOfOursIsNotHeard() throws IOException {
    waitUntilItSpeaks();
    TestCertificates stranger =
        TestCertificates.in(Files.createDirectory(folder.resolve("stranger")));
    TestCertificates.Identity identity = stranger.controller();
    TlsFiles foreign = new TlsFiles(authority.ca(), identity.certificate(), identity.key());

    try (StubCaller caller = as(foreign)) {
      refused(Status.Code.UNAVAILABLE, () -> caller.blocking().revoke(REVOKE));
    }
    try (StubCaller caller = StubCaller.anonymous(server.port(), authority.ca())) {
      refused(Status.Code.UNAVAILABLE, () -> caller.blocking().revoke(REVOKE));
    }
  }

  @Test
  void anotherListOfWitnessesIsRefusedWithBothAndARemedy() {
    waitUntilItSpeaks();
    String other = WitnessMembership.of(List.of(SELF, new WitnessAddress("w", 1))).digest();

    try (StubCaller controller = controller()) {
      assertThatThrownBy(
              () -> controller.blocking().revoke(REVOKE.toBuilder().setMembership(other).build()))
          .hasMessageContainingAll(
              "FAILED_PRECONDITION",
              ALONE.digest().substring(0, 12),
              other.substring(0, 12),
              "--peer",
              "--witness");
    }
    try (StubCaller agent = agent()) {
      agent.renew(RENEW.toBuilder().setMembership(other).build());
      agent.renew(RENEW);
      assertThat(agent.awaitReplies(2).getFirst().getRefused().getReason())
          .contains(other.substring(0, 12));
      assertThat(agent.awaitReplies(2).getLast()).isEqualTo(promise(1));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Worker_1, boot-a, 1, 2000000",
    "worker-1, '', 1, 2000000",
    "worker-1, boot a, 1, 2000000",
    "worker-1, boot-a, -1, 2000000",
    "worker-1, boot-a, 1, -2000000",
    "worker-1, boot-a, 1, 9000000000000000000",
  })
  void whatIsMalformedEndsTheStreamAndChangesNothing(
      String node, String bootId, long incarnation, long lease) {
    waitUntilItSpeaks();
    try (StubCaller agent = agent()) {
      agent.renew(
          RENEW.toBuilder()
              .setNode(node)
              .setBootId(bootId)
              .setIncarnation(incarnation)
              .setLeaseMicros(lease)
              .build());

      assertThat(agent.awaitEnd()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
    assertThat(verdict()).isEqualTo(Verdict.VERDICT_EXPIRED);
  }

  @Test
  void aLeaseThatNoWitnessGivesIsRefused() {
    waitUntilItSpeaks();
    try (StubCaller agent = agent()) {
      agent.renew(RENEW.toBuilder().setLeaseMicros(3_600_000_000L).build());

      assertThat(agent.awaitReplies(1).getFirst().getRefused().getReason()).contains("lease");
    }
  }

  @Test
  void aRequestThatIsTooLargeIsRefused() {
    waitUntilItSpeaks();
    try (StubCaller agent = agent()) {
      agent.renew(RENEW.toBuilder().setBootId("b".repeat(10_000)).build());

      assertThat(agent.awaitEnd()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }
  }

  @Test
  void whoAsksTooOftenIsTold() {
    waitUntilItSpeaks();
    try (StubCaller agent = agent()) {
      int requests = 150;
      for (int i = 0; i < requests; i++) {
        agent.renew(RENEW);
      }
      List<RenewReply> replies = agent.awaitReplies(requests);

      assertThat(replies.getFirst()).isEqualTo(promise(1));
      assertThat(replies.getLast().getRefused().getReason()).contains("more often");
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      assertThatThrownBy(
              () ->
                  WitnessServer.start(
                      new WitnessSettings(
                          "127.0.0.1",
                          taken.getLocalPort(),
                          SELF,
                          ALONE,
                          authority.files(authority.witness())),
                      clock::get))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(String.valueOf(taken.getLocalPort()));
    }
  }
}
