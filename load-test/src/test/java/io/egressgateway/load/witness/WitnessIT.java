package io.egressgateway.load.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.core.lease.Renewals;
import io.egressgateway.core.link.WitnessMembership;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.load.lab.pki.LabPki;
import io.egressgateway.node.lease.WitnessClients;
import io.egressgateway.node.lease.WitnessLine;
import io.egressgateway.policy.witness.RemoteWitnessPanel;
import io.egressgateway.policy.witness.WitnessPanel.Answer;
import io.egressgateway.policy.witness.WitnessPanel.Held;
import io.egressgateway.policy.witness.WitnessPanel.Vote;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three witnesses as processes, an agent's streams to them, and a controller's panel of them. */
final class WitnessIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final NodeName NODE = new NodeName("worker-1");
  private static final NodeSession SESSION = new NodeSession(NODE, "boot-a", 1L << 32);
  private static final LeaseTerms TERMS = LeaseProfile.DEFAULT.terms();

  private record Promise(int witness, long incarnation, long sequence, long atNanos) {}

  /** What an agent hears. */
  private static final class Heard implements WitnessLine.Answers {
    private final List<Promise> promises = new CopyOnWriteArrayList<>();
    private final SortedSet<Integer> nacks = new ConcurrentSkipListSet<>();

    @Override
    public void promised(int witness, long incarnation, long sequence) {
      promises.add(new Promise(witness, incarnation, sequence, System.nanoTime()));
    }

    @Override
    public void nacked(int witness, long incarnation) {
      nacks.add(witness);
    }

    /** Who promised to this request or a later one. */
    Set<Integer> promisedSince(long sequence) {
      Set<Integer> witnesses = new TreeSet<>();
      promises.stream()
          .filter(promise -> promise.sequence() >= sequence)
          .forEach(promise -> witnesses.add(promise.witness()));
      return witnesses;
    }
  }

  @SuppressWarnings("NullAway.Init") // set by the extension
  @TempDir
  Path folder;

  private final LabPki pki = new LabPki(Instant.now());
  private final List<WitnessProcess> witnesses = new ArrayList<>();
  private final Heard heard = new Heard();

  @SuppressWarnings("NullAway.Init") // set before each test
  private WitnessMembership membership;

  private long sequence;

  @BeforeEach
  void start() throws IOException {
    List<WitnessAddress> addresses = WitnessProcess.freeAddresses(3);
    membership = WitnessMembership.of(addresses);
    Path tls = folder.resolve("witness");
    pki.writeWitness(tls);
    for (WitnessAddress self : addresses) {
      WitnessProcess witness =
          new WitnessProcess(self, addresses, tls, folder.resolve(self.port() + ".log"));
      witnesses.add(witness);
      witness.start();
    }
  }

  @AfterEach
  void end() {
    witnesses.forEach(WitnessProcess::close);
  }

  private WitnessLine agent(NodeName node) throws IOException {
    Path tls = folder.resolve("agent-" + node);
    pki.writeAgent(node, tls);
    return WitnessClients.opener(
            new WitnessClients.Setting(
                TlsFiles.in(tls, "agent"), Thread.ofPlatform().daemon().factory(), new Random(1)))
        .open(membership, heard);
  }

  private RemoteWitnessPanel controller() throws IOException {
    Path tls = folder.resolve("controller");
    pki.writeController(tls);
    return RemoteWitnessPanel.connect(membership, TlsFiles.in(tls, "controller"), TERMS);
  }

  /** Renews until these have promised to a request that was sent after the call. */
  private void renewUntilPromisedBy(WitnessLine line, Set<Integer> wanted) {
    long first = sequence + 1;
    await()
        .atMost(PATIENCE)
        .pollInterval(TERMS.renewal())
        .until(
            () -> {
              line.renew(SESSION, ++sequence, TERMS.lease());
              return heard.promisedSince(first).containsAll(wanted);
            });
  }

  /** Asks, a new round each time, until these have voted in one round. */
  private static void askUntilVotedBy(RemoteWitnessPanel panel, Set<Integer> wanted) {
    List<Answer> answers = new CopyOnWriteArrayList<>();
    long[] round = {0};
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              panel.askVotes(SESSION, ++round[0], Renewals.ALLOWED, answers::add);
              return answers.stream()
                  .filter(Vote.class::isInstance)
                  .filter(vote -> vote.round() == round[0] - 1)
                  .map(Answer::witness)
                  .toList()
                  .containsAll(wanted);
            });
  }

  @Test
  void aSessionIsAliveWhileItRenewsAndDeadByVotesOnceItDoesNot() throws Exception {
    try (WitnessLine agent = agent(NODE);
        RemoteWitnessPanel panel = controller()) {
      renewUntilPromisedBy(agent, Set.of(0, 1, 2));
      List<Answer> early = new CopyOnWriteArrayList<>();
      panel.askVotes(SESSION, 1, Renewals.ALLOWED, early::add);
      renewUntilPromisedBy(agent, Set.of(0, 1, 2));
      assertThat(early).as("votes on a session that renews").noneMatch(Vote.class::isInstance);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(early).hasSize(3).allMatch(Held.class::isInstance));

      askUntilVotedBy(panel, Set.of(0, 1, 2));
      agent.renew(SESSION, ++sequence, TERMS.lease());
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard.nacks).hasSize(3));
    }
  }

  @Test
  void aWitnessThatWasKilledIsMuteAndThenKnowsFromItsPeersWhoIsDead() throws Exception {
    try (WitnessLine agent = agent(NODE);
        RemoteWitnessPanel panel = controller()) {
      renewUntilPromisedBy(agent, Set.of(0, 1, 2));
      witnesses.getFirst().crash();
      long restarted = System.nanoTime();
      witnesses.getFirst().start();
      renewUntilPromisedBy(agent, Set.of(1, 2));

      renewUntilPromisedBy(agent, Set.of(0));
      long spoke =
          heard.promises.stream()
              .filter(promise -> promise.witness() == 0 && promise.atNanos() - restarted > 0)
              .mapToLong(Promise::atNanos)
              .min()
              .orElseThrow();
      assertThat(Duration.ofNanos(spoke - restarted)).isGreaterThan(LeaseTerms.LEASE_MAX);

      askUntilVotedBy(panel, Set.of(0, 1, 2));
      heard.nacks.clear();
      witnesses.getFirst().crash();
      witnesses.getFirst().start();
      await()
          .atMost(PATIENCE)
          .pollInterval(TERMS.renewal())
          .until(
              () -> {
                agent.renew(SESSION, ++sequence, TERMS.lease());
                return heard.nacks.containsAll(Set.of(0, 1, 2));
              });
      assertThat(witnesses.getFirst().output())
          .contains("tombstones pulled")
          .contains("sessions=1");
    }
  }

  @Test
  void theWrongCertificateIsHeardByNobody() throws Exception {
    Path tls = folder.resolve("agent-" + NODE);
    pki.writeAgent(NODE, tls);
    List<Answer> votes = new CopyOnWriteArrayList<>();
    try (WitnessLine other = agent(new NodeName("worker-2"));
        RemoteWitnessPanel agentAsController =
            RemoteWitnessPanel.connect(membership, TlsFiles.in(tls, "agent"), TERMS)) {
      await()
          .atMost(PATIENCE)
          .pollInterval(TERMS.renewal())
          .until(
              () -> {
                other.renew(SESSION, ++sequence, TERMS.lease());
                agentAsController.askVotes(SESSION, 1, Renewals.ALLOWED, votes::add);
                for (WitnessProcess witness : witnesses) {
                  String output = witness.output();
                  if (!output.contains("only controllers may revoke")
                      || !output.contains("only the agent of worker-1 may renew its lease")) {
                    return false;
                  }
                }
                return true;
              });
    }
    try (WitnessLine agent = agent(NODE)) {
      renewUntilPromisedBy(agent, Set.of(0, 1, 2));
    }
    assertThat(votes).isEmpty();
    assertThat(heard.nacks).isEmpty();
  }

  @Test
  void aWitnessEndsAtOnceWhenItIsAsked() throws Exception {
    WitnessProcess witness = witnesses.getFirst();
    await().atMost(PATIENCE).until(() -> witness.output().contains("witness started"));

    assertThat(witness.stop()).as("128 and SIGTERM").isEqualTo(143);
    assertThat(witness.isAlive()).isFalse();
  }
}
